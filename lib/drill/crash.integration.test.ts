import { appendFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findEngine } from "@/lib/docker/engine";
import { enqueueRun } from "@/lib/runs/enqueue";
import { listScratch } from "@/lib/postgres/scratch";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { bundleWorker, dateBack, holdAtPointOfNoReturn, patient, type WorkerProcess, type WorkerProgram } from "@/lib/testing/worker-process";
import { runTag } from "@/lib/worker/execute";
import { startDrill } from "./start";

let server: PostgresContainer;
let holdfast: TestHoldfast;
let program: WorkerProgram;
beforeAll(async () => {
  program = await bundleWorker();
  server = await startPostgres({ database: "shop" });
  await server.psql("CREATE TABLE big AS SELECT g AS id, md5(g::text) AS filling FROM generate_series(1, 400000) g");
  holdfast = await testHoldfast();
});
afterAll(async () => {
  await holdfast.close();
  await server.stop();
  program.remove();
});

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it.each(["scratch", "load", "compare"])("a worker killed during %s leaves no container, no volume and no proof", async (step) => {
  const databaseId = (await holdfast.db.database.findFirst())?.id ?? (await holdfast.protect(server));
  const backupId = (await holdfast.db.backup.findFirst())?.id ?? (await holdfast.backUp(databaseId)).backup?.id ?? "";
  const { runId } = await startDrill(holdfast.ctx, { backupId });
  const engine = await findEngine();
  const tag = runTag(holdfast.worker.installation, runId);
  const worker = program.start(holdfast);
  await until(`the step ${step}`, async () => (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).step === step);
  await until("a container", async () => (await listScratch(engine, tag)).some(({ kind }) => kind === "container"));
  await worker.kill();
  expect((await listScratch(engine, tag)).length).toBeGreaterThan(0);

  const next = program.start(holdfast);
  await until("the sweep", async () => (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).status === "lost");
  await until("an engine without leftovers", async () => (await listScratch(engine, tag)).length === 0);
  await next.kill();
  expect(await holdfast.db.drill.findUniqueOrThrow({ where: { runId } })).toMatchObject({ outcome: "inconclusive" });
  expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, provenAt: null });
}, 900_000);

it("a worker that slept before it wrote its proof does not write it over what was found meanwhile", async () => {
  const databaseId = (await holdfast.db.database.findFirst())?.id ?? (await holdfast.protect(server));
  const { backup } = await holdfast.backUp(databaseId);
  const [copy] = backup?.copies ?? [];
  const { runId, worker: sleeper } = await asleepBeforeItsProof(backup?.id ?? "");

  await dateBack(holdfast, runId);
  const next = program.start(holdfast);
  await until("the sweep", async () => (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).status === "lost");
  await next.kill();
  appendFileSync(path.join(holdfast.storePath, copy?.key ?? ""), "changed");
  const recheck = await holdfast.db.$transaction((tx) => enqueueRun(tx as never, holdfast.ctx, { kind: "recheck", databaseId, input: { copyIds: [copy?.id] } }));
  expect((await holdfast.work(recheck.runId)).problem).toMatchObject({ code: "backup.recheck_failed" });
  const found = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backup?.id ?? "" } });
  expect(found).toMatchObject({ rung: 1, provenAt: null, problem: expect.stringContaining("backup.wrong_size") as string });

  await sleeper.wakeToItsEnd();
  expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: found.id } })).toEqual(found);
  expect(await holdfast.db.drill.findUniqueOrThrow({ where: { runId } })).toMatchObject({ outcome: "inconclusive" });
}, 900_000);

async function asleepBeforeItsProof(backupId: string): Promise<{ runId: number; worker: WorkerProcess }> {
  const begin = async () => {
    const worker = program.start(holdfast, patient);
    const { runId } = await startDrill(holdfast.ctx, { backupId });
    await until("the last steps", async () => ["compare", "ask_copy", "clean_up"].includes((await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).step ?? ""));
    return { runId, worker };
  };
  const hasNoProof = async ({ runId }: { runId: number }) => (await holdfast.db.drill.findUniqueOrThrow({ where: { runId } })).outcome === null;
  const { runId, worker, record } = await holdAtPointOfNoReturn(holdfast, begin, hasNoProof);
  worker.signal("SIGSTOP");
  await record.release();
  return { runId, worker };
}
