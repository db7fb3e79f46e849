import { occurrencesBetween, type Times } from "@/lib/schedule/occurrences";
import { coverageOf } from "./coverage";
import { decideRetention, ruledBy } from "./decide";
import { recordsRead, type RetainedBackup, type RetentionPolicy, type SizeRecord } from "./schemas";
import { median, suspiciouslySmall } from "./suspicious";

const dayMs = 86_400_000;
/** So many good ones say what the next one will be like. */
const baseline = 10;
/** A schedule of every minute would make more of them than anybody can look at: the calendar ends earlier then. */
const mostComing = 3_000;

/** A day to come, in UTC. */
export interface ForecastDay {
  /** Its midnight. */
  at: Date;
  taken: number;
  goes: number;
  /** What is there at its end. */
  kept: number;
  bytes: number;
  /** From when on every day can be restored then. */
  everyDaySince: Date | null;
}

export interface ForecastFacts {
  backups: readonly RetainedBackup[];
  /** Of backups that were removed. */
  records: readonly SizeRecord[];
  policy: RetentionPolicy;
  schedule: Times;
  /** When cleaning up has a time of its own; null: after every backup. */
  cleanUp: Times | null;
  /** Nothing starts before it: the end of a pause. */
  from: Date;
}

/**
 * What a policy will keep in the coming days: every backup the schedule wants is taken, as proven and as large as the newest good ones, and
 * what the rules then let go goes at the end of its day. What they let go now goes today, as it does when they are saved. Empty while no good backup says how large one is.
 */
export function forecastRetention({ backups, records, policy, schedule, cleanUp, from }: ForecastFacts, now: Date, days: number): ForecastDay[] {
  const like = usualBackup(...ruledBy(policy, backups, records));
  if (!like) return [];
  const midnight = Math.floor(now.getTime() / dayMs) * dayMs;
  const end = new Date(midnight + days * dayMs - 1);
  const coming = occurrencesBetween(schedule, new Date(Math.max(now.getTime(), from.getTime())), end, mostComing);
  const cleaning = cleanUp && new Set(occurrencesBetween(cleanUp, now, end, mostComing).map((at) => Math.floor(at.getTime() / dayMs)));
  const known = coming.length === mostComing ? Math.floor(((coming.at(-1)?.getTime() ?? midnight) - midnight) / dayMs) : days;
  const gone = [...records];
  const cleanUpOf = (present: readonly RetainedBackup[]) => {
    const { stay, go } = decideRetention(present, policy, gone);
    gone.push(...go.map(({ backup }) => backup));
    gone.splice(0, gone.length - recordsRead);
    return stay.map(({ backup }) => backup);
  };
  let kept = cleanUpOf(backups);
  let next = 0;
  return Array.from({ length: known }, (_, index) => {
    const at = midnight + index * dayMs;
    let taken = 0;
    for (let time = coming[next]; time && time.getTime() < at + dayMs; time = coming[next]) {
      kept.push({ ...like, id: `coming-${String(next).padStart(5, "0")}`, takenAt: time });
      taken += 1;
      next += 1;
    }
    const isCleaned = cleaning ? cleaning.has(at / dayMs) : taken > 0;
    const before = index === 0 ? backups.length + taken : kept.length;
    if (isCleaned) kept = cleanUpOf(kept);
    return { at: new Date(at), taken, goes: before - kept.length, kept: kept.length, bytes: kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), everyDaySince: coverageOf(kept).everyDaySince };
  });
}

/** A backup as the newest good ones are: of their median size, rows and rung; null when there is none. Lesser ones count where there are no others. */
function usualBackup(backups: readonly RetainedBackup[], records: readonly SizeRecord[]): Omit<RetainedBackup, "id" | "takenAt"> | null {
  const newestFirst = backups.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const small = suspiciouslySmall(backups, records);
  const all = newestFirst.filter(({ id, rung, hasProblem }) => rung >= 3 && !hasProblem && !small.has(id));
  const isLesser = all.every((one) => one.isLesser);
  const good = all.filter((one) => one.isLesser === isLesser).slice(0, baseline);
  const [newest] = good;
  if (!newest) return null;
  const rows = good.flatMap((one) => one.rows ?? []);
  return { sizeBytes: median(good.map((one) => one.sizeBytes)), rows: rows.length > 0 ? median(rows) : null, rung: median(good.map((one) => one.rung)), hasProblem: false, isKept: false, isOnLegalHold: false, isPartial: newest.isPartial, isLesser, isSizeAccepted: false, isForeign: false, isAhead: false };
}
