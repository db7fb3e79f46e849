import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { getDatabase } from "@/lib/databases/get";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { InspectForeignInput, StartConvertInput } from "./schemas";
import { imageFor, readForeign } from "./source";

/** Asks the worker what is in a foreign file. */
export async function startInspectForeign(ctx: Context, input: z.output<typeof InspectForeignInput>): Promise<{ runId: number }> {
  const { backup } = await readForeign(ctx, input.backupId);
  return transaction(ctx, (tx) => enqueueRun(tx, ctx, { kind: "inspect_foreign", backupId: backup.id, input: { ...input }, interactive: true }));
}

/** Asks the worker to turn a foreign file into a backup of a registered database. One conversion of a file at a time. */
export async function startConvert(ctx: Context, input: StartConvertInput): Promise<{ runId: number }> {
  const { backup, copy } = await readForeign(ctx, input.backupId);
  await imageFor(ctx, input.databaseId);
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const activeKey = { key: `convert:${backup.id}`, what: `A conversion of ${copy.key}` };
    const { runId } = await enqueueRun(tx, ctx, { kind: "convert_backup", databaseId: database.id, backupId: backup.id, input: { ...input }, activeKey });
    await recordAudit(tx, ctx, { action: "backup.conversion_started", outcome: "started", sentence: `Started to convert ${copy.key} into a backup of ${database.name}`, database, runId, backupId: backup.id });
    return { runId };
  });
}
