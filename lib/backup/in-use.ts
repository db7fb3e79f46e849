import "server-only";
import type { Tx } from "@/lib/db/client";
import { backupErrors } from "./errors";

const active = { status: { in: ["queued", "running"] } };

/**
 * Throws `backup.in_use` while another run works with a backup, or something that was made from it is neither over nor decided: a restore, a
 * restore of tables, a look inside, a drill. Rows are asked as well as runs, because what a run began can outlast it. `exceptRunId` is
 * the run that asks.
 */
export async function refuseUsed(tx: Tx, backupId: string, exceptRunId: number | null = null): Promise<void> {
  const others = exceptRunId === null ? {} : { id: { not: exceptRunId } };
  const run = await tx.run.findFirst({ where: { backupId, ...active, ...others }, select: { id: true } });
  const runId = run?.id ?? (await usedBy(tx, backupId));
  if (runId !== null) throw backupErrors.in_use({ runId });
}

/** The run whose restore, look or drill of this backup is still open. */
async function usedBy(tx: Tx, backupId: string): Promise<number | null> {
  const select = { runId: true } as const;
  const rows = await Promise.all([
    tx.restore.findFirst({ where: { backupId, state: { in: ["started", "staging", "staged_incomplete", "staged", "swapping"] } }, select }),
    tx.tableRestore.findFirst({ where: { backupId, state: { in: ["staging", "staged", "applying", "undoing"] } }, select }),
    tx.look.findFirst({ where: { backupId, state: { in: ["opening", "open"] } }, select }),
    tx.drill.findFirst({ where: { backupId, outcome: null, run: active }, select }),
  ]);
  return rows.find((row) => row !== null)?.runId ?? null;
}
