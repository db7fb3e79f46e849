import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { cronLines, crontabWith, shellWord, systemdUnits, unitName, type Entry } from "./schedule-text";

const entry: Entry = { name: "bimcalc", home: "/opt/holdfast", script: "/opt/holdfast/scripts/backup_postgres.sh", node: "/usr/bin/node", user: "holdfast", env: {} };
const odd: Entry = { ...entry, name: `we"ird; name`, home: "/srv/it's 100% mine", script: "/srv/it's 100% mine/scripts/backup_postgres.sh", env: { POSTGRES_DB: `we"ird; $(name)` } };

describe("the crontab", () => {
  it("has the procedures' line, with its log", () => {
    expect(cronLines(entry)).toEqual(["# bimcalc daily backup at 2:00 AM (Holdfast)", "0 2 * * * cd /opt/holdfast && HOLDFAST_NODE=/usr/bin/node /opt/holdfast/scripts/backup_postgres.sh >> /opt/holdfast/logs/backup.log 2>&1"]);
  });

  it.each(["plain", "it's", `a"b`, "$(rm -rf /)", "a b", "`x`", "", "100%", "é"])("hands %j to the shell as one word", (text) => {
    const { stdout } = spawnSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
    expect(stdout).toBe(text);
  });

  it("escapes the percent sign, which cron would take for the end of the command", () => {
    const [, line] = cronLines(odd);
    expect(line.replaceAll("\\%", "")).not.toContain("%");
  });

  it("adds to what is there, and the same entry only once", () => {
    const present = "MAILTO=ops@example.com\n# mine\n0 5 * * * true\n";
    const once = crontabWith(present, entry);
    expect(once).toBe(`${present}${cronLines(entry).join("\n")}\n`);
    expect(crontabWith(once, entry)).toBe(once);
    expect(crontabWith("", entry)).toBe(`${cronLines(entry).join("\n")}\n`);
  });

  it("replaces its own line when something in it changed, and leaves another database's", () => {
    const both = crontabWith(crontabWith("", entry), odd);
    const moved = crontabWith(both, { ...entry, node: "/opt/node/bin/node" });
    expect(moved.match(/backup at 2:00 AM/g)).toHaveLength(2);
    expect(moved).not.toContain("HOLDFAST_NODE=/usr/bin/node /opt/holdfast/");
  });
});

describe("the systemd units", () => {
  it("makes up for what was missed, and writes the procedures' names", () => {
    expect(unitName("bimcalc")).toBe("bimcalc-backup");
    expect(systemdUnits(entry).timer).toContain("OnCalendar=*-*-* 02:00:00\nPersistent=true\n");
  });

  it("takes a name that systemd would refuse, and escapes what it would take for its own", () => {
    expect(unitName(odd.name)).toBe("we_ird__name-backup");
    const { service } = systemdUnits(odd);
    expect(service).toContain(`ExecStart="/srv/it's 100%% mine/scripts/backup_postgres.sh"`);
    expect(service).toContain(String.raw`Environment="POSTGRES_DB=we\"ird; $(name)"`);
  });
});
