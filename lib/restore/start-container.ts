import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { transaction } from "@/lib/db/transaction";
import { startApplication } from "@/lib/docker/application";
import { findEngine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { Job, JobResult } from "@/lib/runs/job";
import { connectTarget } from "./evidence";
import { restoreErrors } from "./errors";
import type { StartContainerInput } from "./schemas";

const patienceMs = 90_000;
const askEveryMs = 500;

/** Asks for a database's stopped container to be started: what a restore needs first when the server is down. */
export async function startStartContainer(ctx: Context, input: z.output<typeof StartContainerInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const activeKey = { key: `start:${database.id}`, what: `Starting ${database.container}` };
    const { runId } = await enqueueRun(tx, ctx, { kind: "start_container", databaseId: database.id, input: {}, activeKey, interactive: true });
    await recordAudit(tx, ctx, { action: "database.started", outcome: "started", sentence: `Started the container ${database.container}`, database, runId });
    return { runId };
  });
}

/** Starts the container and waits until its server takes connections. */
export async function runStartContainer(job: Job): Promise<JobResult> {
  const database = await job.ctx.db.database.findUnique({ where: { id: job.databaseId ?? "" } });
  if (!database) throw restoreErrors.not_found({});
  const engine = await findEngine();
  await job.step("start_container", async () => {
    await startApplication(engine, [database.container]);
    const deadline = Date.now() + patienceMs;
    for (;;) {
      job.signal.throwIfAborted();
      try {
        return await connectTarget(engine, database, job.signal);
      } catch (error) {
        if (!(error instanceof AppError) || Date.now() > deadline) throw error;
      }
      await sleep(askEveryMs);
    }
  }, ({ server }) => `PostgreSQL ${server.facts.version} answers`);
  return { sentence: `Started the container ${database.container}`, result: { container: database.container } };
}
