import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSettings, variablesToHandOn } from "./settings";

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

  it("runs nothing of the file, and says what it left out", () => {
    writeFileSync(path.join(home, "config/backup_config.sh"), `export BACKUP_DIR=$(touch ${home}/ran)\nexport POSTGRES_DB=a\n`);
    expect(readSettings(home, {})).toMatchObject({ directory: null, databaseName: "a", notUnderstood: ["line 1, BACKUP_DIR"] });
    expect(existsSync(path.join(home, "ran"))).toBe(false);
  });

  it("does not repeat what a line assigns, which may be a secret", () => {
    writeFileSync(path.join(home, "config/backup_config.sh"), 'export POSTGRES_DB=a\nexport SMTP_PASSWORD="pa$word"\nSLACK_WEBHOOK_URL=https://hooks.example/x?a=1&b=2\nif true; then\n');
    expect(readSettings(home, {}).notUnderstood).toEqual(["line 2, SMTP_PASSWORD", "line 3, SLACK_WEBHOOK_URL", "line 4"]);
  });

  it("writes into a line only what nothing but the environment says, and how long backups are kept never", () => {
    writeFileSync(path.join(home, "config/backup_config.sh"), "export POSTGRES_DB=a\nexport POSTGRES_USER=a\nexport BACKUP_RETENTION_DAYS=90\n");
    const given = { POSTGRES_DB: "a", POSTGRES_USER: "b", POSTGRES_CONTAINER: "c", BACKUP_DIR: "" };
    expect(variablesToHandOn(home, { ...given, BACKUP_RETENTION_DAYS: "90" })).toEqual({ env: { POSTGRES_USER: "b", POSTGRES_CONTAINER: "c" }, daysLeftOut: null });
    expect(variablesToHandOn(home, { ...given, BACKUP_RETENTION_DAYS: "7" })).toEqual({ env: { POSTGRES_USER: "b", POSTGRES_CONTAINER: "c" }, daysLeftOut: "7" });
  });

  it.each(["0", "-1", "thirty", "1e9"])("does not let %s days decide what is deleted", (days) => {
    expect(readSettings(home, { BACKUP_RETENTION_DAYS: days })).toMatchObject({ retentionDays: null, notUnderstood: [`BACKUP_RETENTION_DAYS=${days}`] });
  });
});
