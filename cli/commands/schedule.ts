import { Option, type Command } from "commander";
import { z } from "zod";
import { BackupOptions, dumpFormats, withFormat } from "@/lib/databases/schemas";
import { readJson } from "@/lib/db/codecs";
import { age } from "@/lib/format/ages";
import { unknown } from "@/lib/format/symbols";
import { fullTime, minuteTime } from "@/lib/format/times";
import { findSchedule, listSchedules, type DatabaseSchedule } from "@/lib/schedule/list";
import { pauseSchedule, removeSchedule, resumeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { nextOccurrences } from "@/lib/schedule/occurrences";
import { missedPolicies, overlapPolicies, PauseScheduleInput, SaveScheduleInput, scheduleKinds, ScheduleSettings } from "@/lib/schedule/schemas";
import { scheduleSentence } from "@/lib/schedule/sentence";
import { usualSettings } from "@/lib/schedule/usual";
import { scheduleName, scheduleWords } from "@/lib/schedule/words";
import type { Act } from "../act";
import { confirmedName } from "../confirm";
import { findDatabase } from "../find";
import { given } from "../given";
import { wholeNumber } from "../options";
import { hasWorker } from "../perform";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain, table } from "../text";

export function addSchedule(program: Command, act: Act): void {
  const group = program.command("schedule").summary("when databases are backed up, drilled, cleaned up and read again by themselves");
  const kind = () => new Option("--kind <kind>", "what is scheduled").choices(scheduleKinds).default("backup");
  group.command("show", { isDefault: true }).argument("[database]", "only this one").summary("every schedule, and its next time").action(act.session(show));
  group
    .command("set")
    .argument("<cron>", "five fields, quoted: '0 2 * * *'")
    .summary("say when it is done")
    .addOption(kind())
    .option("--database <name>", "which one")
    .option("--zone <zone>", "an IANA time zone; this machine's unless you say")
    .addOption(new Option("--missed <what>", "after a time at which Holdfast was not running").choices(missedPolicies))
    .addOption(new Option("--overlap <what>", "when one before it is not over").choices(overlapPolicies))
    .option("--retries <number>", "how often one that failed is tried again", wholeNumber(0, 10))
    .option("--retry-after <minutes>", "how long after", wholeNumber(1, 24 * 60))
    .option("--time-limit <minutes>", "cancel one that takes longer", wholeNumber(1, 7 * 24 * 60))
    .option("--no-time-limit", "let it take as long as it takes")
    .option("--jitter <minutes>", "spread the start over so long, so that many databases do not start at once", wholeNumber(0, 60))
    .addOption(new Option("--format <format>", "of the backups; `database` takes the database's own").choices(["database", ...dumpFormats]))
    .action(act.session(set));
  group
    .command("pause")
    .argument("[database]", "which one")
    .summary("leave it out for a reason")
    .addOption(kind())
    .requiredOption("--reason <text>", "why, for whoever wonders later")
    .option("--hours <number>", "how long; until it is resumed unless you say", wholeNumber(1, 24 * 90))
    .action(act.session(pause));
  group.command("resume").argument("[database]", "which one").summary("go on from the next time").addOption(kind()).action(act.session(resume));
  group.command("remove").argument("[database]", "which one").summary("end a schedule").addOption(kind()).option("--confirm <name>", "the name of the database, instead of being asked").action(act.session(remove));
}

async function show(session: Session, name: string | undefined): Promise<Done> {
  const only = name === undefined ? null : await findDatabase(session, name);
  const all = (await listSchedules(session.ctx)).filter(({ databaseId }) => only === null || databaseId === only.id);
  const shown = all.flatMap(({ kinds }) => kinds.filter((one) => one.schedule || one.kind === "backup"));
  const rows = shown.map((one) => [one.name, scheduleWords[one.kind].title, one.schedule ? scheduleSentence(one.schedule) : "none", nextOf(one, session), one.last[0] ? `${one.last[0].state} ${minuteTime(one.last[0].dueAt)} UTC` : unknown].map(plain));
  return { data: { schedules: shown.map(described) }, text: rows.length === 0 ? ["No database is registered yet."] : table([{ title: "DATABASE" }, { title: "WHAT" }, { title: "SCHEDULE" }, { title: "NEXT" }, { title: "LAST" }], rows) };
}

function described({ name, kind, schedule, pause, next, last }: DatabaseSchedule) {
  return { database: name, kind, schedule: schedule && { ...ScheduleSettings.parse(schedule), sentence: scheduleSentence(schedule) }, pause, nextAt: next[0] ?? null, next: next.slice(0, 3), last: last[0] ?? null };
}

function nextOf({ schedule, pause, next: [nextAt] }: DatabaseSchedule, { ctx }: Session): string {
  if (!schedule) return unknown;
  if (pause) return `paused by ${pause.by}${pause.until ? ` until ${minuteTime(pause.until)} UTC` : ""}: ${pause.reason}`;
  return nextAt === undefined ? unknown : age(nextAt, ctx.clock.now());
}

const KindOption = z.object({ kind: z.enum(scheduleKinds) });
const SetOptions = KindOption.extend({
  database: z.string().optional(),
  zone: z.string().optional(),
  missed: z.enum(missedPolicies).optional(),
  overlap: z.enum(overlapPolicies).optional(),
  retries: z.number().optional(),
  retryAfter: z.number().optional(),
  // Commander has it true where only its opposite is known.
  timeLimit: z.union([z.number(), z.literal(false), z.literal(true).transform(() => undefined)]).optional(),
  jitter: z.number().optional(),
  format: z.enum(["database", ...dumpFormats]).optional(),
});

/** Only what was said, in the words of a schedule's settings. */
function saidOf({ missed, overlap, retries, retryAfter, timeLimit, jitter, format }: z.output<typeof SetOptions>, options: BackupOptions): Partial<ScheduleSettings> {
  return {
    ...(missed === undefined ? {} : { missed }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(retries === undefined ? {} : { retries }),
    ...(retryAfter === undefined ? {} : { retryDelaySeconds: retryAfter * 60 }),
    ...(timeLimit === undefined ? {} : { timeoutSeconds: timeLimit === false ? null : timeLimit * 60 }),
    ...(jitter === undefined ? {} : { jitterSeconds: jitter * 60 }),
    ...(format === undefined ? {} : { options: format === "database" ? null : withFormat(options, format) }),
  };
}

/** What is not said stays as it is, or is as for a new one. */
async function set(session: Session, cron: string, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const options = SetOptions.parse(flags);
  const { database: name, zone, kind } = options;
  const database = await findDatabase(session, name);
  const present = (await findSchedule(ctx, database.id, kind))?.schedule;
  const said = saidOf(options, present?.options ?? readJson(BackupOptions, database.options));
  const timeZone = zone ?? present?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  await saveSchedule(ctx, given(SaveScheduleInput, { ...usualSettings(kind), ...present, ...said, kind, databaseId: database.id, cron, timeZone }));
  if (!(await hasWorker(session))) screen.warn("No worker is running, so nothing starts by itself: npm start.");
  const next = nextOccurrences({ cron, timeZone }, ctx.clock.now(), 3);
  return { data: { database: database.name, kind, cron, timeZone, next: next.map((at) => at.toISOString()) }, text: [plain(`${database.name}: ${scheduleSentence({ cron, timeZone })}. The next times:`), ...next.map((at) => plain(`  ${fullTime(at)}`))] };
}

const PauseOptions = KindOption.extend({ reason: z.string(), hours: z.number().optional() });

async function pause(session: Session, name: string | undefined, flags: unknown): Promise<Done> {
  const { kind, reason, hours } = PauseOptions.parse(flags);
  const database = await findDatabase(session, name);
  await pauseSchedule(session.ctx, given(PauseScheduleInput, { databaseId: database.id, kind, reason, hours: hours ?? null }));
  return { data: { database: database.name, kind, paused: true, hours: hours ?? null }, text: [plain(`The ${scheduleName({ kind, database })} is paused ${hours === undefined ? "until it is resumed" : `for ${hours} h`}.`)] };
}

async function resume(session: Session, name: string | undefined, flags: unknown): Promise<Done> {
  const { kind } = KindOption.parse(flags);
  const database = await findDatabase(session, name);
  await resumeSchedule(session.ctx, { databaseId: database.id, kind });
  const nextAt = (await findSchedule(session.ctx, database.id, kind))?.next[0] ?? null;
  return { data: { database: database.name, kind, paused: false, nextAt }, text: [plain(`The ${scheduleName({ kind, database })} goes on. Next: ${fullTime(nextAt)}.`)] };
}

async function remove(session: Session, name: string | undefined, flags: unknown): Promise<Done> {
  const { kind } = KindOption.parse(flags);
  const database = await findDatabase(session, name);
  await confirmedName(database.name, z.object({ confirm: z.string().optional() }).parse(flags));
  await removeSchedule(session.ctx, { databaseId: database.id, kind });
  const otherwise = (await findSchedule(session.ctx, database.id, kind))?.otherwise ?? "By hand only";
  return { data: { database: database.name, kind, removed: true }, text: [plain(`${scheduleWords[kind].title} of ${database.name}: ${otherwise.toLowerCase()}. What its schedule did stays on record.`)] };
}
