"use client";

import { QuestionState } from "@/components/databases/question-state";
import { useQuestion, type Question } from "@/components/databases/use-question";
import { CheckIcon } from "@/components/status/check-list";
import { Time } from "@/components/time/time";
import type { ActionResult } from "@/lib/action";
import { bytes } from "@/lib/format/bytes";
import { StoreCheck } from "@/lib/stores/schemas";

export type CheckStore = (input: { storeId: string }) => Promise<ActionResult<{ runId: number }>>;

/** Asks the worker to write, read back, compare and delete a real object in a store. */
export function useStoreTest(storeId: string, check: CheckStore, onAnswer?: (answer: StoreCheck) => void): Question<StoreCheck> {
  return useQuestion(StoreCheck, () => check({ storeId }), onAnswer);
}

/** What the test found. */
export function StoreTestResult({ question, before = null }: { question: Question<StoreCheck>; before?: { check: StoreCheck; at: string | null } | null }) {
  if (question.isAsking || question.error) return <QuestionState question={question} doing="Writing, reading back, comparing and deleting a real object." />;
  const check = question.answer ?? before?.check ?? null;
  const at = question.answer ? question.at : (before?.at ?? null);
  if (!check) return <p className="text-table text-ink-2">Not tested yet. The test writes, reads back, compares and deletes a real object.</p>;
  return (
    <div className="grid gap-1.5 text-table" role={question.answer ? "status" : undefined}>
      <Line outcome={check.outcome}>
        {check.outcome === "passed" ? "It" : null} {check.detail}
        {at ? <span className="text-ink-3">, <Time at={at} /> UTC</span> : null}
      </Line>
      {check.totalBytes !== null ? <Line outcome="passed">{bytes(check.freeBytes)} of {bytes(check.totalBytes)} are free</Line> : null}
      {check.sharesDisk ? <Line outcome="warning">It lies on the disk of Docker&apos;s data: a broken disk would take the databases and their backups together.</Line> : null}
    </div>
  );
}

function Line({ outcome, children }: { outcome: "passed" | "failed" | "warning"; children: React.ReactNode }) {
  return (
    <p className="grid grid-cols-[16px_1fr] gap-2.5">
      <span className="mt-0.5"><CheckIcon outcome={outcome} /></span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </p>
  );
}
