import "server-only";
import type { z } from "zod";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { enqueueRun } from "@/lib/runs/enqueue";
import { getDatabase } from "./get";
import type { CheckDatabaseInput } from "./schemas";

/** Asks the worker which containers of its engine run PostgreSQL, and what is inside. */
export async function startDiscover(ctx: Context): Promise<{ runId: number }> {
  return transaction(ctx, (tx) => enqueueRun(tx, ctx, { kind: "discover", interactive: true }));
}

/** Asks the worker to test access to a database, registered or not yet. */
export async function startCheckDatabase(ctx: Context, input: z.output<typeof CheckDatabaseInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    if (input.databaseId) await getDatabase(tx, input.databaseId);
    return enqueueRun(tx, ctx, { kind: "check_database", databaseId: input.databaseId, input: { ...input }, interactive: true });
  });
}
