"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type { ActionResult } from "@/lib/action";
import type { PublicError } from "@/lib/errors";
import { RunResult } from "@/lib/runs/result";
import { isActive } from "@/lib/runs/schemas";

/** After this long without the worker taking it up, the page says so. */
const slowAfterMs = 8_000;

export interface Question<T> {
  ask: () => void;
  isAsking: boolean;
  /** Nobody has taken it up for a while: the worker is probably away. */
  isSlow: boolean;
  answer: T | null;
  /** The run that was asked last. */
  runId: number | null;
  error: PublicError | null;
  /** When the answer came. */
  at: string | null;
}

const noAnswer: PublicError = { code: "no_answer", kind: "unavailable", message: "No answer came back.", hint: "Try again." };

/** Asks the worker something short, and waits for its answer: `start` begins a run, whose result is read until it is over. */
export function useQuestion<S extends z.ZodType>(schema: S, start: () => Promise<ActionResult<{ runId: number }>>, onAnswer?: (answer: z.output<S>) => void): Question<z.output<S>> {
  const [runId, setRunId] = useState<number | null>(null);
  const [starting, setStarting] = useState(false);
  const [refusal, setRefusal] = useState<PublicError | null>(null);
  const [askedAt, setAskedAt] = useState(0);
  const query = useQuery({
    queryKey: ["run-result", runId],
    enabled: runId !== null,
    queryFn: async ({ signal }): Promise<{ run: RunResult; answer: z.output<S> | null; readAt: number }> => {
      const response = await fetch(`/api/runs/${runId}/result`, { signal, cache: "no-store" });
      if (!response.ok) throw new Error(`The answer could not be read (${response.status}).`);
      const run = RunResult.parse(await response.json());
      if (run.status !== "succeeded") return { run, answer: null, readAt: Date.now() };
      // Some runs, such as the end of a look, succeed without a result: their success is the answer.
      const answer = schema.parse(run.result);
      onAnswer?.(answer);
      return { run, answer, readAt: Date.now() };
    },
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.run.status) ? false : 700),
    refetchOnWindowFocus: false,
  });
  const run = query.data?.run;
  const isAsking = starting || (runId !== null && !query.isError && (!run || isActive(run.status)));
  async function ask() {
    setRefusal(null);
    setStarting(true);
    try {
      const result = await start();
      if (result.ok) {
        setRunId(result.data.runId);
        setAskedAt(Date.now());
      } else setRefusal(result.error);
    } catch {
      setRefusal(noAnswer);
    } finally {
      setStarting(false);
    }
  }
  const ended = run && !isActive(run.status) && run.status !== "succeeded";
  return {
    ask: () => void ask(),
    isAsking,
    isSlow: isAsking && run?.status === "queued" && (query.data?.readAt ?? 0) - askedAt > slowAfterMs,
    answer: query.data?.answer ?? null,
    runId,
    error: refusal ?? (query.isError ? noAnswer : ended ? (run.error ?? { ...noAnswer, message: "It ended without an answer." }) : null),
    at: run?.finishedAt ?? null,
  };
}
