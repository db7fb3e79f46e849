import "server-only";
import { raise } from "@/lib/alerts/raise";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import type { Tx } from "@/lib/db/client";
import { readJson, writeJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { plural } from "@/lib/format/counts";
import { fullTime } from "@/lib/format/times";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import type { z } from "zod";
import { planApply } from "./decide";
import { tableErrors } from "./errors";
import { stagingName } from "./names";
import { chosenIn, openBackup } from "./open-backup";
import { ChosenTables, Comparison, tableName, type ApplyPlan, type ApplyTablesInput, type ExportTableInput, type PlanApplyInput, type PlanTablesInput, type StageTablesInput, type UndoTablesInput } from "./schemas";

/** Asks which of a backup's tables are in the live database, and what refers to what. */
export async function startPlanTables(ctx: Context, input: z.output<typeof PlanTablesInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    return enqueueRun(tx, ctx, { kind: "plan_tables", databaseId: database.id, backupId: input.backupId, input, interactive: true });
  });
}

/** Stages tables of a backup beside the live ones. Throws `tables.not_in_backup`, and `run.already_active` while the database has a run. */
export async function startStageTables(ctx: Context, input: StageTablesInput): Promise<{ runId: number; tableRestoreId: string }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const backup = await openBackup(tx, input.backupId);
    chosenIn(backup.manifest, input.tables);
    const { runId } = await enqueueRun(tx, ctx, { kind: "stage_tables", databaseId: database.id, backupId: backup.id, activeKey: keyOf(database) });
    const { id } = await tx.tableRestore.create({
      data: { runId, databaseId: database.id, backupId: backup.id, state: "staging", stagingName: stagingName(database.databaseName, runId), tables: writeJson(input.tables), startedAt: ctx.clock.now() },
      select: { id: true },
    });
    const names = input.tables.map(tableName);
    await recordAudit(tx, ctx, { action: "tables.staged", outcome: "started", sentence: `Started to stage ${plural(names.length, "table")} of ${database.name} from ${fullTime(backup.takenAt.toISOString())}`, database, runId, backupId: backup.id, after: { tables: names } });
    return { runId, tableRestoreId: id };
  });
}

/** What would be done, with the hash that confirming it takes. */
export async function planApplyTables(ctx: Context, input: PlanApplyInput): Promise<ApplyPlan> {
  return plan(ctx, await staged(ctx.db, input.tableRestoreId), input);
}

/**
 * Starts what was shown and confirmed. Throws `tables.changed_since` when the decision would be another one now, `tables.wrong_phrase`,
 * `tables.blocked`, and `tables.not_staged` when it was started already.
 */
export async function startApplyTables(ctx: Context, input: ApplyTablesInput): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const row = await staged(tx, input.tableRestoreId);
    const { decision, hash, phrase, blocked } = plan(ctx, row, input);
    if (blocked[0]) throw tableErrors.blocked({ why: blocked[0] });
    if (hash !== input.hash) throw tableErrors.changed_since({});
    if (input.phrase !== phrase) throw tableErrors.wrong_phrase({ phrase });
    const { database } = row;
    const { runId } = await enqueueRun(tx, ctx, { kind: "apply_tables", databaseId: database.id, backupId: row.backupId, input: { tableRestoreId: row.id, decision, reason: input.reason }, activeKey: keyOf(database) });
    const { count } = await tx.tableRestore.updateMany({ where: { id: row.id, state: "staged" }, data: { state: "applying" } });
    if (count !== 1) throw tableErrors.not_staged({ state: row.state });
    const tables = decision.tables.filter((table) => table.do !== "none");
    await recordAudit(tx, ctx, { action: "tables.applied", outcome: "started", sentence: `Started to restore ${plural(tables.length, "table")} in ${database.name}`, database, runId, backupId: row.backupId, reason: input.reason, after: { tables, hash } });
    const facts = { event: "restore_started", database: { id: database.id, name: database.name }, runId, by: ctx.actor.name, what: "tables", how: "tables", reason: input.reason } as const;
    await raise(tx, ctx, { cause: `run:${runId}:restore_started`, facts });
    return { runId };
  });
}

/** Takes an applied restore back. Throws `tables.not_applied`, `tables.wrong_phrase`. */
export async function startUndoTables(ctx: Context, input: z.output<typeof UndoTablesInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const row = await found(tx, input.tableRestoreId);
    const { database } = row;
    if (row.state !== "applied" || row.removedAt) throw tableErrors.not_applied({ state: row.removedAt ? "removed" : row.state });
    if (input.phrase !== database.databaseName) throw tableErrors.wrong_phrase({ phrase: database.databaseName });
    const { runId } = await enqueueRun(tx, ctx, { kind: "undo_tables", databaseId: database.id, backupId: row.backupId, input: { tableRestoreId: row.id, evenIfChanged: input.evenIfChanged, reason: input.reason }, activeKey: keyOf(database) });
    await tx.tableRestore.update({ where: { id: row.id }, data: { state: "undoing" } });
    await recordAudit(tx, ctx, { action: "tables.undone", outcome: "started", sentence: `Started to undo a restore of tables in ${database.name}`, database, runId, backupId: row.backupId, reason: input.reason, after: { evenIfChanged: input.evenIfChanged } });
    return { runId };
  });
}

/** Removes what is kept of it. An applied restore cannot be undone any more then. */
export async function startDropTables(ctx: Context, input: { tableRestoreId: string }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const row = await found(tx, input.tableRestoreId);
    if (row.removedAt || !["staged", "applied", "undone"].includes(row.state)) throw tableErrors.not_staged({ state: row.removedAt ? "removed" : row.state });
    const { database } = row;
    const { runId } = await enqueueRun(tx, ctx, { kind: "drop_tables", databaseId: database.id, backupId: row.backupId, input, activeKey: keyOf(database) });
    await recordAudit(tx, ctx, { action: "tables.dropped", outcome: "started", sentence: `Started to remove what is kept of restored tables of ${database.name}`, database, runId, backupId: row.backupId });
    return { runId };
  });
}

/** Writes the staged rows of a table as CSV or SQL for a download. */
export async function startExportTable(ctx: Context, input: ExportTableInput): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const row = await found(tx, input.tableRestoreId);
    if (row.removedAt || row.comparison === null) throw tableErrors.not_staged({ state: row.removedAt ? "removed" : row.state });
    const chosen = ChosenTables.parse(JSON.parse(row.tables));
    if (!chosen.some((one) => one.schema === input.table.schema && one.name === input.table.name)) throw tableErrors.not_in_backup({ tables: [tableName(input.table)] });
    const { runId } = await enqueueRun(tx, ctx, { kind: "export_table", databaseId: row.databaseId, backupId: row.backupId, input: { ...input }, interactive: true });
    await recordAudit(tx, ctx, { action: "tables.exported", outcome: "started", sentence: `Exports ${tableName(input.table)} of ${row.database.name} as ${input.format === "csv" ? "CSV" : "SQL"}`, database: row.database, runId, backupId: row.backupId });
    return { runId };
  });
}

async function found(tx: Tx, id: string) {
  const row = await tx.tableRestore.findUnique({ where: { id }, include: { database: true } });
  if (!row) throw tableErrors.not_found({});
  return row;
}

async function staged(tx: Tx, id: string) {
  const row = await found(tx, id);
  if (row.state !== "staged" || row.removedAt) throw tableErrors.not_staged({ state: row.removedAt ? "removed" : row.state });
  return row;
}

function plan(ctx: Context, row: Awaited<ReturnType<typeof staged>>, input: PlanApplyInput): ApplyPlan {
  const comparison = readJson(Comparison, row.comparison);
  if (!comparison) throw tableErrors.not_staged({ state: row.state });
  return planApply({ id: row.id, backupId: row.backupId, databaseId: row.databaseId, databaseName: row.database.databaseName, comparison, now: ctx.clock.now() }, input);
}

/** One run at a time on a database, whatever it does: a backup, a restore, or this. */
function keyOf(database: { id: string; name: string }): { key: string; what: string } {
  return { key: backupKey(database.id), what: `A run on ${database.name}` };
}
