import "server-only";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { runErrors } from "./errors";
import type { RunKind } from "./schemas";

/**
 * Puts a run in the queue for the worker and returns its number. With `activeKey` only one run with that key can be
 * queued or running at a time; a second one is refused with `run.already_active`, as is
 * whatever needs the file of a backup that is being deleted.
 */
export async function enqueueRun(
  tx: Tx,
  ctx: Pick<Context, "actor" | "clock">,
  run: {
    kind: RunKind;
    databaseId?: string | null;
    backupId?: string | null;
    input?: Record<string, unknown>;
    activeKey?: { key: string; what: string };
    interactive?: boolean;
  },
): Promise<{ runId: number }> {
  if (run.activeKey) {
    const other = await tx.run.findUnique({ where: { activeKey: run.activeKey.key }, select: { id: true } });
    if (other) throw runErrors.already_active({ what: run.activeKey.what, runId: other.id });
  }
  if (run.backupId && !withoutFile.has(run.kind)) await refuseDeleted(tx, run.backupId);
  const { id } = await tx.run.create({
    data: {
      kind: run.kind,
      status: "queued",
      databaseId: run.databaseId ?? null,
      backupId: run.backupId ?? null,
      input: writeJson(run.input ?? {}),
      initiatorKind: ctx.actor.kind,
      initiatorId: ctx.actor.id,
      initiatorName: ctx.actor.name,
      origin: ctx.actor.origin,
      queuedAt: ctx.clock.now(),
      activeKey: run.activeKey?.key ?? null,
      interactive: run.interactive ?? false,
    },
    select: { id: true },
  });
  return { runId: id };
}

/** They work with what was made from a backup, and need its file no more: nobody should wait for a deletion to undo a restore. */
const withoutFile: ReadonlySet<RunKind> = new Set(["undo_restore", "resolve_staged", "drop_kept", "apply_tables", "undo_tables", "drop_tables", "query_look", "close_look"]);

/** What a run is deleting at this moment nothing else may begin to use. */
async function refuseDeleted(tx: Tx, backupId: string): Promise<void> {
  const deletion = await tx.run.findFirst({ where: { backupId, kind: { in: ["delete_backup", "prune_backups"] }, status: { in: ["queued", "running"] } }, select: { id: true } });
  if (deletion) throw runErrors.already_active({ what: "The deletion of this backup", runId: deletion.id });
}

/** The key under which a database has at most one backup at a time. */
export function backupKey(databaseId: string): string {
  return `backup:${databaseId}`;
}
