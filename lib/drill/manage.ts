import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { requireUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { writeJson } from "@/lib/db/codecs";
import type { Schedule } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { putSchedule } from "@/lib/schedule/manage";
import { dropSchedule } from "@/lib/schedule/remove";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { usualSettings } from "@/lib/schedule/usual";
import { drillErrors } from "./errors";
import { cronOf, drillPolicyOf } from "./policy";
import type { AddDrillCheckInput, DrillPolicy, SetDrillPolicyInput, StoredDrillPolicy } from "./schemas";

/**
 * Says when a database is drilled by itself, and which backup. Times become its drill schedule, which keeps what else was set there.
 * Counts from now on: what was due before is not made up for.
 */
export async function setDrillPolicy(ctx: Context, input: SetDrillPolicyInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const { id } = await getDatabase(tx, input.databaseId);
    const database = await tx.database.findUniqueOrThrow({ where: { id }, include: { schedules: { where: { kind: "drill" }, include: { database: { select: { id: true, name: true } } } } } });
    const policy = drillPolicyOf(database);
    const before = shown(policy);
    const after = shown(input);
    if (before && writeJson(before) === writeJson(after)) return;
    await requireUnmanaged(tx, ctx, database, ["drills"]);
    const schedule = database.schedules.find(({ removedAt }) => removedAt === null);
    const cron = cronOf(input.when, input.hour);
    if (cron) await putSchedule(tx, ctx, SaveScheduleInput.parse({ ...usualSettings("drill"), ...settingsOf(schedule), databaseId: id, kind: "drill", cron, timeZone: "UTC" }));
    else if (schedule && input.when !== "scheduled") await dropSchedule(tx, ctx, schedule, null);
    const stored: StoredDrillPolicy = { when: input.when === "after_backup" ? "after_backup" : "never", which: input.which, since: ctx.clock.now().toISOString() };
    await tx.database.update({ where: { id }, data: { drillPolicy: writeJson(stored) } });
    await recordAudit(tx, ctx, { action: "drill.policy_changed", outcome: "succeeded", sentence: `Changed when ${database.name} is drilled`, database, before, after });
  });
}

/** What of a schedule is kept when its times change. */
function settingsOf(schedule: Schedule | undefined) {
  if (!schedule) return {};
  const { jitterSeconds, retries, retryDelaySeconds, timeoutSeconds, missed, overlap } = schedule;
  return { jitterSeconds, retries, retryDelaySeconds, timeoutSeconds, missed, overlap };
}

function shown(policy: DrillPolicy | null) {
  return policy && { when: policy.when, which: policy.which, ...(cronOf(policy.when, policy.hour) ? { hour: policy.hour } : {}) };
}

/** Adds a question that every drill of the database asks from now on. */
export async function addDrillCheck(ctx: Context, input: AddDrillCheckInput): Promise<{ checkId: string }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    await requireUnmanaged(tx, ctx, database, ["checks"]);
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
    await requireUnmanaged(tx, ctx, check.database, ["checks"]);
    await tx.drillCheck.update({ where: { id: check.id }, data: { removedAt: ctx.clock.now() } });
    const { name, query, expected, database } = check;
    await recordAudit(tx, ctx, { action: "drill.check_removed", outcome: "succeeded", sentence: `Removed the check ${name} from drills of ${database.name}`, database, before: { name, query, expected } });
  });
}
