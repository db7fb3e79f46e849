import { plural } from "@/lib/format/counts";
import { dayStates, type DayState } from "@/lib/monitoring/schemas";

export { dayStates, type DayState };

export const dayWords = {
  proven: "Proven",
  backed_up: "Backed up",
  problem: "Problem",
  resolved: "Problem, resolved",
  missed: "Missed",
  nothing: "Nothing expected",
  unknown: "Not known",
} as const satisfies Record<DayState, string>;

/** The counts of a strip in one sentence: what a screen reader hears instead of thirty marks. */
export function countDays(days: readonly { state: DayState }[]): string {
  const parts = dayStates.flatMap((state) => {
    const many = days.filter((day) => day.state === state).length;
    return many > 0 ? [`${many} ${dayWords[state].toLowerCase()}`] : [];
  });
  return `${plural(days.length, "day")}: ${parts.join(", ") || "none"}`;
}

/** How a gauge is filled: ticks of 20 up to the target, of 10 past it, and whether it runs off the scale. */
export function gaugeTicks(value: number, target: number): { on: number; over: number; beyond: boolean; tone: "on" | "near" | "over" } {
  const share = target > 0 ? value / target : 0;
  if (share > 1) {
    const past = Math.max(1, Math.round((share - 1) * 20));
    return { on: 20, over: Math.min(10, past), beyond: past > 10, tone: "over" };
  }
  return { on: Math.round(share * 20), over: 0, beyond: false, tone: share > 0.8 ? "near" : "on" };
}
