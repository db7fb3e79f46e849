import { afterAll, beforeAll, expect, it } from "vitest";
import { isActive, type RunStatus } from "@/lib/runs/schemas";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { bundleWorker, dateBack, holdAtPointOfNoReturn, patient, until, type WorkerProcess, type WorkerProgram } from "@/lib/testing/worker-process";
import { Applied } from "./schemas";
import { planApplyTables, startApplyTables, startStageTables, startUndoTables } from "./start";

const orders = { schema: "public", name: "orders" };

let server: PostgresContainer;
let holdfast: TestHoldfast;
let program: WorkerProgram;
let databaseId: string;
let backupId: string;

beforeAll(async () => {
  [server, holdfast, program] = await Promise.all([startPostgres({ database: "shop" }), testHoldfast(), bundleWorker()]);
  await server.psql("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 500) g");
  databaseId = await holdfast.protect(server);
  backupId = (await holdfast.backUp(databaseId)).backup?.id ?? "";
});
afterAll(async () => {
  await Promise.all([server?.stop(), holdfast?.close()]);
  program?.remove();
});

const rows = async () => Number(await server.psql("SELECT count(*) FROM orders"));
const restore = (id: string) => holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } });
const isOver = async (runId: number) => !isActive((await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).status as RunStatus);

/** Rows of the backup beside the live ones, and a run that is to put them in place. */
async function confirmed(): Promise<{ id: string; runId: number }> {
  const { runId: staging, tableRestoreId: id } = await startStageTables(holdfast.ctx, { backupId, databaseId, tables: [orders] });
  expect((await holdfast.work(staging)).problem).toBeNull();
  const input = { tableRestoreId: id, tables: [{ ...orders, do: "replace" as const }], keepHours: 1 };
  const { hash } = await planApplyTables(holdfast.ctx, input);
  return { id, ...(await startApplyTables(holdfast.ctx, { ...input, hash, phrase: "shop", reason: "rows were deleted" })) };
}

/** Its transaction is about to commit, or has, and the record says nothing of it yet. */
async function held() {
  return holdAtPointOfNoReturn(
    holdfast,
    async (): Promise<{ id: string; runId: number; worker: WorkerProcess }> => {
      await server.psql("TRUNCATE orders");
      const { id, runId } = await confirmed();
      const worker = program.start(holdfast, patient);
      await until("the transaction", async () => (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).step === "apply_tables", 60_000, 4);
      return { id, runId, worker };
    },
    async ({ id }) => (await restore(id)).state === "applying",
  );
}

it("a worker killed at its COMMIT leaves all rows or none, and a record that says which", { timeout: 300_000 }, async () => {
  const { id, worker, record } = await held();
  await worker.kill();
  await record.release();
  const next = program.start(holdfast);
  await until("what became of it", async () => (await restore(id)).state !== "applying");
  await next.kill();
  const { state, applied } = await restore(id);
  expect([state, await rows()]).toEqual(state === "applied" ? ["applied", 500] : ["staged", 0]);
  if (state === "applied") expect(Applied.parse(JSON.parse(applied ?? ""))).toMatchObject({ recovered: true });
});

it("a worker that slept behind its COMMIT does not write over an undo", { timeout: 600_000 }, async () => {
  const { id, runId, worker: sleeper, record } = await held();
  await until("the COMMIT", async () => (await rows()) === 500);
  sleeper.signal("SIGSTOP");
  await record.release();
  expect((await restore(id)).state).toBe("applying");

  await dateBack(holdfast, runId);
  const next = program.start(holdfast);
  await until("what became of it", async () => (await restore(id)).state === "applied");
  const undo = await startUndoTables(holdfast.ctx, { tableRestoreId: id, phrase: "shop", reason: "while the worker slept", evenIfChanged: false });
  await until("the undo", () => isOver(undo.runId));
  await next.kill();
  const undone = await restore(id);
  expect([undone.state, await rows()]).toEqual(["undone", 0]);

  await sleeper.wakeToItsEnd();
  expect(await restore(id)).toEqual(undone);
  expect(await rows()).toBe(0);
});
