import "server-only";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import type { Look } from "@/lib/db/generated/client";
import { inspectContainer } from "@/lib/docker/containers";
import { findEngine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { closeLook } from "./close";

/** Closes looks that nobody has asked for a while, and marks those whose server or whose run is gone. */
export async function closeIdleLooks(db: Db, now = systemClock.now()): Promise<void> {
  const ctx: Context = { db, clock: systemClock, actor: { kind: "system", id: null, name: "Holdfast", origin: "worker" } };
  for (const look of await db.look.findMany({ where: { state: "open" } })) {
    if (look.closesAt <= now) await closeLook(ctx, look, "Nobody had asked it anything for a while.");
    else if (await isServerGone(look)) await closeLook(ctx, look, "Its throwaway server was gone.");
  }
  // The run that opens one writes its end itself; one that is over without that was lost.
  for (const look of await db.look.findMany({ where: { state: "opening" } })) {
    const run = await db.run.findUnique({ where: { id: look.runId }, select: { status: true } });
    if (run?.status === "queued" || run?.status === "running") continue;
    await db.look.updateMany({ where: { id: look.id, state: "opening" }, data: { state: "failed", closedAt: now, problem: "The worker stopped before it was open." } });
  }
}

async function isServerGone(look: Look): Promise<boolean> {
  if (!look.container) return true;
  try {
    return (await inspectContainer(await findEngine(), look.container)).state !== "running";
  } catch (error) {
    // An engine that does not answer says nothing of the container.
    return error instanceof AppError && error.code === "docker.container_missing";
  }
}
