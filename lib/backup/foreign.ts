import "server-only";
import type { Tx } from "@/lib/db/client";
import type { NamedFile } from "./names";

/** A file that Holdfast did not make, and what is known of it without reading it. */
export interface ForeignFile {
  storeId: string;
  key: string;
  sizeBytes: number;
  /** Null: its bytes were not read yet. */
  sha256: string | null;
  named: NamedFile;
  /** How old its data is at least. */
  takenAt: Date;
  storedAt: Date;
  initiator: { kind: string; name: string };
}

/** Lists a foreign file as a backup that is stored and nothing more. Its database is the one that is registered under that name, if exactly one is. */
export async function recordForeign(tx: Tx, file: ForeignFile): Promise<{ backupId: string; database: { id: string; name: string } | null }> {
  const { databaseName, format } = file.named;
  const database = await databaseNamed(tx, databaseName);
  const { id } = await tx.backup.create({
    data: {
      databaseId: database?.id ?? null,
      databaseName,
      origin: "foreign",
      format,
      takenAt: file.takenAt,
      sizeBytes: BigInt(file.sizeBytes),
      initiatorKind: file.initiator.kind,
      initiatorName: file.initiator.name,
      rung: 1,
      storedAt: file.storedAt,
    },
  });
  await tx.copy.create({
    data: { backupId: id, storeId: file.storeId, key: file.key, sizeBytes: BigInt(file.sizeBytes), databaseKey: database?.id ?? databaseName, sha256: file.sha256, storedAt: file.storedAt },
  });
  return { backupId: id, database };
}

/** A name is all that such a file has. Where it fits two databases, or none, nobody can say whose it is. */
async function databaseNamed(tx: Tx, name: string): Promise<{ id: string; name: string } | null> {
  const [database, another] = await tx.database.findMany({ where: { OR: [{ fileName: name }, { databaseName: name }], removedAt: null }, take: 2, select: { id: true, name: true } });
  return another ? null : (database ?? null);
}

/** Gives a database that was just registered the foreign files of its name that were listed before it, unless they fit another one too. */
export async function joinForeign(tx: Tx, database: { id: string; databaseName: string; fileName: string }): Promise<void> {
  for (const databaseName of new Set([database.databaseName, database.fileName])) {
    if ((await databaseNamed(tx, databaseName))?.id !== database.id) continue;
    await tx.backup.updateMany({ where: { databaseId: null, origin: "foreign", databaseName }, data: { databaseId: database.id } });
  }
  await tx.copy.updateMany({ where: { backup: { databaseId: database.id } }, data: { databaseKey: database.id } });
}
