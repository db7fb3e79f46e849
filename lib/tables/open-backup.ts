import "server-only";
import { bestCopy } from "@/lib/backup/best-copy";
import { backupErrors } from "@/lib/backup/errors";
import { readFileName } from "@/lib/backup/names";
import { dumpedTables } from "@/lib/backup/tables";
import { Manifest } from "@/lib/backup/schemas";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Db, Tx } from "@/lib/db/client";
import type { StoredArchive } from "@/lib/postgres/load";
import type { StagedFile } from "@/lib/restore/stage";
import { openVerified } from "@/lib/restore/verified-file";
import { tableErrors } from "./errors";
import { tableName, type TableRef } from "./schemas";

/** A backup that single tables can be taken of. */
export interface TablesBackup {
  id: string;
  databaseName: string;
  takenAt: Date;
  manifest: Manifest;
  file: StagedFile;
  /** What it gives away is held to the first reading of the file. */
  archive: StoredArchive;
}

/** Reads a backup with its manifest and where its file is. Throws `backup.*` and `tables.backup_foreign`, `tables.no_manifest`. */
export async function openBackup(db: Db | Tx, backupId: string): Promise<TablesBackup> {
  const backup = await db.backup.findUnique({ where: { id: backupId, deletedAt: null }, include: { manifest: true, copies: { include: { store: true }, orderBy: { storedAt: "asc" } } } });
  if (!backup) throw backupErrors.not_found({});
  if (backup.origin !== "holdfast") throw tableErrors.backup_foreign({});
  const manifest = readJson(Manifest, backup.manifest?.content ?? null);
  if (!manifest) throw tableErrors.no_manifest({});
  const copy = bestCopy(backup.copies);
  const named = copy ? readFileName(copy.key) : null;
  if (!copy || !named) throw backupErrors.not_present({});
  const file: StagedFile = { store: copy.store, key: copy.key, sizeBytes: toNumber(copy.sizeBytes), sha256: copy.sha256, backupId: backup.id, copyId: copy.id };
  return { id: backup.id, databaseName: backup.databaseName, takenAt: backup.takenAt, manifest, file, archive: { ...named, open: () => openVerified(file) } };
}

/** The chosen tables as the manifest has them. Throws `tables.not_in_backup` for those whose rows were left out. */
export function chosenIn(manifest: Manifest, tables: readonly TableRef[]): Manifest["tables"] {
  const dumped = new Map(dumpedTables(manifest).map((table) => [JSON.stringify([table.schema, table.name]), table]));
  const found = tables.map((table) => ({ table, facts: dumped.get(JSON.stringify([table.schema, table.name])) }));
  const missing = found.filter(({ facts }) => !facts).map(({ table }) => tableName(table));
  if (missing.length > 0) throw tableErrors.not_in_backup({ tables: missing });
  return found.flatMap(({ facts }) => facts ?? []);
}
