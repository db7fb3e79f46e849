import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAssignments, readSettings } from "./settings";

describe("the procedures' configuration", () => {
  it.each([
    ["export BACKUP_RETENTION_DAYS=90  # 90 days", "BACKUP_RETENTION_DAYS", "90"],
    ["POSTGRES_DB=bimcalc", "POSTGRES_DB", "bimcalc"],
    [`export POSTGRES_DB='we"ird; name'`, "POSTGRES_DB", `we"ird; name`],
    [String.raw`export POSTGRES_DB="we\"ird; name"`, "POSTGRES_DB", `we"ird; name`],
    ['BACKUP_DIR="./my backups"; # elsewhere', "BACKUP_DIR", "./my backups"],
    ["export EMPTY=", "EMPTY", ""],
    ["  export  APP_CONTAINER=bimcalc-app", "APP_CONTAINER", "bimcalc-app"],
  ])("reads %s", (line, name, value) => {
    expect(parseAssignments(line)).toEqual({ values: new Map([[name, value]]), notUnderstood: [] });
  });

  it.each(["export BACKUP_DIR=$HOME/backups", "BACKUP_DIR=`pwd`", "export A=$(rm -rf /)", "A=b c", "rm -rf /", "A='open", 'A="$B"', "A= b", "if true; then", "A=b;rm -rf /", "A=b|c"])("does not take %s for a value, and runs nothing", (line) => {
    expect(parseAssignments(line)).toEqual({ values: new Map(), notUnderstood: [line] });
  });

  it("leaves comments and empty lines alone, and takes the last of two", () => {
    expect(parseAssignments("# a\n\n  # b\r\nA=1\nA=2\n")).toEqual({ values: new Map([["A", "2"]]), notUnderstood: [] });
  });
});

describe("where the variables come from", () => {
  let home = "";
  beforeEach(() => {
    home = mkdtempSync(path.join(os.tmpdir(), "holdfast-home-"));
    mkdirSync(path.join(home, "config"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("knows nothing where there is neither file nor environment", () => {
    expect(readSettings(home, {})).toEqual({ container: null, databaseName: null, role: null, directory: null, retentionDays: null, applicationContainer: null, notUnderstood: [] });
  });

  it("lets the environment win over the file, and takes directories from where the file lies", () => {
    writeFileSync(path.join(home, "config/backup_config.sh"), "export BACKUP_DIR=./backups\nexport POSTGRES_DB=a\nexport BACKUP_RETENTION_DAYS=90\n");
    expect(readSettings(home, { POSTGRES_DB: "b", POSTGRES_USER: "" })).toMatchObject({ databaseName: "b", role: null, directory: path.join(home, "backups"), retentionDays: 90 });
  });

  it.each(["0", "-1", "thirty", "1e9"])("does not let %s days decide what is deleted", (days) => {
    expect(readSettings(home, { BACKUP_RETENTION_DAYS: days })).toMatchObject({ retentionDays: null, notUnderstood: [`BACKUP_RETENTION_DAYS=${days}`] });
  });
});
