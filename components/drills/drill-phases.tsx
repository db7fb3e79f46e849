import { phaseTones } from "@/components/charts/recovery-time-chart";
import { phaseNames } from "@/components/drills/words";
import { duration, span } from "@/lib/format/durations";
import { isCounted } from "@/lib/drill/sentence";
import { drillPhases, type DrillPhase, type DrillPhases } from "@/lib/drill/schemas";

/** The tones of a restore's phases everywhere; checking belongs to comparing. */
const tones = { fetch: phaseTones.fetch, start: phaseTones.start, restore: phaseTones.restore, compare: phaseTones.compare, checks: phaseTones.compare, cleanUp: "bg-mark-quiet" } as const satisfies Record<DrillPhase, string>;

/**
 * Where the time of a drill went. Cleaning up comes after it: a real restore has none. `rtoMs`: of a disaster drill, whose own figure it is;
 * the checks come after that.
 */
export function DrillPhaseBar({ phases, totalMs, targetSeconds, rtoMs = null }: { phases: DrillPhases; totalMs: number | null; targetSeconds: number | null; rtoMs?: number | null }) {
  const counts = (phase: DrillPhase) => isCounted(phase, rtoMs !== null);
  const measured = drillPhases.flatMap((phase) => (phases[phase] === undefined ? [] : [{ phase, ms: phases[phase] }]));
  const counted = measured.filter(({ phase }) => counts(phase));
  if (measured.length === 0) return <p className="text-table text-ink-2">No phase came to its end, so none was measured.</p>;
  return (
    <>
      <div role="img" aria-label="The phases of the drill by their time, as listed below" className="printed flex h-3.5 gap-px overflow-hidden rounded-[2px]">
        {counted.map(({ phase, ms }) => (
          <span key={phase} className={`min-w-px ${tones[phase]}`} style={{ flex: `${Math.max(1, ms)} 1 0` }} />
        ))}
      </div>
      <ol className="mt-3 text-table">
        {measured.map(({ phase, ms }) => (
          <li key={phase} className="flex items-baseline gap-2.5 border-b border-line py-1.5">
            <span className={`printed size-2.5 shrink-0 rounded-[2px] ${tones[phase]}`} aria-hidden />
            <span className="min-w-0 grow">{phaseNames[phase]}{!counts(phase) ? <span className="text-ink-3">, not counted</span> : null}</span>
            <span className="whitespace-nowrap text-ink-2">{duration(ms)}</span>
          </li>
        ))}
        <li className="flex py-2 font-semibold">
          <span className="grow">{rtoMs === null ? "Restored and checked in" : "Back after"}</span>
          <span>
            {duration(rtoMs ?? totalMs)}
            {targetSeconds === null ? null : <span className="font-normal text-ink-3"> of {span(targetSeconds)}</span>}
          </span>
        </li>
      </ol>
    </>
  );
}
