"use client";

import { LadderLarge, type RungRow } from "@/components/proof/ladder-large";
import { useNow } from "@/components/time/now";
import type { Rung } from "@/lib/backup/schemas";
import { timeOfDay } from "@/lib/format/times";
import { expectedEnds, type RunView } from "@/lib/runs/live";
import type { StepName } from "@/lib/runs/schemas";

const climbs = { dump: { rung: "stored", after: "after the dump" }, read_back: { rung: "intact", after: "after reading back" }, decode: { rung: "readable", after: "after the decode" } } as const satisfies Partial<Record<StepName, { rung: Rung; after: string }>>;

/** Which rungs a running backup will reach, and when, from what each step took last time. */
export function RunLadder({ view }: { view: RunView }) {
  const now = useNow(view.now) ?? Date.parse(view.now);
  const ends = expectedEnds(view.steps, now);
  const row = (name: keyof typeof climbs): RungRow => {
    const step = view.steps.find((one) => one.name === name);
    const end = ends.get(name);
    const about = end === undefined ? {} : { when: <span className="text-ink-3">about {timeOfDay(end).slice(0, 5)}</span> };
    if (step?.state === "done") return { state: "done", what: "done" };
    if (step?.state === "now") return { state: "now", what: "under way", ...about };
    return { state: "todo", what: climbs[name].after, ...about };
  };
  return <LadderLarge rungs={{ stored: row("dump"), intact: row("read_back"), readable: row("decode"), proven: { state: "todo", what: "needs a drill, which is a run of its own" } }} />;
}
