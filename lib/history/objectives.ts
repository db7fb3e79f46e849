import "server-only";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import type { Database } from "@/lib/db/generated/client";
import { objectiveColumns, objectives, type Objective } from "./schemas";

type Promised = Pick<Database, (typeof objectiveColumns)[Objective]>;

/**
 * Writes down what is promised from now on: every target of a database that is new, else those that changed. Rows are only ever
 * added, so what was promised before is still what past times are measured by.
 */
export async function recordObjectives(tx: Tx, ctx: Pick<Context, "actor" | "clock">, before: Promised | null, after: Promised & { id: string }): Promise<void> {
  const changed = objectives.filter((objective) => before?.[objectiveColumns[objective]] !== after[objectiveColumns[objective]]);
  const from = ctx.clock.now();
  for (const objective of changed) {
    await tx.objectiveChange.create({ data: { databaseId: after.id, objective, seconds: after[objectiveColumns[objective]], from, changedBy: ctx.actor.name } });
  }
}
