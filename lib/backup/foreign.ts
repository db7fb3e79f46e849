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

/** Lists a foreign file as a backup that is stored and nothing more. Its database is the registered one of that name, if any. */
export async function recordForeign(tx: Tx, file: ForeignFile): Promise<{ backupId: string; database: { id: string; name: string } | null }> {
  const { databaseName, format } = file.named;
  const database = await tx.database.findFirst({ where: { OR: [{ fileName: databaseName }, { databaseName }], removedAt: null }, select: { id: true, name: true } });
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
