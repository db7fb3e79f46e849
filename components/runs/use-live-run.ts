"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { runStatusWord } from "@/components/status/run-status";
import { laterView, type RunView, RunView as RunViewSchema } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";

const pollMs = 1_000;
/** Of a page whose title does not speak of the run at all. */
const mostRefreshes = 10;

/** The run as the server last told it: asked every second while it is active, not at all afterwards. */
export function useLiveRun(initial: RunView, wholeLog: boolean): { view: RunView; unreachable: boolean } {
  const router = useRouter();
  const query = useQuery({
    queryKey: ["run", initial.id, wholeLog],
    queryFn: async ({ signal }) => {
      const response = await fetch(`/api/runs/${initial.id}${wholeLog ? "?log=all" : ""}`, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      return RunViewSchema.parse(await response.json());
    },
    initialData: initial,
    initialDataUpdatedAt: Date.parse(initial.now),
    refetchInterval: (state) => (isActive(state.state.data?.status ?? initial.status) ? pollMs : false),
    refetchIntervalInBackground: false,
    enabled: isActive(initial.status),
    staleTime: pollMs,
  });
  // Polls end with the first page that is drawn over: what it says counts, not the last poll.
  const view = laterView(query.data, initial);
  const shown = useRef(initial.status);
  useEffect(() => {
    const isNews = shown.current !== view.status;
    shown.current = view.status;
    if (!isNews && isActive(view.status)) return;
    // The title, the frame and the lists behind this page are drawn by the server and have to learn of it.
    if (isNews) router.refresh();
    // A refresh that meets a page still arriving is dropped, and a title that was drawn a moment before its page, while the run still ran,
    // would stay behind: asked until it has the word.
    const word = runStatusWord(view.status);
    let left = mostRefreshes;
    const again = setInterval(() => {
      if (document.title.includes(word) || left === 0) return clearInterval(again);
      left -= 1;
      router.refresh();
    }, 2_000);
    return () => clearInterval(again);
  }, [router, view.status]);
  return { view, unreachable: query.isError };
}
