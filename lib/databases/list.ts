import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Database, Store } from "@/lib/db/generated/client";
import type { Application } from "@/lib/restore/schemas";
import { applicationOf } from "./application";
import { BackupOptions, DatabaseCheck } from "./schemas";

/** A registered database as the settings show it. */
export interface RegisteredDatabase {
  id: string;
  name: string;
  container: string;
  databaseName: string;
  role: string;
  storeId: string;
  storeName: string;
  serverVersion: string | null;
  sizeBytes: number | null;
  objectiveRpoSeconds: number;
  objectiveRtoSeconds: number;
  objectiveTableSeconds: number;
  objectivePointInTimeSeconds: number;
  options: BackupOptions;
  application: Application;
  lastCheck: { check: DatabaseCheck; at: string } | null;
}

/** Every registered database, by name. */
export async function listDatabases({ db }: Pick<Context, "db">): Promise<RegisteredDatabase[]> {
  const rows = await db.database.findMany({ where: { removedAt: null }, include: { store: true }, orderBy: { name: "asc" } });
  return rows.map(toRegistered);
}

/** One of them; null when it is not there or was removed. */
export async function findDatabase({ db }: Pick<Context, "db">, id: string): Promise<RegisteredDatabase | null> {
  const row = await db.database.findUnique({ where: { id, removedAt: null }, include: { store: true } });
  return row ? toRegistered(row) : null;
}

function toRegistered(row: Database & { store: Store }): RegisteredDatabase {
  const { id, name, container, databaseName, role, storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds } = row;
  const check = readJson(DatabaseCheck, row.lastCheck);
  return {
    id, name, container, databaseName, role, storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds,
    storeName: row.store.name,
    // A test knows it before the first backup does.
    serverVersion: row.serverVersion ?? check?.facts.serverVersion ?? null,
    sizeBytes: toNumber(row.sizeBytes) ?? check?.facts.sizeBytes ?? null,
    options: readJson(BackupOptions, row.options),
    application: applicationOf(row),
    lastCheck: check && row.checkedAt ? { check, at: row.checkedAt.toISOString() } : null,
  };
}
