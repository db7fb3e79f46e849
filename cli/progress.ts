import { bytes, rate } from "@/lib/format/bytes";
import { duration, elapsed } from "@/lib/format/durations";
import { recentRate, stalledFor, type RunView } from "@/lib/runs/live";
import { stepWords } from "@/lib/runs/words";
import { plain } from "./text";

/** "Dump  1.2 GiB  33 MiB/s  42 s  (last time 3.1 GiB in 4 m 12 s)": the step under way, in one line. */
export function progressLine(view: Pick<RunView, "status" | "title" | "steps" | "progress" | "last" | "workerHeard">, now: number): string {
  if (view.status === "queued") return plain(`${view.title}: waits to be taken up`);
  const step = view.steps.find(({ state }) => state === "now");
  if (!step) return plain(view.title);
  const { progress, last } = view;
  const moved = progress && progress.bytes > 0 ? [bytes(progress.bytes), rate(recentRate(progress.perSecond))] : [];
  const stalled = stalledFor(view, now);
  const parts = [
    stepWords[step.name].name,
    ...moved,
    ...(progress?.detail ? [progress.detail] : []),
    ...(step.startedAt ? [elapsed(now - Date.parse(step.startedAt))] : []),
    ...(stalled === null ? [] : [`no data for ${elapsed(stalled)}`]),
    ...(step.name === "dump" && last?.sizeBytes ? [`(last time ${bytes(last.sizeBytes)} in ${duration(last.ms)})`] : []),
  ];
  return plain(parts.join("  "));
}

/** "Dump  22 KiB stored as …  1.4 s": a step that is over. */
export function stepLine(step: RunView["steps"][number]): string {
  return plain([stepWords[step.name].name, step.detail, step.ms === null ? "" : duration(step.ms)].filter(Boolean).join("  "));
}
