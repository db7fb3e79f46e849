import "server-only";
import type { z } from "zod";
import type { Context } from "@/lib/context";
import { databaseErrors } from "@/lib/databases/errors";
import type { Schedule } from "@/lib/db/generated/client";
import { nextRun } from "@/lib/schedule/expansion";
import { scheduleSentence } from "@/lib/schedule/sentence";
import { coverageOf } from "./coverage";
import { decideRetention, ruledBy } from "./decide";
import { forecastRetention, type ForecastFacts } from "./forecast";
import { hashDecision } from "./hash";
import type { RetentionPreview } from "./preview-schemas";
import { readRecords, readRetained } from "./read";
import type { PreviewInput, RetainedBackup, RetentionDecision, SizeRecord } from "./schemas";
import { suspiciouslySmall } from "./suspicious";

const mostListed = 200;
/** Far enough for a window of days to fill and empty again. */
const comingWeeks = 6;
/** More marks than this would lie on top of one another. */
const mostMarks = 600;

/** What a policy would do at this moment, for the page that asks before it is saved. Changes nothing. */
export async function previewRetention(ctx: Context, { databaseId, policy }: z.output<typeof PreviewInput>): Promise<RetentionPreview> {
  const database = await ctx.db.database.findUnique({ where: { id: databaseId, removedAt: null }, include: { schedules: { where: { kind: { in: ["backup", "clean_up"] }, removedAt: null } } } });
  if (!database) throw databaseErrors.not_found({});
  const [backups, records] = await Promise.all([readRetained(ctx.db, databaseId, ctx.clock.now()), readRecords(ctx.db, databaseId)]);
  const decision = decideRetention(backups, policy, records);
  return {
    computedAt: ctx.clock.now().toISOString(),
    hash: hashDecision(decision),
    go: { count: decision.go.length, foreign: decision.go.filter(({ backup }) => backup.isForeign).length, bytes: decision.bytesFreed, listed: decision.go.slice(-mostListed).reverse().map(({ backup, reason }) => ({ id: backup.id, takenAt: backup.takenAt.toISOString(), sizeBytes: backup.sizeBytes, reason })) },
    stay: { count: decision.stay.length, bytes: decision.bytesKept, groups: groupsOf(decision) },
    byReason: countsOf(decision),
    before: written(coverageOf(backups)),
    after: written(coverageOf(decision.stay.map(({ backup }) => backup))),
    marks: marksOf(decision),
    suspicious: suspiciousOf(...ruledBy(policy, backups, records)),
    ...comingOf({ backups, records, policy }, database.schedules, ctx.clock.now()),
    anchor: decision.anchor?.toISOString() ?? null,
  };
}

function suspiciousOf(backups: readonly RetainedBackup[], records: readonly SizeRecord[]): RetentionPreview["suspicious"] {
  const newestFirst = backups.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const small = suspiciouslySmall(backups, records);
  return newestFirst.flatMap(({ id, takenAt, sizeBytes, rows }) => {
    const usual = small.get(id);
    return usual ? [{ id, takenAt: takenAt.toISOString(), sizeBytes, rows, usualBytes: usual.sizeBytes, usualRows: usual.rows }] : [];
  });
}

/** From the Monday of this week on, so that the calendar has whole rows. */
function comingOf(present: Pick<ForecastFacts, "backups" | "records" | "policy">, schedules: readonly Schedule[], now: Date): Pick<RetentionPreview, "coming" | "notComing"> {
  const schedule = schedules.find(({ kind }) => kind === "backup");
  const not = (notComing: string) => ({ coming: null, notComing });
  if (!schedule) return not("It has no schedule, so nobody knows when its next backups come.");
  const from = nextRun(schedule, now);
  if (!from) return not("Its schedule is paused until somebody resumes it, so nobody knows when its next backups come.");
  const days = 7 * comingWeeks - ((now.getUTCDay() + 6) % 7);
  const found = forecastRetention({ ...present, schedule, cleanUp: schedules.find(({ kind }) => kind === "clean_up") ?? null, from: new Date(from.getTime() - 1) }, now, days);
  if (found.length === 0) return not("No good backup is there yet that says how large the next ones will be.");
  return { coming: { sentence: scheduleSentence(schedule), days: found.map(({ at, everyDaySince, ...day }) => ({ ...day, at: at.toISOString(), everyDaySince: everyDaySince?.toISOString() ?? null })) }, notComing: null };
}

function written({ everyDaySince, everyWeekSince, oldest }: ReturnType<typeof coverageOf>): RetentionPreview["before"] {
  return { everyDaySince: everyDaySince?.toISOString() ?? null, everyWeekSince: everyWeekSince?.toISOString() ?? null, oldest: oldest?.toISOString() ?? null };
}

/** One backup may stay for several reasons, and counts for each of them. */
function countsOf({ stay }: RetentionDecision): RetentionPreview["byReason"] {
  const counts: RetentionPreview["byReason"] = {};
  for (const { reasons } of stay) for (const reason of new Set(reasons)) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Neighbours that stay for the same reason, as one line. */
function groupsOf({ stay }: RetentionDecision): RetentionPreview["stay"]["groups"] {
  const groups: RetentionPreview["stay"]["groups"] = [];
  for (const { backup, reasons } of stay) {
    const [reason] = reasons;
    if (!reason) continue;
    const last = groups.at(-1);
    const at = backup.takenAt.toISOString();
    if (last?.reason === reason) {
      last.from = at;
      last.count += 1;
    } else groups.push({ from: at, to: at, count: 1, reason });
  }
  return groups.slice(0, mostListed);
}

function marksOf({ stay, go }: RetentionDecision): RetentionPreview["marks"] {
  const mark = (backup: RetainedBackup, what: RetentionPreview["marks"][number]["what"]) => ({ at: backup.takenAt.toISOString(), what });
  const all = [...stay.map(({ backup }) => mark(backup, backup.isKept || backup.isOnLegalHold ? "held" : "stays")), ...go.map(({ backup }) => mark(backup, "goes"))].sort((a, b) => (a.at < b.at ? -1 : 1));
  const step = Math.max(1, Math.ceil(all.length / mostMarks));
  return all.filter((one, index) => one.what === "held" || index % step === 0);
}
