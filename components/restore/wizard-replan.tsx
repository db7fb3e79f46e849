"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useRef } from "react";
import { z } from "zod";
import { type Question, useQuestion } from "@/components/databases/use-question";
import type { ActionResult } from "@/lib/action";
import type { RestoreRequest } from "@/lib/restore/schemas";
import { requestOf, wizardHref, type WizardParams } from "@/lib/restore/search-params";

export type AskPlan = (request: RestoreRequest) => Promise<ActionResult<{ runId: number }>>;

interface Replan {
  question: Question<unknown>;
  /** Asks the server again, with some choices changed; the plan that is shown stays until the new one is there. */
  replan: (change?: Partial<WizardParams>) => void;
}

const Context = createContext<Replan | null>(null);
const Answer = z.object({ evidence: z.unknown() });

export interface ReplanProviderProps {
  params: WizardParams;
  databaseId: string;
  ask: AskPlan;
  /** Asks by itself: there is no plan yet, or it is old. */
  auto: boolean;
  children: ReactNode;
}

/** Asks the worker for a plan and puts its number into the address: the page is then drawn from it, by the server. */
export function ReplanProvider({ params, databaseId, ask, auto, children }: ReplanProviderProps) {
  const router = useRouter();
  const asked = useRef<WizardParams>(params);
  const isDone = useRef(false);
  const question = useQuestion(Answer, async () => {
    const request = requestOf(asked.current, databaseId);
    return request ? ask(request) : { ok: false, error: { code: "incomplete", kind: "invalid", message: "Something is missing in this address.", hint: "Go back one step." } };
  });
  const { answer, runId } = question;

  const askFirst = useEffectEvent(() => {
    // Effects run twice in development; a question must not.
    if (isDone.current) return;
    isDone.current = true;
    question.ask();
  });
  const show = useEffectEvent((plan: number) => router.replace(wizardHref("review", asked.current, { plan, was: params.plan }), { scroll: false }));
  useEffect(() => {
    if (auto) askFirst();
  }, [auto]);
  useEffect(() => {
    if (answer !== null && runId !== null) show(runId);
  }, [answer, runId]);

  function replan(change: Partial<WizardParams> = {}) {
    asked.current = { ...params, ...change };
    question.ask();
  }
  return <Context value={{ question, replan }}>{children}</Context>;
}

/** Only inside a ReplanProvider. */
export function useReplan(): Replan {
  const replan = useContext(Context);
  if (!replan) throw new Error("useReplan is only for what lies inside a ReplanProvider.");
  return replan;
}
