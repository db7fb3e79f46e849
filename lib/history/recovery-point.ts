import type { Gap } from "./evidence";
import { dayMs, mergeIntervals, overlap, startOfDay, uncovered, type Interval } from "./intervals";
import { beginningAt } from "./search";
import { targetsWithin, type Target } from "./targets";

/** A backup, and when it could be restored: from when it was read to its end until it was deleted, went missing or failed a proof. */
export interface Recoverable {
  id: string;
  takenAt: number;
  from: number;
  /** Null: it still can. */
  until: number | null;
}

/** A stretch during which the same backup was the newest that could be restored; none: nothing could. */
export interface PointSpan extends Interval {
  takenAt: number | null;
  backupId: string | null;
}

/** The newest backup that could be restored, at every instant of a stretch. Before the first one there is nothing to say. */
export function newestOverTime(backups: readonly Recoverable[], whole: Interval): PointSpan[] {
  const spans: PointSpan[] = [];
  // Those that may still matter, oldest first; each holds out longer than the ones after it.
  const held: Recoverable[] = [];
  let at = -Infinity;
  const show = (until: number) => {
    const newest = held.at(-1);
    const part = overlap({ from: at, to: until }, whole);
    if (part && at > -Infinity) append(spans, { ...part, takenAt: newest?.takenAt ?? null, backupId: newest?.id ?? null });
    at = until;
  };
  const moveTo = (time: number) => {
    for (let newest = held.at(-1); newest && end(newest) <= time; newest = held.at(-1)) {
      show(end(newest));
      held.pop();
    }
    show(time);
  };
  for (const backup of [...backups].sort((a, b) => a.from - b.from || a.takenAt - b.takenAt)) {
    if (backup.from >= whole.to || end(backup) <= backup.from) continue;
    moveTo(backup.from);
    hold(held, backup);
  }
  if (at > -Infinity) moveTo(whole.to);
  return spans;
}

const end = ({ until }: Recoverable) => until ?? Infinity;

function hold(held: Recoverable[], backup: Recoverable): void {
  const place = held.findLastIndex(({ takenAt }) => takenAt <= backup.takenAt) + 1;
  const younger = held[place];
  if (younger && end(younger) >= end(backup)) return;
  let outlived = place;
  while (outlived > 0 && end(held[outlived - 1] as Recoverable) <= end(backup)) outlived -= 1;
  held.splice(outlived, place - outlived, backup);
}

function append(spans: PointSpan[], span: PointSpan): void {
  const last = spans.at(-1);
  if (last?.backupId === span.backupId && last.to === span.from) last.to = span.to;
  else spans.push(span);
}

/** What of the spans is drawn: where there is evidence, and something could be restored. */
export function evidenced(spans: readonly PointSpan[], gaps: readonly Gap[], range: Interval): (Interval & { takenAt: number; backupId: string })[] {
  const known = uncovered(range, gaps);
  return spans.flatMap(({ takenAt, backupId, ...span }) => {
    if (takenAt === null || backupId === null) return [];
    return known.flatMap((part) => {
      const both = overlap(span, part);
      return both ? [{ ...both, takenAt, backupId }] : [];
    });
  });
}

/** A stretch during which more would have been lost than was promised. */
export interface PointBreach extends Interval {
  targetSeconds: number;
  /** The greatest age; null when nothing at all could be restored. */
  worstMs: number | null;
  worstAt: number;
  /** It was not over at the end of what is known. */
  open: boolean;
}

/** A backup that began this late still began in time: counting the rows and taking the snapshot are never as fast as the day before. */
const lateMs = 5 * 60_000;
/** So much of its target a backup that began in time may take to be stored and read back: an hour of a day. */
const proofShare = 1 / 24;

/**
 * Whether a breach is only the time that a backup which was taken in time needed until it could be restored. Without this a daily
 * backup would break a target of 24 h every day, by minutes.
 */
function isOnlyProof(breach: PointBreach, spans: readonly PointSpan[]): boolean {
  const ender = beginningAt(spans, breach.to);
  return breach.worstMs !== null && breach.to - breach.from <= breach.targetSeconds * 1_000 * proofShare && (ender?.takenAt ?? Infinity) <= breach.from + lateMs;
}

/**
 * Where the age was past the target of its time. What came to light after a silence counts, because nothing can have been backed up
 * in it; a silence that is not over says nothing yet.
 */
export function findPointBreaches(spans: readonly PointSpan[], targets: readonly Target[], gaps: readonly Gap[], range: Interval): PointBreach[] {
  const over = spans.flatMap((span) =>
    targetsWithin(targets, span).flatMap(({ from, to, seconds }) => {
      const start = span.takenAt === null ? from : Math.max(from, span.takenAt + seconds * 1_000);
      return start < to ? [{ from: start, to, targetSeconds: seconds, worstMs: span.takenAt === null ? null : to - span.takenAt, worstAt: to, open: false }] : [];
    }),
  );
  const whole: PointBreach[] = [];
  for (const part of over) {
    const last = whole.at(-1);
    if (!last || last.to < part.from) whole.push({ ...part });
    else {
      const isWorse = part.worstMs === null || (last.worstMs !== null && part.worstMs > last.worstMs);
      Object.assign(last, { to: part.to, ...(isWorse ? { worstMs: part.worstMs, worstAt: part.worstAt } : {}) });
    }
  }
  const present = gaps.find(({ to, why }) => to >= range.to && why !== "unregistered");
  return whole.filter((breach) => !isOnlyProof(breach, spans)).flatMap((breach) => {
    const cut = present && breach.to > present.from ? { ...breach, to: present.from, worstAt: Math.min(breach.worstAt, present.from), worstMs: breach.worstMs === null ? null : breach.worstMs - Math.max(0, breach.worstAt - present.from) } : breach;
    if (cut.from >= cut.to || !overlap(cut, range)) return [];
    const isKnown = uncovered(cut, gaps).some(({ from, to }) => from < to) || cut.to < range.to;
    return isKnown ? [{ ...cut, open: cut.to >= range.to || present?.from === cut.to }] : [];
  });
}

/** A day in UTC: whether the target held on it. Unknown: nothing vouches for any of it. */
export interface PointDay {
  at: number;
  state: "held" | "broken" | "unknown";
  /** The greatest age that was seen; null where none was. */
  worstMs: number | null;
  worstAt: number | null;
}

/** Every day of the range, oldest first. */
export function pointDays(seen: readonly (Interval & { takenAt: number })[], breaches: readonly PointBreach[], range: Interval): PointDay[] {
  const days = new Map<number, PointDay>();
  for (let at = startOfDay(range.from); at < range.to; at += dayMs) days.set(at, { at, state: "unknown", worstMs: null, worstAt: null });
  for (const { from, to, takenAt } of seen) {
    for (let at = startOfDay(from); at < to; at += dayMs) {
      const day = days.get(at);
      if (!day) continue;
      const last = Math.min(to, at + dayMs);
      if (day.state === "unknown") day.state = "held";
      if (day.worstMs === null || last - takenAt > day.worstMs) Object.assign(day, { worstMs: last - takenAt, worstAt: last });
    }
  }
  for (const breach of breaches) {
    for (let at = startOfDay(Math.max(breach.from, range.from)); at < breach.to; at += dayMs) {
      const day = days.get(at);
      if (day) day.state = "broken";
    }
  }
  return [...days.values()];
}

/** The stretches of the range with evidence in which nothing could be restored. */
export function nothingRecoverable(spans: readonly PointSpan[], range: Interval): Interval[] {
  return mergeIntervals(spans.filter(({ takenAt }) => takenAt === null)).flatMap((one) => overlap(one, range) ?? []);
}
