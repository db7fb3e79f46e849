import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isPaused } from "@/lib/schedule/expansion";
import { cliErrors } from "../errors";
import { userName } from "../home";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";
import { procedureDatabase } from "./database";
import { cronLines, crontabWith, systemdUnits, unitName, type Entry } from "./schedule-text";
import { readSettings, variablesToHandOn } from "./settings";
import { backupLog, Transcript } from "./transcript";

export const scheduleWays = ["cron", "systemd", "manual"] as const;
export type ScheduleWay = (typeof scheduleWays)[number];

/** `scripts/setup_backup_schedule.sh cron|systemd|manual` (Backup Procedures, "Automated Backups"). */
export async function scheduleProcedure(session: Session, way: ScheduleWay, { print }: { print: boolean }): Promise<Done> {
  const { home, screen } = session;
  const entry = await entryOf(session);
  if (way === "manual") return { data: { way, crontab: cronLines(entry).join("\n") }, text: manual(entry) };
  if (way === "systemd") return systemd(entry, print);
  mkdirSync(path.dirname(backupLog(home.directory)), { recursive: true, mode: 0o750 });
  const [head, line] = cronLines(entry);
  if (print) return { data: { way, crontab: `${head}\n${line}`, installed: false }, text: [head, line] };
  screen.say(head);
  screen.say(line);
  install(crontabWith(presentCrontab(), entry));
  return { data: { way, crontab: `${head}\n${line}`, installed: true }, text: ["", "✅ The cron job is installed.", "Verify it: crontab -l | grep backup"] };
}

async function entryOf(session: Session): Promise<Entry> {
  const { ctx, home, screen } = session;
  const database = await procedureDatabase(session, readSettings(home.directory, process.env), new Transcript(session));
  const schedule = await ctx.db.schedule.findUnique({ where: { databaseId_kind: { databaseId: database.id, kind: "backup" }, removedAt: null } });
  if (schedule && !isPaused(schedule, ctx.clock.now())) screen.warn(`${database.name} has a schedule of Holdfast already, so it would be backed up by both. End one of them: holdfast schedule remove ${database.name}`);
  const { env, daysLeftOut } = variablesToHandOn(home.directory, process.env);
  if (daysLeftOut !== null) screen.warn(plain(`BACKUP_RETENTION_DAYS=${daysLeftOut} is left out of the line, because it would overrule a later change every night. Write it into config/backup_config.sh, or set the rules under Settings, Retention.`));
  return { name: database.name, home: home.directory, script: path.join(home.root, "scripts", "backup_postgres.sh"), node: process.execPath, user: userName(), env: { ...env, ...(home.directory === home.root ? {} : { HOLDFAST_HOME: home.directory }) } };
}

/** crontab(1) exits 1 and says so where there is none yet. */
function presentCrontab(): string {
  const { error, status, stdout, stderr } = spawnSync("crontab", ["-l"], { encoding: "utf8" });
  if (error) throw cliErrors.no_crontab({ why: "there is no crontab command on this machine" }, { cause: error });
  if (status === 0) return stdout;
  if (/no crontab/i.test(stderr)) return "";
  throw cliErrors.no_crontab({ why: stderr.trim() || `crontab exited ${status}` });
}

function install(text: string): void {
  const { error, status, stderr } = spawnSync("crontab", ["-"], { input: text, encoding: "utf8" });
  if (error || status !== 0) throw cliErrors.no_crontab({ why: stderr?.trim() || `crontab exited ${status}` });
}

function systemd(entry: Entry, print: boolean): Done {
  const { service, timer } = systemdUnits(entry);
  const name = unitName(entry.name);
  const files = { service: path.join(os.tmpdir(), `${name}.service`), timer: path.join(os.tmpdir(), `${name}.timer`) };
  if (print) return { data: { way: "systemd", service, timer }, text: [...service.split("\n"), ...timer.split("\n")] };
  put(files.service, service);
  put(files.timer, timer);
  const text = [
    `✅ Written: ${files.service}`,
    `✅ Written: ${files.timer}`,
    "",
    "Install them (requires sudo):",
    `  sudo cp ${files.service} /etc/systemd/system/`,
    `  sudo cp ${files.timer} /etc/systemd/system/`,
    "  sudo systemctl daemon-reload",
    `  sudo systemctl enable ${name}.timer`,
    `  sudo systemctl start ${name}.timer`,
    "",
    "Check status:",
    `  sudo systemctl status ${name}.timer`,
    `  sudo systemctl list-timers ${name}.timer`,
    "",
    "View logs:",
    `  journalctl -u ${name}.service -f`,
  ];
  return { data: { way: "systemd", ...files }, text: text.map(plain) };
}

/** Under a directory that nobody can guess, then renamed: a link that somebody laid there in advance is replaced, not followed. */
function put(file: string, text: string): void {
  const aside = mkdtempSync(path.join(path.dirname(file), "holdfast-unit-"));
  writeFileSync(path.join(aside, "unit"), text, { mode: 0o644 });
  renameSync(path.join(aside, "unit"), file);
  rmdirSync(aside);
}

function manual(entry: Entry): string[] {
  return [
    "Manual setup",
    "",
    "Take a backup by hand:",
    `  ${entry.script}`,
    "",
    "To have one taken every day at 2:00 AM, run crontab -e and add:",
    ...cronLines(entry),
    "",
    "Or let Holdfast do it, with retries and a record of what was missed:",
    `  holdfast schedule set '0 2 * * *'`,
  ];
}
