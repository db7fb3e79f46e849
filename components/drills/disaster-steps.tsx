import type { ReactNode } from "react";
import { Badge, toneText } from "@/components/ui/badge";
import { CodeBlock } from "@/components/ui/code-block";
import { Octagon, Slash, Tick } from "@/components/ui/shapes";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { Step, StepList } from "@/components/ui/step-list";
import { Held } from "@/components/history/history-tables";
import type { DisasterReport, DisasterStep } from "@/lib/drill/schemas";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { fullTime, timeOfDay } from "@/lib/format/times";

/** The two figures of a disaster drill beside what was promised. */
export function DisasterFigures({ report }: { report: DisasterReport }) {
  const { rtoMs, rpoMs, objectiveRtoSeconds, objectiveRpoSeconds, lostAt, restoredAt } = report;
  return (
    <StatBar>
      <Stat label="Back after (RTO)" note={<Verdict ms={rtoMs} seconds={objectiveRtoSeconds} />}>{duration(rtoMs)}</Stat>
      <Stat label="Lost (RPO)" note={<Verdict ms={rpoMs} seconds={objectiveRpoSeconds} />}>{duration(rpoMs)}</Stat>
      <Stat label="Lost at" note={lostAt ? "UTC" : "it did not come to that"}>{lostAt ? timeOfDay(lostAt) : unknown}</Stat>
      <Stat label="Restored and verified at" note={restoredAt ? "UTC" : "it did not come to that"}>{restoredAt ? timeOfDay(restoredAt) : unknown}</Stat>
    </StatBar>
  );
}

function Verdict({ ms, seconds }: { ms: number | null; seconds: number }) {
  if (ms === null) return <>target {span(seconds)}</>;
  return <Held held={ms <= seconds * 1_000}>{`target ${span(seconds)}`}</Held>;
}

/** The last step: whether the application worked with what was recovered. */
export function applicationStepOf({ steps }: DisasterReport): DisasterStep | undefined {
  return steps.find(({ id }) => id === "application");
}

const answers = {
  done: <Badge tone="plain" icon={<Tick className={toneText.good} />}>Answered</Badge>,
  failed: <Badge tone="danger" icon={<Octagon className={toneText.danger} />}>Did not answer</Badge>,
  skipped: <Badge tone="neutral" icon={<Slash className={toneText.neutral} />}>Not asked</Badge>,
} as const satisfies Record<DisasterStep["outcome"], ReactNode>;

/** Beside the outcome of the drill, which is about the backup alone. */
export function ApplicationAnswer({ report }: { report: DisasterReport }) {
  const step = applicationStepOf(report);
  return step ? answers[step.outcome] : <>{unknown}</>;
}

const states = { done: "done", failed: "failed", skipped: "skipped" } as const;

/** The procedure of the disaster drill, step by step, with its times. */
export function DisasterSteps({ report }: { report: DisasterReport }) {
  return (
    <StepList label="Steps of the disaster drill">
      {report.steps.map((step) => (
        <Step key={step.id} state={states[step.outcome]} name={step.title} detail={step.detail} time={<time dateTime={step.at} title={fullTime(step.at)}>{timeOfDay(step.at)}{step.ms === null ? null : <span className="text-ink-3"> · {duration(step.ms)}</span>}</time>}>
          {step.log ? <CodeBlock label={`last words: ${step.title}`} wrap className="max-h-64 print:max-h-none">{step.log}</CodeBlock> : null}
        </Step>
      ))}
    </StepList>
  );
}
