import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { writeJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { drillErrors } from "./errors";
import { drillPolicyOf } from "./policy";
import type { AddDrillCheckInput, DrillPolicy, SetDrillPolicyInput } from "./schemas";

/** Says when a database is drilled by itself, and which backup. Counts from now on: what was due before is not made up for. */
export async function setDrillPolicy(ctx: Context, input: SetDrillPolicyInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const { databaseId: _, ...after } = input;
    const before = shown(drillPolicyOf(database));
    if (before && writeJson(before) === writeJson(shown(after))) return;
    await tx.database.update({ where: { id: database.id }, data: { drillPolicy: writeJson({ ...after, since: ctx.clock.now().toISOString() }) } });
    await recordAudit(tx, ctx, { action: "drill.policy_changed", outcome: "succeeded", sentence: `Changed when ${database.name} is drilled`, database, before, after: shown(after) });
  });
}

function shown(policy: DrillPolicy | null) {
  return policy && { when: policy.when, which: policy.which, hour: policy.hour };
}

/** Adds a question that every drill of the database asks from now on. */
export async function addDrillCheck(ctx: Context, input: AddDrillCheckInput): Promise<{ checkId: string }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const { name, query, expected } = input;
    const { id } = await tx.drillCheck.create({ data: { databaseId: database.id, name, query, expected, createdAt: ctx.clock.now() } });
    await recordAudit(tx, ctx, { action: "drill.check_added", outcome: "succeeded", sentence: `Added the check ${name} to drills of ${database.name}`, database, after: { name, query, expected } });
    return { checkId: id };
  });
}

/** Takes a question out. Drills that asked it keep it in their reports. Throws `drill.check_not_found`. */
export async function removeDrillCheck(ctx: Context, input: { checkId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const check = await tx.drillCheck.findUnique({ where: { id: input.checkId, removedAt: null }, include: { database: { select: { id: true, name: true } } } });
    if (!check) throw drillErrors.check_not_found({});
    await tx.drillCheck.update({ where: { id: check.id }, data: { removedAt: ctx.clock.now() } });
    const { name, query, expected, database } = check;
    await recordAudit(tx, ctx, { action: "drill.check_removed", outcome: "succeeded", sentence: `Removed the check ${name} from drills of ${database.name}`, database, before: { name, query, expected } });
  });
}
