import { gaugeTicks } from "@/components/charts/days";

export interface GaugeProps {
  /** Null: not known, so nothing is drawn. */
  value: number | null;
  target: number;
  /** The same in words: "7 h 14 m of 24 h". */
  label: string;
}

/** Twenty ticks up to the target, ten past it, then an arrow. Neutral, ochre over 80 %, red past the target. */
export function Gauge({ value, target, label }: GaugeProps) {
  if (value === null) return null;
  const { on, over, beyond, tone } = gaugeTicks(value, target);
  return (
    <svg width="162" height="16" viewBox="0 0 162 16" role="img" aria-label={label} className="gauge max-w-full">
      {Array.from({ length: 20 }, (_, tick) => (
        <rect key={tick} className={tick < on ? (tone === "near" ? "near" : "on") : "off"} x={tick * 5} y="4" width="3" height="8" rx=".5" />
      ))}
      {Array.from({ length: over }, (_, tick) => (
        <rect key={tick} className="over" x={104 + tick * 5} y="4" width="3" height="8" rx=".5" />
      ))}
      <rect className="target" x="100" y="0" width="1.5" height="16" />
      {beyond ? <path className="over" d="m155 3 5 5-5 5z" /> : null}
    </svg>
  );
}
