import { bytes, percent } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { duration, span } from "@/lib/format/durations";
import { shortDay } from "@/lib/format/times";
import { middle, slowest, type Measured } from "./recovery-time";
import type { PointBreach, PointDay } from "./recovery-point";
import type { TrendPoint } from "./trends";

/** One sentence about the age of what could be restored, day by day. */
export function pointConclusion(days: readonly PointDay[], breaches: readonly PointBreach[], targets: readonly number[]): string {
  const known = days.filter(({ state }) => state !== "unknown");
  const unknownDays = days.length - known.length;
  const rest = unknownDays > 0 ? ` Of ${plural(unknownDays, "day")} nothing is known.` : "";
  if (known.length === 0) return "Nothing vouches for any of these days: no worker was heard, or there was no backup yet.";
  const held = known.filter(({ state }) => state === "held").length;
  const share = held === known.length ? (held === 1 ? "the one day that is known" : `all ${plural(held, "day")}${unknownDays > 0 ? " that are known" : ""}`) : `${count(held)} of ${plural(known.length, "day")}`;
  return `${theTarget(targets)} held on ${share}; ${worstGap(known, breaches)}.${rest}`;
}

function theTarget(targets: readonly number[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined ? `The ${span(first)} target` : "The target of each day";
}

function worstGap(days: readonly PointDay[], breaches: readonly PointBreach[]): string {
  const all = breaches.find(({ worstMs }) => worstMs === null);
  if (all) return `on ${shortDay(all.from)} nothing could be restored`;
  const worst = days.reduce<PointDay | null>((most, day) => ((day.worstMs ?? -1) > (most?.worstMs ?? -1) ? day : most), null);
  if (!worst || worst.worstMs === null || worst.worstAt === null) return "no age was seen";
  return `the worst gap was ${duration(worst.worstMs)} on ${shortDay(worst.worstAt - 1)}`;
}

/** One sentence about how long it took to get back, and one about those that never did. */
export function timeConclusion(all: readonly Measured[], failed: { drills: number; restores: number }, targets: readonly number[]): string {
  const failures = failedSentence(failed);
  const worst = slowest(all);
  const half = middle(all.map(({ totalMs }) => totalMs));
  if (!worst || half === null) return failures ? `${failures} None was measured to its end.` : "No drill and no restore was measured in this time.";
  const judged = all.filter(({ met }) => met !== null);
  const met = judged.filter((one) => one.met).length;
  const [target] = targets;
  if (all.length === 1) {
    const verdict = worst.targetSeconds === null ? "" : worst.met ? `, within the target of ${span(worst.targetSeconds)}` : `; the target is ${span(worst.targetSeconds)}`;
    return join(`The one ${worst.kind === "restore" ? "restore" : "drill"} took ${duration(worst.totalMs)}${verdict}.`, failures);
  }
  const share = met === judged.length ? `All ${count(met)}` : `${count(met)} of ${count(judged.length)}`;
  return join(`${share} ${nounOf(all)} met ${targets.length === 1 && target !== undefined ? `the ${span(target)} target` : "the target of their day"}; half took under ${duration(half)}, the slowest ${duration(worst.totalMs)} on ${shortDay(worst.to)}.`, failures);
}

function nounOf(all: readonly Measured[]): string {
  const restores = all.filter(({ kind }) => kind === "restore").length;
  return restores === 0 ? "drills" : restores === all.length ? "restores" : "drills and restores";
}

function failedSentence({ drills, restores }: { drills: number; restores: number }): string {
  const parts = [drills > 0 ? plural(drills, "drill") : null, restores > 0 ? plural(restores, "restore") : null].filter((part) => part !== null);
  return parts.length > 0 ? `${parts.join(" and ")} failed.` : "";
}

const join = (...sentences: string[]) => sentences.filter(Boolean).join(" ");

/** How the size of backups moved. */
export function sizeConclusion(points: readonly TrendPoint[]): string {
  const first = points.at(0);
  const last = points.at(-1);
  if (!first || !last) return "No backup was taken in this time.";
  if (points.length === 1) return `The one backup is ${bytes(last.sizeBytes)}.`;
  const difference = last.sizeBytes - first.sizeBytes;
  const moved = difference === 0 ? "as large as the first" : first.sizeBytes === 0 ? `the first had ${bytes(0)}` : `${percent(Math.abs(difference), first.sizeBytes)} ${difference > 0 ? "more" : "less"} than the first`;
  return `The newest backup is ${bytes(last.sizeBytes)}, ${moved}.`;
}

/** How long backups took to be stored. */
export function durationConclusion(points: readonly TrendPoint[]): string {
  const timed = points.flatMap(({ at, storedMs }) => (storedMs === null ? [] : [{ at, totalMs: storedMs }]));
  const longest = slowest(timed);
  const half = middle(timed.map(({ totalMs }) => totalMs));
  if (!longest || half === null) return "No backup was timed in this time.";
  if (timed.length === 1) return `The one backup took ${duration(longest.totalMs)} to store.`;
  return `Half were stored within ${duration(half)}; the longest took ${duration(longest.totalMs)} on ${shortDay(longest.at)}.`;
}
