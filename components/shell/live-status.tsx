"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";
import { ShellStatus, silentAfterMs } from "@/components/shell/schema";
import { StatusIcon } from "@/components/status/status";
import { Elapsed } from "@/components/time/age";
import { setServerTime, useNow } from "@/components/time/now";
import { cn } from "@/components/ui/cn";
import { bytes } from "@/lib/format/bytes";
import { ageSpan } from "@/lib/format/ages";

/** Whether this page was ever answered: only then does a refusal mean that the session ended. */
let answered = false;

async function fetchStatus({ signal }: { signal: AbortSignal }): Promise<ShellStatus> {
  const response = await fetch("/api/shell", { signal, cache: "no-store", headers: { accept: "application/json" } });
  // Signed out elsewhere: the page must not go on looking as if it were watched over.
  if (response.status === 401 && answered) window.location.reload();
  if (!response.ok) throw new Error(`The status could not be read (${response.status}).`);
  answered = true;
  return ShellStatus.parse(await response.json());
}

/** What changes by itself: asked every 5 s, every second while something runs. Any component may read it. */
export function useShellStatus(initial: ShellStatus) {
  const query = useQuery({
    queryKey: ["shell"],
    queryFn: fetchStatus,
    // Drawn by the server a moment ago, but asked anew at once: a page can come out of the browser's cache.
    placeholderData: initial,
    refetchInterval: ({ state }) => ((state.data ?? initial).activeRuns.length > 0 ? 1_000 : 5_000),
    retry: false,
  });
  const status = query.data ?? initial;
  useEffect(() => setServerTime(status.now), [status.now]);
  return { status, unreachable: query.isError };
}

/** The worst state beside Overview. */
export function WorstState({ initial }: { initial: ShellStatus }) {
  const { status } = useShellStatus(initial);
  return status.worst && status.worst !== "protected" ? <StatusIcon state={status.worst} size={14} label className="ml-auto" /> : null;
}

/** Runs in progress, at the foot of the sidebar. No bar: there is no total to measure against. */
export function ActiveRuns({ initial }: { initial: ShellStatus }) {
  const { status } = useShellStatus(initial);
  if (status.activeRuns.length === 0) return null;
  return (
    <ul aria-label="Runs in progress" className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      {status.activeRuns.slice(0, 3).map((run) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`} className="block rounded-panel bg-surface px-2.5 pt-2.5 pb-[11px] text-caption shadow-[0_0_0_1px_var(--line)] hover:bg-hover">
            <span className="flex items-baseline justify-between gap-2">
              <span className="min-w-0 truncate font-medium">{run.title}</span>
              <span className="shrink-0 text-ink-3">{run.startedAt ? <Elapsed since={run.startedAt} now={initial.now} /> : "waits"}</span>
            </span>
            <span className="mt-px block truncate text-ink-3">
              {[run.step ?? "Queued", run.bytes !== null && run.bytes > 0 ? `${bytes(run.bytes)} so far` : null].filter(Boolean).join(" · ")}
            </span>
          </Link>
        </li>
      ))}
      {status.activeRuns.length > 3 ? (
        <li className="px-2 text-caption">
          <Link href="/runs" className="text-ink-2 hover:underline">
            and {status.activeRuns.length - 3} more
          </Link>
        </li>
      ) : null}
    </ul>
  );
}

/** Whether the worker is there. Its heartbeat is what makes every other figure trustworthy. */
export function WorkerLine({ initial }: { initial: ShellStatus }) {
  const { status, unreachable } = useShellStatus(initial);
  const now = useNow(initial.now) ?? Date.parse(initial.now);
  const { heartbeatAt, problem } = status.worker;
  const silent = !heartbeatAt || now - Date.parse(heartbeatAt) > silentAfterMs;
  const text = unreachable
    ? `No answer from Holdfast for ${ageSpan(status.now, now)}`
    : !heartbeatAt
      ? "No worker was ever heard"
      : silent
        ? `No word from the worker for ${ageSpan(heartbeatAt, now)}`
        : (problem ?? `Worker heard ${ageSpan(heartbeatAt, now)} ago`);
  const warn = unreachable || silent || problem !== null;
  return (
    <div className={cn("flex items-start gap-2 px-2 text-caption", warn ? "font-medium text-ink" : "text-ink-3")}>
      {warn ? <StatusIcon state={silent || unreachable ? "unknown" : "at_risk"} size={12} className="mt-0.5 -ml-[2.5px]" /> : <span aria-hidden className="mt-[4.5px] size-[7px] shrink-0 rounded-full bg-mark" />}
      <span className="min-w-0 [overflow-wrap:anywhere]">{text}</span>
    </div>
  );
}
