import "server-only";
import { hostname } from "node:os";
import { randomBytes } from "node:crypto";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { workerStatus } from "@/lib/monitoring/worker-status";
import { Deliverer } from "./deliver";
import { judgeWorker } from "./judge";
import { watchConditions } from "./watch";
import { websConditions } from "./who-watches";

const everyMs = 15_000;

/** Begins to look after the worker from the web process: nobody else can say that it is silent. Called once, when the process starts. */
export function watchTheWorker(): void {
  const ctx = { db, clock: systemClock };
  const startedAt = new Date();
  const deliverer = new Deliverer(ctx, `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`);
  const look = async () => {
    // While the worker is away, what waits is sent from here.
    if (await lookAfterWorker(ctx, startedAt)) await deliverer.round();
  };
  const timer = setInterval(() => void look().catch((error: unknown) => log.error({ err: error }, "the worker could not be looked after")), everyMs);
  timer.unref();
}

/** Tells when the worker is silent and when it is back. Returns whether it is silent. */
export async function lookAfterWorker(ctx: Pick<Context, "db" | "clock">, startedAt: Date): Promise<boolean> {
  const { heartbeatAt } = await workerStatus(ctx);
  const isSilent = judgeWorker(heartbeatAt, startedAt, ctx.clock.now()) === "active";
  await watchConditions(ctx, websConditions(isSilent), startedAt);
  return isSilent;
}
