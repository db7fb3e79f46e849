"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Arc } from "@/components/ui/shapes";
import { bytes } from "@/lib/format/bytes";
import { RunView } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";
import { stepWords } from "@/lib/runs/words";

/** While the backup is loaded. The page shows it by itself once it is open. */
export function Opening({ runId }: { runId: number }) {
  const router = useRouter();
  const query = useQuery({
    queryKey: ["look-opening", runId],
    queryFn: async ({ signal }) => {
      const response = await fetch(`/api/runs/${runId}`, { signal, cache: "no-store" });
      if (!response.ok) throw new Error(`The run could not be read (${response.status}).`);
      return RunView.parse(await response.json());
    },
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : 1_000),
  });
  const run = query.data;
  const isOver = run !== undefined && !isActive(run.status);
  useEffect(() => {
    if (isOver) router.refresh();
  }, [isOver, router]);
  const step = run?.steps.find((one) => one.state === "now");
  return (
    <div role="status" className="rounded-panel border border-line px-[18px] py-4">
      <p className="flex items-center gap-2.5 font-medium">
        <Arc size={16} className="text-running" />
        {step ? `${stepWords[step.name].name}: ${stepWords[step.name].purpose}` : run?.status === "queued" ? "Waiting for the worker" : "Opening the backup"}
      </p>
      <p className="mt-1 pl-[26px] text-table text-ink-2">
        {run?.progress && run.progress.bytes > 0 ? `${bytes(run.progress.bytes)} so far. ` : null}
        Leaving this page is safe.{" "}
        <Link className="font-medium text-accent" href={`/runs/${runId}`}>
          Open run {runId}
        </Link>
      </p>
    </div>
  );
}
