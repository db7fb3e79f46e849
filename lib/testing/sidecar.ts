import { AddDatabaseInput } from "@/lib/databases/schemas";
import { Sidecar } from "@/lib/backup/schemas";

/** The description of a backup of 8 bytes, with what a test says of it. */
export function exampleSidecar(over: Pick<Sidecar, "backupId" | "runId"> & { databaseId: string; key: string } & Partial<Sidecar>): Sidecar {
  const { databaseId, key, ...said } = over;
  const at = "2026-09-22T02:00:00.000Z";
  return Sidecar.parse({
    holdfast: 1, database: { id: databaseId, name: "orders", container: "pg", role: "x" }, takenAt: at, format: "custom",
    file: { name: key, sizeBytes: 8, sha256: "a".repeat(64) }, roles: null, options: AddDatabaseInput.parse({ container: "pg", databaseName: "x", role: "x", storeId: "x" }).options,
    label: null, note: null, keep: false, initiator: { kind: "user", name: "Maeve" }, storedMs: 1, proof: { storedAt: at, intactAt: null, readableAt: null, provenAt: null },
    manifest: {
      server: { version: "15.8", versionNumber: 150_008, systemIdentifier: "7", image: null }, tools: { dump: "pg_dump 15.8", compression: "zstd" },
      database: { name: "orders", oid: "1", owner: "x", encoding: "UTF8", collation: "C", characterType: "C", sizeBytes: 10 }, snapshot: { id: "1", takenAt: at, walPosition: "0/0" },
      tables: [], sequences: [], extensions: [], roles: [], largeObjects: 0, schemaFingerprint: "x", settings: null, warnings: [],
    },
    ...said,
  });
}
