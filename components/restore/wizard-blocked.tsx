"use client";

import Link from "next/link";
import { z } from "zod";
import { QuestionState } from "@/components/databases/question-state";
import { useQuestion } from "@/components/databases/use-question";
import { useReplan } from "@/components/restore/wizard-replan";
import { blockedId, RefreshPlan } from "@/components/restore/wizard-review-actions";
import { Button } from "@/components/ui/button";
import { Octagon } from "@/components/ui/shapes";
import type { ActionResult } from "@/lib/action";
import { plural } from "@/lib/format/counts";
import type { PlanCheck } from "@/lib/restore/schemas";

export interface BlockedProps {
  /** Those that stop the restore. */
  checks: readonly PlanCheck[];
  container: string;
  databaseId: string;
  startContainer: (input: { databaseId: string }) => Promise<ActionResult<{ runId: number }>>;
  /** The step before, with another way chosen. */
  instead: { beside: string; inPlace: string };
}

/** What has to be done before the restore can start, each with its fix; what Holdfast can do itself is a button. */
export function Blocked({ checks, container, databaseId, startContainer, instead }: BlockedProps) {
  return (
    <section
      id={blockedId}
      tabIndex={-1}
      aria-labelledby={`${blockedId}-title`}
      className="mb-6 rounded-panel border border-exposed-line bg-exposed-soft px-[18px] py-4 outline-none [--cut:var(--exposed-soft)] focus-visible:shadow-[var(--focus)]"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id={`${blockedId}-title`}>This cannot start yet: {plural(checks.length, "thing")} to settle first</h2>
        <RefreshPlan>Check again</RefreshPlan>
      </div>
      <ul className="mt-1">
        {checks.map((check) => (
          <li key={`${check.id}${check.title}`} className="grid grid-cols-[16px_1fr_auto] items-start gap-x-3 gap-y-2 border-t border-exposed-line py-3 text-table first:border-t-0 last:pb-0 max-sm:grid-cols-[16px_1fr]">
            <Octagon className="mt-0.5 text-exposed" />
            <div className="min-w-0 [overflow-wrap:anywhere]">
              <b>{check.title}.</b> <span className="text-ink-2">{check.detail}</span>
              {check.fix ? <p className="text-ink">{check.fix}</p> : null}
              {check.offer === "start_container" ? <StartContainer container={container} start={() => startContainer({ databaseId })} /> : null}
            </div>
            {check.offer === "choose_beside" || check.offer === "choose_in_place" ? (
              <Button size="sm" asChild className="max-sm:col-start-2 max-sm:justify-self-start">
                <Link href={check.offer === "choose_beside" ? instead.beside : instead.inPlace}>{check.offer === "choose_beside" ? "Put it beside instead" : "Restore in place instead"}</Link>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function StartContainer({ container, start }: { container: string; start: () => Promise<ActionResult<{ runId: number }>> }) {
  const { question: planning, replan } = useReplan();
  const starting = useQuestion(z.unknown(), start, () => replan());
  return (
    <div className="mt-2 grid gap-2">
      <Button size="sm" variant="primary" className="justify-self-start" pending={starting.isAsking || planning.isAsking} onClick={starting.ask}>
        {starting.isAsking ? "Starting…" : planning.isAsking ? "Asking…" : `Start ${container} and wait`}
      </Button>
      <QuestionState question={starting} doing={`Starting ${container}, and waiting until its PostgreSQL answers.`} />
    </div>
  );
}
