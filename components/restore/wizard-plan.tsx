import type { ReactNode } from "react";
import { toneText } from "@/components/ui/badge";
import { Section } from "@/components/ui/section";
import { Octagon, Tick, Triangle } from "@/components/ui/shapes";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { plural } from "@/lib/format/counts";
import { duration, elapsed } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { fullTime, minuteTime, shortTime } from "@/lib/format/times";
import { keepWords } from "@/lib/restore/review-words";
import type { PlanCheck, RestoreEvidence, RestorePlan } from "@/lib/restore/schemas";

/** How long, how far back, and until when it can be undone. What was never measured is an em dash with its reason. */
export function PlanStats({ plan, evidence, now }: { plan: RestorePlan; evidence: RestoreEvidence; now: string }) {
  const { decision } = plan;
  const { measured } = evidence;
  const replaces = decision.replacesOid !== null;
  return (
    <StatBar>
      <Stat label="Takes about" note={measured ? `as measured by the ${measured.what} of ${minuteTime(measured.at)}` : "never measured: no drill, no restore yet"}>
        {duration(plan.takesAboutMs)}
      </Stat>
      {!replaces ? (
        <Stat label="Downtime" note="nothing live is touched">
          None
        </Stat>
      ) : decision.method === "in_place" ? (
        <Stat label="Downtime" note="down from the drop to the end">
          {plan.takesAboutMs === null ? unknown : `about ${duration(plan.takesAboutMs)}`}
        </Stat>
      ) : (
        <Stat label="Downtime" note={plan.downtimeAboutMs === null ? "never measured; a swap takes a moment" : "from stop to healthy, at the end"}>
          {plan.downtimeAboutMs === null ? unknown : `about ${duration(plan.downtimeAboutMs)}`}
        </Stat>
      )}
      <Stat label={replaces ? "Goes back" : "Data as of"} note={replaces ? `to ${shortTime(evidence.backup.takenAt, now)} UTC` : `${shortTime(evidence.backup.takenAt, now)} UTC`}>
        {elapsed(plan.goesBackMs)}
        {replaces ? null : " ago"}
      </Stat>
      <Stat label="Undo until" note={plan.undoUntil ? `the present database is kept ${keepWords(decision.keepHours)}` : !replaces ? "nothing is replaced" : decision.safetyBackup ? "not by a swap; from the safety backup" : "no safety backup: not at all"}>
        {plan.undoUntil ? <time dateTime={plan.undoUntil} title={fullTime(plan.undoUntil)}>{minuteTime(plan.undoUntil)}</time> : unknown}
      </Stat>
    </StatBar>
  );
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
export function PlanSteps({ plan }: { plan: RestorePlan }) {
  return (
    <>
      <Section id="steps" title="What will happen" className="mt-7">
        <ol className="grid gap-[7px] text-table text-ink-2">
          {plan.decision.steps.map((step, index) => (
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
