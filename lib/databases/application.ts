import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { requireUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Database } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { Application, noApplication } from "@/lib/restore/schemas";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { CheckApplicationInput, SaveApplicationInput } from "./application-schemas";
import { databaseErrors } from "./errors";
import { getDatabase } from "./get";

/** What is stopped before a swap and started after it; a database without one has no containers and no address. */
export function applicationOf(database: Pick<Database, "application">): Application {
  return readJson(Application, database.application) ?? noApplication;
}

/**
 * Says which containers use a database and how to tell that they work. Counts from the next restore on; one that runs goes by
 * its plan. Throws `database.own_container` for the container that the database itself runs in.
 */
export async function saveApplication(ctx: Context, input: z.output<typeof SaveApplicationInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const application = { ...input.application, containers: [...new Set(input.application.containers)] };
    if ([...application.containers, application.rehearsal?.container].includes(database.container)) throw databaseErrors.own_container({ container: database.container });
    const before = applicationOf(database);
    if (writeJson(before) === writeJson(application)) return;
    await requireUnmanaged(tx, ctx, database, ["application"]);
    await tx.database.update({ where: { id: database.id }, data: { application: writeJson(application) } });
    await recordAudit(tx, ctx, { action: "database.changed", outcome: "succeeded", sentence: `Changed the application of ${database.name}`, database, before, after: application });
  });
}

/** Asks the worker whether the containers are there and the address answers, as they stand in the form. Changes nothing. */
export async function startCheckApplication(ctx: Context, input: z.output<typeof CheckApplicationInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    return enqueueRun(tx, ctx, { kind: "check_application", databaseId: database.id, input: { ...input }, interactive: true });
  });
}
