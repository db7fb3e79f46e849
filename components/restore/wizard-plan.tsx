import type { ReactNode } from "react";
import { toneText } from "@/components/ui/badge";
import { Section } from "@/components/ui/section";
import { Octagon, Tick, Triangle } from "@/components/ui/shapes";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { duration, elapsed } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { minuteTime, shortTime } from "@/lib/format/times";
import { neverMeasured } from "@/lib/history/words";
import { effectOf, keepWords } from "@/lib/restore/review-words";
import type { PlanCheck, RestoreEvidence, RestorePlan } from "@/lib/restore/schemas";

interface PlanProps {
  plan: RestorePlan;
  evidence: RestoreEvidence;
}

/** How long, how far back, and for how long it can be undone. What was never measured is an em dash with its reason. */
export function PlanStats({ plan, evidence, now }: PlanProps & { now: string }) {
  const { measured, backup } = evidence;
  const isNew = effectOf(plan, evidence) === "creates";
  const down = downtime(plan, evidence);
  const undo = undoing(plan, evidence);
  const at = `${shortTime(backup.takenAt, now)} UTC`;
  return (
    <StatBar>
      <Stat label="Takes about" note={measured ? `as measured by the ${measured.what} of ${minuteTime(measured.at)}${measured.sizeBytes === null ? "" : `, of ${bytes(measured.sizeBytes)}`}` : `never measured: ${neverMeasured}`}>
        {duration(plan.takesAboutMs)}
      </Stat>
      <Stat label="Downtime" note={down.note}>
        {down.figure}
      </Stat>
      <Stat label={isNew ? "Data as of" : "Goes back"} note={isNew ? at : `to ${at}`}>
        {elapsed(plan.goesBackMs)}
        {isNew ? " ago" : null}
      </Stat>
      <Stat label="Undo after the restore" note={undo}>
        {plan.undoUntil ? `for ${keepWords(plan.decision.keepHours)}` : unknown}
      </Stat>
    </StatBar>
  );
}

function downtime(plan: RestorePlan, evidence: RestoreEvidence): { figure: string; note: string } {
  const about = (ms: number | null) => (ms === null ? unknown : `about ${duration(ms)}`);
  const effect = effectOf(plan, evidence);
  if (effect === "unknown") return { figure: unknown, note: "the server could not be asked" };
  if (effect === "creates") return { figure: "None", note: "nothing live is touched" };
  if (plan.decision.method === "in_place") return { figure: about(plan.takesAboutMs), note: "from the drop to the end" };
  return { figure: about(plan.downtimeAboutMs), note: plan.downtimeAboutMs === null ? "not measured; a swap takes a moment" : "from stop to healthy, at the end" };
}

function undoing(plan: RestorePlan, evidence: RestoreEvidence): string {
  if (plan.undoUntil) return "the present database is kept";
  const effect = effectOf(plan, evidence);
  if (effect === "unknown") return "the server could not be asked";
  if (effect === "creates") return "nothing is replaced";
  return plan.decision.safetyBackup ? "not in one step: from the safety backup" : "no safety backup: not at all";
}

const checkLooks = {
  passed: { word: "passed", icon: <Tick className={toneText.good} /> },
  warning: { word: "warning", icon: <Triangle className={toneText.warning} /> },
  blocking: { word: "stops the restore", icon: <Octagon className={toneText.danger} /> },
} as const satisfies Record<PlanCheck["outcome"], { word: string; icon: ReactNode }>;

/** Everything that was asked, what stops the restore first. */
export function PlanChecks({ checks }: { checks: readonly PlanCheck[] }) {
  const many = (outcome: PlanCheck["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
  const [blocking, warnings] = [many("blocking"), many("warning")];
  const note = [`${checks.length - blocking} of ${checks.length}`, ...(blocking > 0 ? [`${blocking} to settle`] : []), ...(warnings > 0 ? [plural(warnings, "warning")] : [])].join(", ");
  return (
    <Section first id="checks" title="Checks" note={note} ruled>
      <ul>
        {checks.map((check) => (
          <li key={`${check.id}${check.title}`} className="grid grid-cols-[16px_1fr] gap-2.5 border-b border-line py-[9px] text-table last:border-b-0">
            <span className="pt-0.5">{checkLooks[check.outcome].icon}</span>
            <div className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-medium">
                {check.title}
                <span className="sr-only">, {checkLooks[check.outcome].word}</span>
              </span>
              <div className="mt-px text-caption text-ink-3">{check.detail}</div>
              {check.fix && check.outcome === "warning" ? <div className="mt-px text-caption text-ink-2">{check.fix}</div> : null}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The steps, in order, and what does not come back. */
export function PlanSteps({ plan, evidence }: PlanProps) {
  return (
    <>
      <Section id="steps" title="What will happen" className="mt-7">
        {effectOf(plan, evidence) === "unknown" ? <p className="text-table text-ink-2">Said once the server could be asked.</p> : null}
        <ol className="grid gap-[7px] text-table text-ink-2 empty:hidden">
          {(effectOf(plan, evidence) === "unknown" ? [] : plan.decision.steps).map((step, index) => (
            <li key={step} className="grid grid-cols-[16px_1fr] gap-2.5">
              <span className="text-ink-3">{index + 1}</span>
              <span className="min-w-0 [overflow-wrap:anywhere]">{withNames(step, [plan.decision.targetName, ...plan.decision.stops])}</span>
            </li>
          ))}
        </ol>
      </Section>
      <Section id="not-restored" title="Not restored" className="mt-7">
        <ul className="grid gap-1.5 text-table text-ink-2">
          {plan.notRestored.map((one) => (
            <li key={one} className="[overflow-wrap:anywhere]">{one}</li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Names of databases and containers inside a sentence, in the type of what a machine reads back. */
function withNames(text: string, names: readonly string[]): ReactNode[] {
  const known = [...new Set(names)].filter(Boolean);
  return text.split(/([\s,]+)/).map((word, index) => (known.includes(word) ? <code key={index}>{word}</code> : word));
}
