"use client";

import { RotateCw } from "lucide-react";
import Link from "next/link";
import { parseAsBoolean, useQueryState } from "nuqs";
import { type ReactNode, useEffect, useRef } from "react";
import { QuestionState } from "@/components/databases/question-state";
import { useReplan } from "@/components/restore/wizard-replan";
import { Button } from "@/components/ui/button";

/** Whether the confirmation is open: the last step, with an address of its own; going back closes it. */
export function useConfirming() {
  return useQueryState("confirm", parseAsBoolean.withDefault(false).withOptions({ history: "push", scroll: false }));
}

/** Where the reasons stand why it cannot start; the button leads there. */
export const blockedId = "before-it-can-start";

export interface ReviewActionsProps {
  back: string;
  /** Null: there is no plan yet. */
  isBlocked: boolean | null;
}

/** Back, ask again, go on. A plan that is blocked leads to what blocks it. */
export function ReviewActions({ back, isBlocked }: ReviewActionsProps) {
  const { question } = useReplan();
  const [confirming, setConfirming] = useConfirming();
  const button = useRef<HTMLButtonElement>(null);
  const wasConfirming = useRef(confirming);
  useEffect(() => {
    // The dialog has no trigger of its own that focus could return to.
    if (wasConfirming.current && !confirming) button.current?.focus();
    wasConfirming.current = confirming;
  }, [confirming]);
  function goOn() {
    if (isBlocked) document.getElementById(blockedId)?.focus();
    else void setConfirming(true);
  }
  return (
    <>
      <Button asChild>
        <Link href={back}>Back</Link>
      </Button>
      {isBlocked === null ? null : (
        <Button ref={button} variant={isBlocked ? "default" : "primary"} pending={question.isAsking} onClick={goOn}>
          Continue to confirm
        </Button>
      )}
    </>
  );
}

/** Asks the server again. */
export function RefreshPlan({ primary = false, children = "Refresh" }: { primary?: boolean; children?: ReactNode }) {
  const { question, replan } = useReplan();
  return (
    <Button size="sm" variant={primary ? "primary" : "quiet"} pending={question.isAsking} onClick={() => replan()}>
      <RotateCw size={14} strokeWidth={1.75} aria-hidden className={primary ? "text-on-accent!" : undefined} />
      {question.isAsking ? "Asking…" : children}
    </Button>
  );
}

/** While the server is asked, and when it did not answer. */
export function ReplanState({ container }: { container: string }) {
  const { question } = useReplan();
  if (!question.isAsking && !question.error) return null;
  return (
    <div className="mb-6 grid justify-items-start gap-3">
      <QuestionState question={question} doing={`Asking ${container} what a restore would find. Nothing is changed.`} className="w-full" />
      {question.error ? <RefreshPlan primary>Ask again</RefreshPlan> : null}
    </div>
  );
}
