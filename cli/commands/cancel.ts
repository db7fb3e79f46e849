import type { Command } from "commander";
import { cancelRun } from "@/lib/runs/cancel";
import { ifCancelled } from "@/lib/runs/consequences";
import { readRun } from "@/lib/runs/read";
import type { Act } from "../act";
import { wholeNumber } from "../options";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addCancel(program: Command, act: Act): void {
  program
    .command("cancel")
    .argument("<run>", "the number of the run", wholeNumber(1))
    .summary("stop a run that is queued or under way")
    .description("Asks a run to stop. It cleans up what it has begun, and says so in its log.")
    .action(act.session(cancel));
}

async function cancel({ ctx }: Session, runId: number): Promise<Done> {
  const view = await readRun(ctx, { id: runId });
  const meaning = ifCancelled(view);
  await cancelRun(ctx, { runId });
  return { data: { run: runId, wasRunning: view.status === "running" }, text: [plain(`Run ${runId} ${view.status === "queued" ? "is cancelled" : "was asked to stop"}. ${meaning}`)] };
}
