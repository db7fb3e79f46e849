import { axisTime, ChartKey, KeyItem, Plot } from "@/components/charts/chart-frame";
import { BreachMark, Diamond, TargetLines, type TargetLine } from "@/components/charts/marks";
import { intoSlots, labelled, share, slotLength, timeScale } from "@/components/charts/scale";
import { duration, span } from "@/lib/format/durations";
import { shortTime } from "@/lib/format/times";
import type { Measured } from "@/lib/history/recovery-time";
import { phases, phaseWords, type Phase } from "@/lib/history/schemas";

export interface RecoveryTimeChartProps {
  /** What a screen reader hears. */
  label: string;
  from: number;
  to: number;
  measured: readonly Measured[];
  targets: readonly TargetLine[];
}

/** The same order and tones everywhere. */
export const phaseTones = { fetch: "bg-phase-1", restore: "bg-phase-2", compare: "bg-phase-3", start: "bg-accent" } as const satisfies Record<Phase, string>;

/** A bar for every drill and restore, split by phase. Where several fall together, the slowest stands for them. */
export function RecoveryTimeChart({ label, from, to, measured, targets }: RecoveryTimeChartProps) {
  const most = Math.max(0, ...targets.map(({ seconds }) => seconds * 1_000), ...measured.map(({ totalMs }) => totalMs));
  const scale = timeScale(most * 1.1);
  const slot = slotLength(from, to);
  const slots = intoSlots(measured, (one) => one.to, from, slot);
  const bars = slots.map(({ index, points }) => ({ x: share(from + (index + 0.5) * slot, from, to), shown: points.reduce((worst, one) => (one.totalMs > worst.totalMs ? one : worst)), restore: points.find(({ kind }) => kind === "restore") ?? null, many: points.length }));
  const width = share(from + slot * 0.8, from, to);
  const broken = bars.filter(({ shown }) => shown.met === false).map((bar) => ({ ...bar, weight: bar.shown.totalMs }));
  const restores = bars.flatMap(({ x, restore, shown }) => (restore && !(shown === restore && shown.met === false) ? [{ x, restore, weight: restore.totalMs }] : []));
  // Past the target and below it: labels of the two do not meet.
  const writtenBreaches = labelled(broken, 10);
  const writtenRestores = labelled(restores, 16);
  return (
    <>
      <Plot label={label} from={from} to={to} scale={scale} unit={axisTime}>
        {bars.map(({ x, shown, many }) => (
          <Bar key={shown.id} measured={shown} many={many} x={x} width={width} max={scale.max} />
        ))}
        <TargetLines lines={targets} from={from} to={to} max={scale.max} />
        {broken.map((one) => ({ ...one, isWritten: writtenBreaches.has(one) })).map(({ x, shown, isWritten }) => (
          <BreachMark key={shown.id} place={{ x, y: share(shown.totalMs, 0, scale.max) }} label={isWritten ? `${shown.kind === "restore" ? "restore, " : ""}${duration(shown.totalMs)}` : null} />
        ))}
        {restores.map((one) => ({ ...one, isWritten: writtenRestores.has(one) })).map(({ x, restore, isWritten }) => (
          <div key={restore.id} className={x > 80 ? "absolute z-3 flex translate-x-1.5 translate-y-1/2 flex-row-reverse items-center gap-1" : "absolute z-3 flex -translate-x-1.5 translate-y-1/2 items-center gap-1"} style={{ ...(x > 80 ? { right: `${100 - x}%` } : { left: `${x}%` }), bottom: `calc(${share(restore.totalMs, 0, scale.max)}% + 11px)` }}>
            <Diamond />
            {isWritten ? <span className="rounded-[2px] bg-surface/80 px-0.5 whitespace-nowrap max-sm:hidden">restore, {duration(restore.totalMs)}</span> : null}
          </div>
        ))}
      </Plot>
      <ChartKey>
        {phases.map((phase) => (
          <KeyItem key={phase} mark={<span className={`size-2.5 rounded-[2px] ${phaseTones[phase]}`} />}>{phaseWords[phase]}</KeyItem>
        ))}
        {bars.some(({ shown }) => otherMs(shown) > shown.totalMs * leastShare) ? <KeyItem mark={<span className="size-2.5 rounded-[2px] bg-mark-quiet" />}>everything else</KeyItem> : null}
        {restores.length > 0 ? <KeyItem mark={<Diamond />}>real restore</KeyItem> : null}
        {bars.some(({ many }) => many > 1) ? <li>a bar is the slowest of {span(slot / 1_000)}</li> : null}
      </ChartKey>
    </>
  );
}

/** Less than this of the whole is not worth a mark. */
const leastShare = 0.02;

/** What was in no phase, such as a safety backup or waiting. */
function otherMs({ totalMs, phases: parts }: Measured): number {
  return Math.max(0, totalMs - phases.reduce((sum, phase) => sum + parts[phase], 0));
}

function Bar({ measured, many, x, width, max }: { measured: Measured; many: number; x: number; width: number; max: number }) {
  const title = `${measured.kind === "restore" ? "Restore" : "Drill"} ${shortTime(measured.from)} UTC: ${duration(measured.totalMs)}${many > 1 ? `, the slowest of ${many}` : ""}`;
  return (
    <div title={title} className="absolute bottom-0 flex min-w-[2px] -translate-x-1/2 flex-col-reverse gap-px" style={{ left: `${x}%`, width: `${width}%`, height: `${share(measured.totalMs, 0, max)}%` }}>
      {phases.map((phase) => (measured.phases[phase] > 0 ? <span key={phase} className={phaseTones[phase]} style={{ flex: `${measured.phases[phase]} 1 0` }} /> : null))}
      {otherMs(measured) > measured.totalMs * leastShare ? <span className="bg-mark-quiet" style={{ flex: `${otherMs(measured)} 1 0` }} /> : null}
    </div>
  );
}
