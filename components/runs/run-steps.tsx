"use client";

import { ByteBars } from "@/components/charts/byte-bars";
import { Elapsed } from "@/components/time/age";
import { Step, StepList } from "@/components/ui/step-list";
import { duration } from "@/lib/format/durations";
import type { RunView, StepView } from "@/lib/runs/live";
import { skippedWords, stepWords } from "@/lib/runs/words";

/** The steps of a run: what each did, how long it took, and how long the ones to come took last time. */
export function RunSteps({ view }: { view: RunView }) {
  if (view.steps.length === 0) return null;
  return (
    <StepList label="Steps">
      {view.steps.map((step) => (
        <Step key={step.name} state={step.state} name={stepWords[step.name].name} detail={detailOf(step, view)} time={timeOf(step, view)}>
          {step.state === "now" && view.progress && view.progress.perSecond.length > 0 ? <ByteBars perSecond={view.progress.perSecond} endedAt={view.now} /> : null}
        </Step>
      ))}
    </StepList>
  );
}

function detailOf(step: StepView, view: RunView) {
  switch (step.state) {
    case "done":
      return step.detail;
    case "now": {
      const detail = view.progress?.detail;
      if (detail && step.name === "dump") return <><code>{detail}</code>; <code>pg_dump</code> knows no total</>;
      if (detail) return detail;
      return stepWords[step.name].purpose;
    }
    case "failed":
      return "stopped here";
    case "skipped":
      return step.startedAt ? "stopped here" : skippedWords(step.name, view.status);
    case "todo":
      return stepWords[step.name].purpose;
  }
}

function timeOf(step: StepView, view: RunView) {
  const last = step.lastMs === null ? null : `last time ${duration(step.lastMs)}`;
  if (step.state === "done") return duration(step.ms);
  if (step.state === "todo") return last;
  if (step.state === "now") {
    return (
      <>
        <span className="font-medium text-ink">
          <Elapsed since={step.startedAt} now={view.now} />
        </span>{" "}
        {last ? <span className="text-ink-3 max-sm:block">{last}</span> : null}
      </>
    );
  }
  return step.startedAt && view.finishedAt ? `after ${duration(Date.parse(view.finishedAt) - Date.parse(step.startedAt))}` : null;
}
