import "server-only";
import type { Context } from "@/lib/context";
import { systemClock } from "@/lib/clock";
import { dropExpiredKept } from "@/lib/restore/drop-kept";
import { giveLateNamesBack } from "@/lib/restore/set-aside";
import { settleLeftRestores } from "@/lib/restore/settle";
import { runTag, type Worker } from "./execute";

/** Looks after restores whose run is over: settles what one left, gives back names that a sleeper took since, and removes kept databases whose time has come. */
export async function tendRestores(worker: Worker): Promise<void> {
  const ctx: Context = { actor: { kind: "system", id: null, name: "Holdfast", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db: worker.db };
  await settleLeftRestores(ctx, (runId) => runTag(worker.installation, runId));
  await giveLateNamesBack(ctx);
  await dropExpiredKept(ctx);
}
