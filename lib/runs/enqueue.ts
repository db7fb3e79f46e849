import "server-only";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { runErrors } from "./errors";
import type { RunKind } from "./schemas";

/**
 * Puts a run in the queue for the worker and returns its number. With `activeKey` only one run with that key can be
 * queued or running at a time; a second one is refused with `run.already_active`.
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

/** The key under which a database has at most one backup at a time. */
export function backupKey(databaseId: string): string {
  return `backup:${databaseId}`;
}
