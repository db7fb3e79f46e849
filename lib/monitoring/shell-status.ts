import "server-only";
import type { ShellStatus } from "@/components/shell/schema";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { RunProgress, runKinds, stepNames } from "@/lib/runs/schemas";
import { isRedo } from "@/lib/runs/subject";
import { redoingTitle, runTitles, stepTitles } from "./run-words";
import { workerStatus } from "./worker-status";
import { worstState } from "./worst-state";

const mostRuns = 20;
/** The only part of a run's progress the frame shows; the rest may be of another version without harm. */
const Moved = RunProgress.pick({ bytes: true });

/** Everything in the frame that changes by itself: what runs, whether the worker is there, the worst state. */
export async function shellStatus(ctx: Pick<Context, "db" | "clock">): Promise<ShellStatus> {
  const [runs, worker, worst] = await Promise.all([activeRuns(ctx), workerStatus(ctx), worstState(ctx)]);
  return {
    now: ctx.clock.now().toISOString(),
    activeRuns: runs,
    worker: { heartbeatAt: worker.heartbeatAt?.toISOString() ?? null, problem: worker.problem },
    worst,
  };
}

async function activeRuns(ctx: Pick<Context, "db">): Promise<ShellStatus["activeRuns"]> {
  // One question for each state: asked for both in order of their numbers, SQLite reads all runs there ever were.
  const found = await Promise.all(
    (["running", "queued"] as const).map((status) =>
      ctx.db.run.findMany({
        where: { status, interactive: false },
        include: { database: { select: { name: true } }, backup: { select: { databaseName: true } } },
        orderBy: { id: "asc" },
        take: mostRuns,
      }),
    ),
  );
  const rows = found.flat().sort((a, b) => a.id - b.id).slice(0, mostRuns);
  return rows.map((run) => {
    const kind = runKinds.find((known) => known === run.kind);
    const step = stepNames.find((known) => known === run.step);
    const name = run.database?.name ?? run.backup?.databaseName ?? "a database";
    return {
      id: run.id,
      title: kind ? (isRedo(run) ? redoingTitle : runTitles[kind])(name) : `Run ${run.id}`,
      step: step ? stepTitles[step] : null,
      bytes: readJson(Moved, run.progress)?.bytes ?? null,
      startedAt: run.startedAt?.toISOString() ?? null,
    };
  });
}
