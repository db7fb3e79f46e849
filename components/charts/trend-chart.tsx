import { Plot } from "@/components/charts/chart-frame";
import { intoSlots, type Scale, share, slotLength } from "@/components/charts/scale";
import { shortTime } from "@/lib/format/times";

export interface TrendChartProps {
  /** What a screen reader hears. */
  label: string;
  from: number;
  to: number;
  points: readonly { at: number; value: number }[];
  scale: (most: number) => Scale;
  /** Writes a value. */
  unit: (value: number) => string;
  /** Writes a line of the axis. */
  axis: (value: number) => string;
}

/** A bar for every backup. Where several fall together, the largest stands for them. */
export function TrendChart({ label, from, to, points, scale: scaleOf, unit, axis }: TrendChartProps) {
  const scale = scaleOf(Math.max(0, ...points.map(({ value }) => value)) * 1.05);
  const slot = slotLength(from, to);
  const bars = intoSlots(points, ({ at }) => at, from, slot).map(({ index, points: inside }) => ({ x: share(from + (index + 0.5) * slot, from, to), shown: inside.reduce((most, one) => (one.value > most.value ? one : most)), many: inside.length }));
  return (
    <Plot label={label} from={from} to={to} scale={scale} unit={axis} small>
      {bars.map(({ x, shown, many }) => (
        <div
          key={shown.at}
          title={`${shortTime(shown.at)} UTC: ${unit(shown.value)}${many > 1 ? `, the largest of ${many}` : ""}`}
          className="absolute bottom-0 min-h-px min-w-[2px] -translate-x-1/2 bg-phase-2"
          style={{ left: `${x}%`, width: `${share(from + slot * 0.8, from, to)}%`, height: `${share(shown.value, 0, scale.max)}%` }}
        />
      ))}
    </Plot>
  );
}
