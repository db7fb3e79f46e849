import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { authErrors } from "@/lib/auth/errors";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { imageFor, readSource } from "@/lib/convert/source";
import { enqueueRun } from "@/lib/runs/enqueue";
import { atLeast } from "@/lib/users/schemas";
import { lookErrors } from "./errors";
import { idleMs, type LookIdInput, type OpenLookInput, type QueryLookInput } from "./schemas";

/** Each look is a server of its own. */
const mostOpen = 3;

/** Asks the worker to open a backup, or returns the look that has it open already. */
export async function startOpenLook(ctx: Context, input: OpenLookInput): Promise<{ lookId: string; runId: number }> {
  const { backup } = await readSource(ctx, input.backupId);
  if (backup.origin === "foreign") {
    // A file from elsewhere may hold commands: taking one in, and having one loaded, is for those who may take it in.
    if (ctx.actor.kind === "user" && !atLeast(ctx.actor.role, "admin")) throw authErrors.forbidden({ role: ctx.actor.role, needed: "admin" });
    await imageFor(ctx, input.databaseId ?? backup.databaseId);
  }
  return transaction(ctx, async (tx) => {
    const open = await tx.look.findMany({ where: { state: { in: ["opening", "open"] } }, select: { id: true, runId: true, backupId: true } });
    const same = open.find((look) => look.backupId === backup.id);
    if (same) return { lookId: same.id, runId: same.runId };
    if (open.length >= mostOpen) throw lookErrors.too_many({ open: open.length });
    const lookId = randomUUID();
    const now = ctx.clock.now();
    const { runId } = await enqueueRun(tx, ctx, { kind: "open_look", databaseId: null, backupId: backup.id, input: { ...input, lookId }, activeKey: { key: `look:${backup.id}`, what: "A look inside this backup" } });
    await tx.look.create({
      data: { id: lookId, backupId: backup.id, runId, state: "opening", openedById: ctx.actor.id, openedBy: ctx.actor.name, openedAt: now, lastUsedAt: now, closesAt: new Date(now.getTime() + idleMs) },
    });
    return { lookId, runId };
  });
}

/** Asks an open look one question. Its time starts anew with each. */
export async function startQueryLook(ctx: Context, input: QueryLookInput): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const look = await openLook(tx, input.lookId);
    const now = ctx.clock.now();
    await tx.look.update({ where: { id: look.id }, data: { lastUsedAt: now, closesAt: new Date(now.getTime() + idleMs) } });
    return enqueueRun(tx, ctx, { kind: "query_look", backupId: look.backupId, input: { ...input }, interactive: true });
  });
}

/** Asks the worker to close a look. */
export async function startCloseLook(ctx: Context, input: z.output<typeof LookIdInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const look = await openLook(tx, input.lookId);
    return enqueueRun(tx, ctx, { kind: "close_look", backupId: look.backupId, input: { ...input }, interactive: true });
  });
}

async function openLook(tx: Tx, lookId: string) {
  const look = await tx.look.findUnique({ where: { id: lookId } });
  if (!look) throw lookErrors.not_found({});
  if (look.state !== "open") throw lookErrors.not_open({});
  return look;
}
