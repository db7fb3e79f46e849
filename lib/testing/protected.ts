import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { createToken } from "@/lib/tokens/create";
import type { Caller } from "@/lib/tokens/require-caller";
import { CreateTokenInput, type Scope } from "@/lib/tokens/schemas";
import type { TestDatabase } from "./database";

const hourMs = 3_600_000;

/** A record as real runs leave it behind, made without servers: for tests of what is read from it. */
export interface ProtectedScene {
  storeId: string;
  storePath: string;
  /** A database with one good backup, a file in the store, taken so many hours ago; null: with none. Returns its id. */
  protect(name: string, hours: number | null, more?: { rung?: 3 | 4; rows?: bigint }): Promise<string>;
  /** The worker was heard at this moment. */
  workerSpeaks(more?: { stoppedAt?: Date | null; engineProblem?: string | null }): Promise<void>;
  /** Whoever asks with a new token. */
  asToken(scopes: readonly Scope[], databaseIds?: string[]): Promise<Caller>;
  /** Whoever asks with this header, or signed in as somebody. */
  as(authorization: string | null, signedInAs?: { id: string; name: string }): Caller;
}

export async function protectedScene(test: TestDatabase): Promise<ProtectedScene> {
  const storePath = path.join(test.directory, "store");
  mkdirSync(storePath);
  const { id: storeId } = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: storePath } });
  let tokens = 0;
  const as: ProtectedScene["as"] = (authorization, signedInAs) => ({
    place: { db: test.db, clock: test.clock, origin: "192.0.2.77" },
    authorization,
    session: async () => (signedInAs ? { sessionId: "x", user: { ...signedInAs, email: "", role: "viewer", mayRestore: false } } : null),
  });
  return {
    storeId,
    storePath,
    as,
    async protect(name, hours, { rung = 3, rows } = {}) {
      const { databaseId } = await addDatabase(await test.as("admin"), AddDatabaseInput.parse({ container: `${name}-postgres`, databaseName: name, role: name, storeId }));
      if (hours === null) return databaseId;
      const takenAt = new Date(test.clock.now().getTime() - hours * hourMs);
      const proven = rung === 4 ? { provenAt: takenAt } : {};
      const { id } = await test.db.backup.create({ data: { databaseId, databaseName: name, origin: "holdfast", format: "custom", takenAt, sizeBytes: 3n, rows: rows ?? null, initiatorKind: "schedule", initiatorName: "Schedule", rung, storedAt: takenAt, readableAt: takenAt, ...proven } });
      const key = `${name}_postgres_backup_20260922_020000.dump.zst`;
      await test.db.copy.create({ data: { backupId: id, storeId, key, sizeBytes: 3n, databaseKey: databaseId, storedAt: takenAt } });
      await test.db.run.create({ data: { kind: "backup", status: "succeeded", databaseId, backupId: id, input: "{}", initiatorKind: "schedule", initiatorName: "Schedule", origin: "worker", queuedAt: takenAt, startedAt: takenAt, finishedAt: new Date(takenAt.getTime() + 92_000) } });
      writeFileSync(path.join(storePath, key), "abc");
      return databaseId;
    },
    async workerSpeaks(more = {}) {
      const at = test.clock.now();
      await test.db.worker.upsert({ where: { id: "w" }, create: { id: "w", startedAt: at, heartbeatAt: at, scheduledAt: at, ...more }, update: { heartbeatAt: at, scheduledAt: at, ...more } });
    },
    async asToken(scopes, databaseIds) {
      tokens += 1;
      const { token } = await createToken(await test.as("admin"), CreateTokenInput.parse({ name: `token ${tokens}`, scopes, days: 30, databaseIds: databaseIds ?? null }));
      return as(`Bearer ${token}`);
    },
  };
}
