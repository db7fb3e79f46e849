import "server-only";
import type { Context } from "@/lib/context";
import { span } from "@/lib/format/durations";
import { log } from "@/lib/log";
import { workerStatus } from "./worker-status";

const silentAfterMs = 30_000;

/** Why Holdfast cannot do its work now; empty when it can. For whoever watches it from outside. */
export async function unreadyReasons(ctx: Pick<Context, "db" | "clock">): Promise<string[]> {
  try {
    const { heartbeatAt, problem } = await workerStatus(ctx);
    if (!heartbeatAt) return ["No worker was ever heard."];
    const silentMs = ctx.clock.now().getTime() - heartbeatAt.getTime();
    return [
      ...(silentMs > silentAfterMs ? [`No word from the worker for ${span(Math.floor(silentMs / 1_000))}.`] : []),
      ...(problem ? [`${problem.replace(/\.$/, "")}.`] : []),
    ];
  } catch (error) {
    log.error({ err: error }, "the metadata database cannot be read");
    return ["The metadata database cannot be read."];
  }
}
