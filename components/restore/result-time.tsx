import { Section } from "@/components/ui/section";
import { duration } from "@/lib/format/durations";
import type { StepView } from "@/lib/runs/live";
import { stepWords } from "@/lib/runs/words";

const tones = { prepare: "fill-phase-1", restore: "fill-phase-2", compare: "fill-phase-3", switch: "fill-accent" } as const;
type Part = keyof typeof tones;

/** Everything a step belongs to that is not preparing. The order of colours is the same wherever a restore's time is drawn. */
const partOf: Readonly<Record<string, Part>> = {
  restore: "restore", load: "restore", stage: "restore", analyze: "restore",
  compare: "compare", verify: "compare",
  stop: "switch", stop_application: "switch", swap: "switch", start: "switch", start_application: "switch", health: "switch",
};

/** Where the time of a restore went: a bar of its steps, and each with its time. */
export function ResultTime({ steps, totalMs }: { steps: readonly StepView[]; totalMs: number | null }) {
  const done = steps.flatMap((step) => (step.ms === null ? [] : [{ ...step, ms: step.ms, tone: tones[partOf[step.name] ?? "prepare"] }]));
  const sum = done.reduce((total, { ms }) => total + ms, 0);
  if (done.length === 0) return null;
  return (
    <Section first id="time" title="Where the time went">
      <Bar parts={done} total={Math.max(1, sum)} />
      <ol className="mt-3 text-table">
        {done.map((step) => (
          <li key={step.name} className="flex items-start gap-2.5 border-b border-line py-1.5">
            <svg width="10" height="10" aria-hidden="true" className="mt-[5px] shrink-0">
              <rect width="10" height="10" rx="2" className={step.tone} />
            </svg>
            <span className="min-w-0 grow">
              {stepWords[step.name].name}
              {step.detail ? <span className="block text-caption text-ink-3 [overflow-wrap:anywhere]">{step.detail}</span> : null}
            </span>
            <span className="whitespace-nowrap text-ink-2">{duration(step.ms)}</span>
          </li>
        ))}
        <li className="flex py-2 font-semibold">
          <span className="grow">Total</span>
          <span>{duration(totalMs ?? sum)}</span>
        </li>
      </ol>
    </Section>
  );
}

function Bar({ parts, total }: { parts: readonly { name: string; ms: number; tone: string }[]; total: number }) {
  const width = 1_000;
  // A step of milliseconds is still there to be seen.
  const least = 1.5;
  const sizes = parts.map(({ ms }) => Math.max(least, (ms / total) * width));
  const scale = width / sizes.reduce((sum, size) => sum + size, 0);
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0) * scale);
  return (
    <svg width="100%" height="14" viewBox={`0 0 ${width} 14`} preserveAspectRatio="none" role="img" aria-label="The steps of the restore by their time, as listed below">
      {parts.map(({ name, tone }, index) => (
        <rect key={name} x={starts[index]} width={Math.max(1, (sizes[index] ?? 0) * scale - (index < parts.length - 1 ? 1.5 : 0))} height="14" className={tone} />
      ))}
    </svg>
  );
}
