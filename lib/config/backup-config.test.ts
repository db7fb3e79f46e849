import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBackupConfig } from "./backup-config";

/** What a team of the procedures is likely to have. */
const written = `#!/bin/bash
# BIMCalc backup configuration

# Retention
export BACKUP_RETENTION_DAYS=90  # 90 days
export BACKUP_SCHEDULE="0 2 * * *"
export BACKUP_DIR='/srv/bimcalc backups'

export POSTGRES_CONTAINER=bimcalc-postgres
POSTGRES_DB="\${POSTGRES_DB:-bimcalc}"
export POSTGRES_USER="$POSTGRES_DB"
export APP_CONTAINER=\${POSTGRES_DB}-app
export OFFSITE_ENABLED=true OFFSITE_TARGET="s3://my-bimcalc-backups/backups/"
export SLACK_WEBHOOK_URL="https://hooks.slack.com/services/T0/B0/x?a=1&b=2"
export BACKUP_NOTIFY_EMAIL=admin@example.com;
`;

describe("parseBackupConfig", () => {
  it("reads what the procedures write", () => {
    expect(parseBackupConfig(written)).toEqual({
      values: {
        BACKUP_RETENTION_DAYS: "90",
        BACKUP_SCHEDULE: "0 2 * * *",
        BACKUP_DIR: "/srv/bimcalc backups",
        POSTGRES_CONTAINER: "bimcalc-postgres",
        POSTGRES_DB: "bimcalc",
        POSTGRES_USER: "bimcalc",
        APP_CONTAINER: "bimcalc-app",
        OFFSITE_ENABLED: "true",
        OFFSITE_TARGET: "s3://my-bimcalc-backups/backups/",
        SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/x?a=1&b=2",
        BACKUP_NOTIFY_EMAIL: "admin@example.com",
      },
      lines: expect.objectContaining({ BACKUP_RETENTION_DAYS: 5, POSTGRES_DB: 10, OFFSITE_TARGET: 13 }) as unknown,
      problems: [],
    });
  });

  it.each([
    ["A=1", "1"],
    ["A=", ""],
    ["A=''", ""],
    ["A='it'\\''s'", "it's"],
    ['A="a \\"quoted\\" \\$5 \\\\ \\n"', 'a "quoted" $5 \\ \\n'],
    ["A=pre'fix '\"and more\"", "prefix and more"],
    ["A=a#b # c", "a#b"],
    ["A=${B:-two words}", "two words"],
    ["A=${B-}", ""],
    ["  export   A=1", "1"],
    ["A=x\r", "x"],
    ["\uFEFFA=x", "x"],
    ["A=a\\ b", undefined],
    ["A=1\nexport A", "1"],
    ["B=\nA=${B:-c}", "c"],
    ["B=\nA=${B-c}", ""],
  ])("takes %j as %j", (text, value) => {
    expect(parseBackupConfig(text).values["A"]).toBe(value);
  });

  it.each([
    "A=$(date)", 'A="$(rm -rf /)"', "A=`date`", 'A="`date`"', "A=$((1+2))", "A=1; rm -rf /", "A=1 && C=2", "A=1 | cat", "A=1 > /etc/passwd", "A=(1 2)", "A+=1", "A=~/backups", "A=$HOME/backups", "A=${B%x}", "A=${B:-$(date)}", "A=0 2 * * *",
    'A="unfinished', "A='unfinished", "A = 1", "if [ -z \"$A\" ]; then", "source ./other.sh", "set -a", "A=1 rm -rf", "A=\\", "A=<(cat)",
  ])("does not understand %j, and says so", (text) => {
    const { values, problems } = parseBackupConfig(`B=b\n${text}`);
    expect(values).toEqual({ B: "b" });
    expect(problems).toEqual([{ line: 2, name: /^A\+?=/.test(text) ? "A" : null }]);
  });

  it("names the line and the variable that it did not understand, and repeats nothing else, which may be a secret", () => {
    const { problems } = parseBackupConfig('export SMTP_PASSWORD="pa$word"\nSLACK_WEBHOOK_URL=https://hooks.example/x?a=1&token=hunter2\nexport KEY="first\nc2VjcmV0IGtleQ="\n');
    expect(problems).toEqual([{ line: 1, name: "SMTP_PASSWORD" }, { line: 2, name: "SLACK_WEBHOOK_URL" }, { line: 3, name: "KEY" }, { line: 4, name: null }]);
  });

  it("gives no value to a variable whose last assignment it did not understand", () => {
    expect(parseBackupConfig("A=1\nexport A=$(date)\nB=$A")).toMatchObject({ values: {}, problems: [{ line: 2 }, { line: 3 }] });
    expect(parseBackupConfig("A=1\n[ -n \"$X\" ] && A=2")).toMatchObject({ values: {}, problems: [{ line: 2 }] });
  });

  it("brings back whatever was quoted as the shell does", () => {
    const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.string().filter((value) => !/[\r\n]/.test(value)), (value) => {
        expect(parseBackupConfig(`export A=${quoted(value)}`)).toMatchObject({ values: { A: value }, problems: [] });
      }),
    );
  });

  it("never throws, and leaves no line unmentioned", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("A", "=", "$", "{", "}", "'", '"', " ", "\\", "#", "-", ":", ";", "`", "\n", "x") }), (text) => {
        const { values, lines } = parseBackupConfig(text);
        expect(Object.keys(values)).toEqual(Object.keys(lines));
      }),
    );
  });

  it("keeps names that mean something to JavaScript apart", () => {
    const { values } = parseBackupConfig("__proto__=x\nconstructor=y");
    expect(Object.entries(values)).toEqual([["__proto__", "x"], ["constructor", "y"]]);
  });
});
