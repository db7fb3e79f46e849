import { cn } from "@/components/ui/cn";

/** How much of a whole is used, by whom. Neutral: fullness is not a state. */
export function Meter({ label, total, segments, className }: { label: string; total: number; segments: readonly { label: string; value: number }[]; className?: string }) {
  const tones = ["bg-ink-2", "bg-mark", "bg-phase-1", "bg-phase-3"] as const;
  return (
    <div role="img" aria-label={label} className={cn("flex h-2 gap-0.5 overflow-hidden rounded-[2px] bg-mark-quiet", className)}>
      {segments.map((segment, index) => (
        <span key={segment.label} title={segment.label} className={tones[index % tones.length]} style={{ width: `${total > 0 ? Math.min(100, (segment.value / total) * 100) : 0}%` }} />
      ))}
    </div>
  );
}

/** A share of a known total. Where there is no total there is no bar. */
export function Progress({ label, value, className }: { label: string; value: number; className?: string }) {
  const share = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div role="progressbar" aria-label={label} aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} className={cn("h-1 overflow-hidden rounded-[2px] bg-mark-quiet", className)}>
      <span className="block h-full bg-running" style={{ width: `${share}%` }} />
    </div>
  );
}
