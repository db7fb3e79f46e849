import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startBackup } from "@/lib/backup/start";
import { StartBackupInput } from "@/lib/backup/schemas";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { setDrillPolicy } from "@/lib/drill/manage";
import type { z } from "zod";
import { addStore } from "@/lib/stores/manage";
import { execute, type Worker } from "@/lib/worker/execute";
import { installationId, workerIdentity } from "@/lib/worker/identity";
import type { PostgresContainer } from "./containers";
import { testDatabase, type TestDatabase } from "./database";

/** A whole Holdfast without its web part: a record, a store in a temporary directory, and a worker driven by hand. */
export interface TestHoldfast extends TestDatabase {
  ctx: Context;
  worker: Worker;
  storeId: string;
  storePath: string;
  /** Registers a container's database and returns its id. */
  protect(server: PostgresContainer, options?: Partial<z.input<typeof AddDatabaseInput>>): Promise<string>;
  /** Starts a backup and works it off. */
  backUp(databaseId: string, input?: Partial<z.input<typeof StartBackupInput>>): Promise<FinishedRun>;
  /** Works off a queued run. */
  work(runId: number, stop?: AbortSignal): Promise<FinishedRun>;
  /** Names of all files in the store, hidden ones included. */
  files(): string[];
}

export type FinishedRun = Awaited<ReturnType<typeof readRun>>;

/** Reads a run with its error parsed and the backup it produced. */
async function readRun(db: TestDatabase["db"], runId: number) {
  const run = await db.run.findUniqueOrThrow({ where: { id: runId }, include: { backup: { include: { copies: true, manifest: true } }, events: { orderBy: { id: "asc" } } } });
  return { ...run, problem: run.error ? (JSON.parse(run.error) as { code: string; message: string; hint?: string; toolOutput?: string }) : null };
}

export async function testHoldfast(options: { storePath?: string } = {}): Promise<TestHoldfast> {
  const record = await testDatabase();
  const storePath = options.storePath ?? mkdtempSync(path.join(os.tmpdir(), "holdfast-store-"));
  const ctx = await record.as("admin");
  const { storeId } = await addStore(ctx, { name: "local-disk", path: storePath });
  const worker: Worker = { id: workerIdentity(), db: record.db, installation: await installationId(record.db) };
  const work = async (runId: number, stop = new AbortController().signal) => {
    const now = new Date();
    const run = await record.db.run.update({ where: { id: runId }, data: { status: "running", workerId: worker.id, startedAt: now, heartbeatAt: now } });
    await execute(worker, run, stop);
    return readRun(record.db, runId);
  };
  return {
    ...record,
    ctx,
    worker,
    storeId,
    storePath,
    work,
    async protect(server, extra = {}) {
      const address = { container: server.name, databaseName: server.database, role: server.user, storeId };
      const { databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ ...address, ...extra }));
      // A test that wants drills by themselves says so.
      await setDrillPolicy(ctx, { databaseId, when: "never", which: "newest", hour: 3 });
      return databaseId;
    },
    async backUp(databaseId, input = {}) {
      const { runId } = await startBackup(ctx, StartBackupInput.parse({ databaseId, ...input }));
      return work(runId);
    },
    files: () => readdirSync(storePath).sort(),
    async close() {
      await record.close();
      rmSync(storePath, { recursive: true, force: true });
    },
  };
}
