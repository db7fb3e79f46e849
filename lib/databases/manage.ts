import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { joinForeign } from "@/lib/backup/foreign";
import { toFileName } from "@/lib/backup/names";
import { requireUnmanaged } from "@/lib/config/managed";
import type { ManagedPart } from "@/lib/config/schemas";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { Database } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { defaultDrillPolicy, type StoredDrillPolicy } from "@/lib/drill/schemas";
import { recordObjectives } from "@/lib/history/objectives";
import { usualSettings } from "@/lib/schedule/usual";
import { storeErrors } from "@/lib/stores/errors";
import { databaseErrors } from "./errors";
import { getDatabase } from "./get";
import { BackupOptions, type AcceptIdentityInput, type AddDatabaseInput, type UpdateDatabaseInput } from "./schemas";

/** Registers a database for backup and returns its id. Throws `database.registered`. */
export async function addDatabase(ctx: Context, input: z.output<typeof AddDatabaseInput>): Promise<{ databaseId: string }> {
  return transaction(ctx, async (tx) => {
    const { container, databaseName, role } = input;
    const same = await tx.database.findFirst({ where: { container, databaseName, removedAt: null } });
    if (same) throw databaseErrors.registered({ container, database: databaseName });
    await requireStore(tx, input.storeId);
    const database = await tx.database.create({
      data: {
        name: await freeName(tx, input.name ?? databaseName, container),
        fileName: await freeFileName(tx, databaseName),
        container,
        databaseName,
        role,
        storeId: input.storeId,
        objectiveRpoSeconds: input.objectiveRpoSeconds,
        objectiveRtoSeconds: input.objectiveRtoSeconds,
        objectiveTableSeconds: input.objectiveTableSeconds,
        objectivePointInTimeSeconds: input.objectivePointInTimeSeconds,
        options: writeJson(input.options),
        drillPolicy: writeJson({ when: defaultDrillPolicy.when, which: defaultDrillPolicy.which, since: ctx.clock.now().toISOString() } satisfies StoredDrillPolicy),
        createdAt: ctx.clock.now(),
        // Disks fail quietly: unless somebody decides otherwise every file is read again once a month.
        schedules: { create: { ...usualSettings("recheck"), options: null, kind: "recheck", recordedUntil: ctx.clock.now(), createdAt: ctx.clock.now() } },
      },
    });
    await recordObjectives(tx, ctx, null, database);
    await joinForeign(tx, database);
    await recordAudit(tx, ctx, { action: "database.added", outcome: "succeeded", sentence: `Added ${database.name} in ${container}`, database, after: await described(tx, database) });
    return { databaseId: database.id };
  });
}

/** Changes how a database is reached, where its backups go and what is promised. Its identity is asked anew at the next test. */
export async function updateDatabase(ctx: Context, input: z.output<typeof UpdateDatabaseInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const before = await getDatabase(tx, input.databaseId);
    const { databaseId, options, ...fields } = input;
    const wanted = { ...given(fields), ...(options ? { options: writeJson(options) } : {}) };
    const changed = changedParts(before, { ...before, options: writeJson(readJson(BackupOptions, before.options)), ...wanted });
    if (changed.length === 0) return;
    await requireUnmanaged(tx, ctx, before, changed);
    if (input.storeId !== undefined) await requireStore(tx, input.storeId);
    const after = await tx.database.update({ where: { id: databaseId }, data: wanted });
    await recordObjectives(tx, ctx, before, after);
    await recordAudit(tx, ctx, { action: "database.changed", outcome: "succeeded", sentence: `Changed the settings of ${after.name}`, database: after, before: await described(tx, before), after: await described(tx, after) });
  });
}

/** Without what was left out. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/**
 * Accepts the server that answers now as this database, after a person looked at the test: it was created anew on purpose.
 * The next backup records its identity. `phrase` is its name, typed.
 */
export async function acceptIdentity(ctx: Context, input: z.output<typeof AcceptIdentityInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    if (input.phrase !== database.name) throw databaseErrors.wrong_phrase({ phrase: database.name });
    await tx.database.update({ where: { id: database.id }, data: { systemIdentifier: null, databaseOid: null } });
    await recordAudit(tx, ctx, {
      action: "database.changed",
      outcome: "succeeded",
      sentence: `Accepted the server that answers now as ${database.name}`,
      database,
      reason: input.reason,
      before: { systemIdentifier: database.systemIdentifier, databaseOid: database.databaseOid },
      after: { systemIdentifier: null, databaseOid: null },
    });
  });
}

/** Stops protecting a database. Its backups, their files and the record stay. `phrase` is its name, typed. */
export async function removeDatabase(ctx: Context, input: { databaseId: string; phrase: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    await requireUnmanaged(tx, ctx, database, ["address"]);
    if (input.phrase !== database.name) throw databaseErrors.wrong_phrase({ phrase: database.name });
    const active = await tx.run.findFirst({ where: { databaseId: database.id, status: { in: ["queued", "running"] } }, select: { id: true } });
    if (active) throw databaseErrors.busy({ name: database.name, runId: active.id });
    // Names are unique among all rows; a removed one gives its name free for the next of that name.
    const removedAt = ctx.clock.now();
    await tx.database.update({ where: { id: database.id }, data: { removedAt, name: `${database.name} (removed ${removedAt.toISOString().slice(0, 19)})` } });
    await recordAudit(tx, ctx, { action: "database.removed", outcome: "succeeded", sentence: `Removed ${database.name}; its backups stay`, database, before: await described(tx, database) });
  });
}

/** The cards whose settings differ. */
function changedParts(before: Database, after: Database): ManagedPart[] {
  const differs = (...names: (keyof Database)[]) => names.some((name) => before[name] !== after[name]);
  const changed = {
    address: differs("container", "role"),
    store: differs("storeId"),
    objectives: differs("objectiveRpoSeconds", "objectiveRtoSeconds", "objectiveTableSeconds", "objectivePointInTimeSeconds"),
    options: writeJson(readJson(BackupOptions, before.options)) !== after.options,
  };
  return (Object.keys(changed) as (keyof typeof changed)[]).filter((part) => changed[part]);
}

async function requireStore(tx: Tx, storeId: string): Promise<void> {
  const store = await tx.store.findUnique({ where: { id: storeId, removedAt: null }, select: { id: true } });
  if (!store) throw storeErrors.not_found({});
}

async function freeName(tx: Tx, databaseName: string, container: string): Promise<string> {
  const wanted = [databaseName, `${databaseName} in ${container}`];
  for (let number = 2; ; number += 1) {
    const name = wanted.shift() ?? `${databaseName} in ${container} (${number})`;
    if (!(await tx.database.findUnique({ where: { name }, select: { id: true } }))) return name;
  }
}

/** Unique for ever, removed databases included: two must never share a prefix in a store. */
async function freeFileName(tx: Tx, databaseName: string): Promise<string> {
  const base = toFileName(databaseName);
  for (let number = 1; ; number += 1) {
    const fileName = number === 1 ? base : `${base}_${number}`;
    if (!(await tx.database.findUnique({ where: { fileName }, select: { id: true } }))) return fileName;
  }
}

async function described(tx: Tx, database: Database): Promise<Record<string, unknown>> {
  const { container, databaseName, role, storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds } = database;
  const store = await tx.store.findUnique({ where: { id: storeId }, select: { name: true } });
  return { container, databaseName, role, store: store?.name ?? storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds, options: readJson(BackupOptions, database.options) };
}
