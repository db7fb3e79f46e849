import path from "node:path";
import { parseBackupConfig } from "@/lib/config/backup-config";
import { plural } from "@/lib/format/counts";
import { presetPolicy, type RetentionPolicy } from "@/lib/retention/schemas";
import { ScheduleSettings } from "@/lib/schedule/schemas";
import { cronSentence } from "@/lib/schedule/sentence";
import { decideChannels, type ChannelIntents, type PresentChannel } from "./decide-channels";
import { decideOffsite } from "./decide-offsite";
import { isSecret, freeName, type Ledger } from "./ledger";
import type { ImportRow } from "./schemas";

/** A database as far as the old settings speak of such things. */
export interface PresentDatabase {
  id: string;
  name: string;
  container: string;
  databaseName: string;
  role: string;
  storeName: string;
  cron: string | null;
  timeZone: string | null;
  retention: RetentionPolicy | null;
  containers: readonly string[];
}

export interface Present {
  databases: readonly PresentDatabase[];
  stores: readonly { id: string; name: string; path: string }[];
  channels: readonly PresentChannel[];
  /** How many backups of the chosen database would go by so many days at this moment. */
  wouldRemove: (days: number) => number;
}

/** What a chosen row does. */
export interface Intents extends ChannelIntents {
  store?: { name: string; path: string };
  database?: { container: string; databaseName: string; role: string; storePath: string | null; storeId: string | null; existingId: string | null };
  /** What else a schedule says stays as it is. */
  schedule?: Pick<ScheduleSettings, "cron" | "timeZone">;
  retention?: RetentionPolicy;
  application?: { containers: string[] };
  offsite?: { name: string; path: string };
}

interface Choices {
  text: string;
  databaseId: string | null;
  directory: string;
  timeZone: string;
  mailServer: string;
}

/** How the scripts' users name their schedules, besides cron (Backup Procedures, "Common Schedules"). */
const namedSchedules: Readonly<Record<string, string>> = { hourly: "0 * * * *", daily: "0 2 * * *", weekly: "0 3 * * 0", monthly: "0 4 1 * *", "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *" };

/** The database that the settings are about: the one they name, else the one that was chosen, else the only one. */
export function targetOf(values: Readonly<Record<string, string>>, databases: readonly PresentDatabase[], databaseId: string | null): PresentDatabase | null {
  const named = databases.find(({ container, databaseName }) => container === values["POSTGRES_CONTAINER"] && databaseName === values["POSTGRES_DB"]);
  if (named ?? (values["POSTGRES_CONTAINER"] && values["POSTGRES_DB"])) return named ?? null;
  return databases.find(({ id }) => id === databaseId) ?? (databases.length === 1 ? (databases[0] ?? null) : null);
}

/** What becomes of every variable of an old `backup_config.sh`, and why. Changes nothing. */
export function decideSettings(choices: Choices, present: Present): { rows: ImportRow[]; problems: { line: number; name: string | null }[]; intents: Intents } {
  const { values, lines, problems } = parseBackupConfig(choices.text);
  const intents: Intents = {};
  const rows: ImportRow[] = [];
  const shown = (...names: string[]) => names.filter((name) => name in values).map((name) => ({ name, value: isSecret(name) ? "(not shown)" : (values[name] ?? ""), line: lines[name] ?? null }));
  const target = targetOf(values, present.databases, choices.databaseId);
  const isNew = target === null && Boolean(values["POSTGRES_CONTAINER"] && values["POSTGRES_DB"] && values["POSTGRES_USER"]);
  const name = target?.name ?? values["POSTGRES_DB"] ?? "the database";
  const impossible = (id: string, names: readonly string[], why: string): ImportRow => ({ id, variables: shown(...names), becomes: null, present: null, verdict: "impossible", why, needsDatabase: false });
  const ledger: Ledger = { values, shown, impossible };
  const homeless = (id: string, variable: string) => impossible(id, [variable], "It is not clear which database this is for. Choose one above.");

  const { BACKUP_DIR: directory, BACKUP_SCHEDULE: when, BACKUP_RETENTION_DAYS: days, APP_CONTAINER: apps } = values;
  if (directory !== undefined) rows.push(storeRow(directory));
  if (["POSTGRES_CONTAINER", "POSTGRES_DB", "POSTGRES_USER"].some((variable) => variable in values)) rows.push(databaseRow());
  if (when !== undefined) rows.push(target || isNew ? scheduleRow(when) : homeless("schedule", "BACKUP_SCHEDULE"));
  if (days !== undefined) rows.push(target || isNew ? retentionRow(days) : homeless("retention", "BACKUP_RETENTION_DAYS"));
  if (apps !== undefined) rows.push(target || isNew ? applicationRow(apps) : homeless("application", "APP_CONTAINER"));
  const channels = decideChannels(ledger, present.channels, choices.mailServer);
  rows.push(...channels.rows);
  Object.assign(intents, channels.intents);
  const offsite = decideOffsite(ledger, intents.store ? [...present.stores, intents.store] : present.stores, directoryOf(directory));
  if (offsite.row) rows.push(offsite.row);
  if (offsite.store) intents.offsite = offsite.store;
  const used = new Set([...channels.used, ...offsite.used, "BACKUP_DIR", "POSTGRES_CONTAINER", "POSTGRES_DB", "POSTGRES_USER", "BACKUP_SCHEDULE", "BACKUP_RETENTION_DAYS", "APP_CONTAINER"]);
  for (const variable of Object.keys(values)) if (!used.has(variable)) rows.push(impossible(variable, [variable], whyNot(variable)));
  return { rows, problems, intents };

  function directoryOf(written: string | undefined): string | null {
    if (!written || written.trim() === "") return null;
    const absolute = written.startsWith("/") ? path.posix.normalize(written) : choices.directory ? path.posix.resolve(choices.directory, written) : null;
    return absolute && absolute.length > 1 ? absolute.replace(/\/$/, "") : absolute;
  }

  function storeRow(written: string): ImportRow {
    const clean = directoryOf(written);
    if (!clean) return impossible("store", ["BACKUP_DIR"], "The path counts from the directory in which the script ran. Name that directory above.");
    const there = present.stores.find((store) => store.path === clean);
    const row = { id: "store", variables: shown("BACKUP_DIR"), becomes: `Store ${clean}`, needsDatabase: false };
    if (there) return { ...row, present: `Store ${there.name}, ${there.path}`, verdict: "same", why: "Holdfast has it already." };
    intents.store = { name: freeName(path.posix.basename(clean) || "backups", present.stores), path: clean };
    const stays = target ? ` New backups of ${target.name} still go to ${target.storeName}.` : "";
    return { ...row, present: null, verdict: "change", why: `Added as ${intents.store.name} and scanned, so that the backups in it come into the list. No file is changed. It is a directory where the worker runs: in a container, that of its volume.${stays}` };
  }

  function databaseRow(): ImportRow {
    const { POSTGRES_CONTAINER: container, POSTGRES_DB: databaseName, POSTGRES_USER: role } = values;
    const names = ["POSTGRES_CONTAINER", "POSTGRES_DB", "POSTGRES_USER"];
    const missing = names.filter((variable) => !values[variable]);
    if (!container || !databaseName || !role) return impossible("database", names, `${missing.join(" and ")} ${missing.length === 1 ? "has" : "have"} no value here, so it is not known which database is meant. Add it under Settings, Databases.`);
    const row = { id: "database", variables: shown(...names), becomes: `${databaseName} in ${container}, dumped by ${role}`, needsDatabase: false };
    const before = target && `${target.databaseName} in ${target.container}, dumped by ${target.role}`;
    if (target?.role === role) return { ...row, present: before, verdict: "same", why: "Holdfast has it already." };
    const storePath = intents.store?.path ?? null;
    const known = present.stores.find((store) => directory !== undefined && rows.some((other) => other.id === "store" && other.becomes === `Store ${store.path}`)) ?? (present.stores.length === 1 ? present.stores[0] : undefined);
    if (!target && !known && !storePath) return { ...row, present: null, verdict: "impossible", becomes: null, why: present.stores.length === 0 ? "There is no store yet for its backups. Add one under Settings, Storage, or with BACKUP_DIR." : "There are several stores. Add the database under Settings, Databases, and choose one." };
    intents.database = { container, databaseName, role, storePath, storeId: known?.id ?? null, existingId: target?.id ?? null };
    return { ...row, present: before, verdict: "change", why: target ? "Its role is changed. Test it afterwards." : `Added to Holdfast; its backups go to ${known?.name ?? intents.store?.name ?? ""}. Test it afterwards.` };
  }

  function scheduleRow(written: string): ImportRow {
    const cron = namedSchedules[written.trim().toLowerCase()] ?? written;
    const parsed = ScheduleSettings.safeParse({ cron, timeZone: choices.timeZone });
    if (!parsed.success) return impossible("schedule", ["BACKUP_SCHEDULE"], `${parsed.error.issues[0]?.message ?? "This is no schedule."} Set it under Settings, Schedules.`);
    const row = { id: "schedule", variables: shown("BACKUP_SCHEDULE"), becomes: `${name}: ${cronSentence(parsed.data.cron)} ${choices.timeZone}`, present: target?.cron ? `${cronSentence(target.cron)} ${target.timeZone ?? ""}` : null, needsDatabase: isNew };
    if (target?.cron === parsed.data.cron && target.timeZone === choices.timeZone) return { ...row, verdict: "same", why: "It is so already." };
    intents.schedule = { cron: parsed.data.cron, timeZone: parsed.data.timeZone };
    return { ...row, verdict: "change", why: "From now on. Take the old cron line out once this has its first backup." };
  }

  function retentionRow(written: string): ImportRow {
    const wanted = /^\d{1,5}$/.test(written.trim()) ? Number(written) : 0;
    if (wanted < 1 || wanted > 3_660) return impossible("retention", ["BACKUP_RETENTION_DAYS"], "A period is 1 to 3,660 days. Set it under Settings, Retention.");
    const policy = presetPolicy(wanted);
    const row = { id: "retention", variables: shown("BACKUP_RETENTION_DAYS"), becomes: `${name}: every backup for ${plural(wanted, "day")}`, present: target ? (target.retention ? daysWords(target.retention) : "everything is kept") : null, needsDatabase: isNew };
    if (target?.retention && JSON.stringify(target.retention) === JSON.stringify(policy)) return { ...row, verdict: "same", why: "It is so already." };
    const goes = target ? present.wouldRemove(wanted) : 0;
    if (goes > 0) return { ...row, verdict: "impossible", why: `${plural(goes, "backup")} would go at once. Set it under Settings, Retention, where you see which.` };
    intents.retention = policy;
    return { ...row, verdict: "change", why: "Nothing goes by it at this moment. It counts back from the newest good backup, not from today." };
  }

  function applicationRow(written: string): ImportRow {
    const containers = [...new Set(written.split(/[\s,]+/).filter(Boolean))];
    const own = target?.container ?? values["POSTGRES_CONTAINER"];
    if (containers.length === 0 || containers.includes(own ?? "")) return impossible("application", ["APP_CONTAINER"], containers.length === 0 ? "It names no container." : "That is the container of the database itself.");
    const row = { id: "application", variables: shown("APP_CONTAINER"), becomes: `${name}: ${containers.join(", ")} stops for a restore`, present: target && target.containers.length > 0 ? target.containers.join(", ") : null, needsDatabase: isNew };
    if (target?.containers.join() === containers.join()) return { ...row, verdict: "same", why: "It is so already." };
    intents.application = { containers };
    return { ...row, verdict: "change", why: "Stopped just before a restore puts its database in place, and started after it. Add the health address on the database's page." };
  }
}

function daysWords(policy: RetentionPolicy): string {
  return JSON.stringify(policy) === JSON.stringify(presetPolicy(policy.everyDays)) ? `every backup for ${plural(policy.everyDays, "day")}` : "other rules";
}

/** Why a variable has no place in Holdfast, and what to do instead. */
function whyNot(name: string): string {
  if (name.startsWith("BACKUP_NOTIFY_")) return "It names nobody who is told. Add a channel under Settings, Notifications: email, Slack, a signed webhook or a ping, each with the events it tells.";
  if (/^(PG|POSTGRES_)PASSWORD$/.test(name)) return "Not needed: Holdfast dumps inside the container. Take it out of the old file.";
  return "Holdfast has nothing of this name.";
}
