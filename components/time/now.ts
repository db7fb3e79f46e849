"use client";

import { useSyncExternalStore } from "react";
import { type Instant, toDate } from "@/lib/format/times";

// One ticker for the page, and the server's clock rather than the visitor's: ages must not depend on a wrong watch.
let offset = 0;
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** Whole seconds, so that every reading within one is the same. */
function read(): number {
  return Math.floor((Date.now() + offset) / 1_000) * 1_000;
}

/** Tells the ticker what time the server has. Differences under two seconds are the network's, not the clock's. */
export function setServerTime(at: Instant): void {
  const server = toDate(at)?.getTime();
  if (server === undefined) return;
  const difference = server - Date.now();
  offset = Math.abs(difference) < 2_000 ? 0 : difference;
}

/** The present, ticking. While hydrating it is what the server said, so both draw the same; null when it said nothing. */
export function useNow(initial?: Instant | undefined): number | null {
  const first = toDate(initial)?.getTime() ?? null;
  return useSyncExternalStore<number | null>(subscribe, read, () => first);
}
