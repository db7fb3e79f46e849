import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeJson } from "@/lib/db/codecs";
import { isActive, runSteps, type RunStatus } from "@/lib/runs/schemas";
import { chaosPoints, point, type ChaosPoint, type Moment } from "@/lib/testing/chaos";
import { startPostgres, testImage, type PostgresContainer } from "@/lib/testing/containers";
import { relieveDisk, sayFree } from "@/lib/testing/disk";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { confirmRestore } from "@/lib/testing/restore";
import { bundleWorker, dateBack, engineProxy, patient, until, type EngineProxy, type WorkerProcess, type WorkerProgram } from "@/lib/testing/worker-process";
import { differences, readOracle, type Oracle } from "@/lib/testing/zoo/oracle";
import { startResolve } from "./resolve";
import { Application } from "./schemas";
import { startUndo } from "./undo";

/** HOLDFAST_CHAOS=full disturbs fifty restores and lets a worker sleep for a minute at each step; HOLDFAST_CHAOS_SEED repeats one of them. */
const isFull = process.env["HOLDFAST_CHAOS"] === "full";
const seed = Number(process.env["HOLDFAST_CHAOS_SEED"] ?? 20_260_922);
// A swap has no safety backup.
const steps = runSteps.restore.filter((step) => step !== "safety");
const points: ChaosPoint[] = isFull
  ? [...chaosPoints(steps, 50, 9_000, seed), ...steps.map((step) => point("pause", { step, ms: 0 }))]
  : [point("kill", { step: "stage", ms: 300 }), point("kill", { step: "swap", ms: 5 }), point("container", { step: "stage", ms: 200 }), point("engine", { step: "swap", ms: 0 }), point("pause", { step: "swap", ms: 0 }), point("pause", { step: "start_application", ms: 0 })];

const settledStates = new Set(["swapped", "undone", "failed", "staged_incomplete"]);
const maintenance = { database: "postgres" };
/** Room for one database only. */
const crowded = { freeBytes: 2 * 2 ** 30 + 80 * 2 ** 20, totalBytes: 10 * 2 ** 30 };

let server: PostgresContainer;
let holdfast: TestHoldfast;
let program: WorkerProgram;
let proxy: EngineProxy;
let app: string;
let databaseId: string;
let backupId: string;
/** The two complete states: what the backup holds, and what was live when the restore began. */
let backedUp: Oracle;
let live: Oracle;

beforeAll(async () => {
  [server, holdfast, program, proxy, app] = await Promise.all([startPostgres({ major: 15, database: "shop" }), testHoldfast(), bundleWorker(), engineProxy(), startApp()]);
  await server.psql(`
    CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL, filling text);
    INSERT INTO items (name, filling) SELECT 'item ' || n, repeat(md5(n::text), 8) FROM generate_series(1, 120000) n;
    CREATE INDEX ON items (name); CREATE INDEX ON items (md5(filling));
    CREATE TABLE orders (id serial PRIMARY KEY, item integer REFERENCES items); INSERT INTO orders (item) SELECT n FROM generate_series(1, 20000) n;
    -- A server that was killed may skip the values of a sequence that it had logged ahead; one that was set has none.
    SELECT setval('items_id_seq', 120000), setval('orders_id_seq', 20000);
    ALTER DATABASE shop SET work_mem = '7MB'; ALTER DATABASE shop CONNECTION LIMIT 33; REVOKE CONNECT ON DATABASE shop FROM PUBLIC;`);
  databaseId = await holdfast.protect(server);
  await holdfast.db.database.update({ where: { id: databaseId }, data: { application: writeJson(Application.parse({ containers: [app], stopSeconds: 20 })) } });
  backedUp = await readOracle(server, "shop");
  const { backup } = await holdfast.backUp(databaseId);
  backupId = backup?.id ?? "";
  await server.psql("DELETE FROM orders WHERE id % 2 = 0; UPDATE items SET name = 'overwritten' WHERE id < 1000; DROP INDEX items_name_idx; CREATE TABLE late AS SELECT 1 AS n;");
  live = await readOracle(server, "shop");
});
afterAll(async () => {
  await Promise.all([server?.stop(), holdfast?.close(), proxy?.close(), app && removeContainer(app)]);
  program?.remove();
});

/** An application that takes its time to go, as one does that finishes what it is doing. */
async function startApp(stopSeconds = 2): Promise<string> {
  const script = `trap 'sleep ${stopSeconds}; exit' TERM; while :; do sleep 0.1; done`;
  const container = await engine.createContainer({ Image: testImage(15), Entrypoint: ["sh", "-c", script], Cmd: [], Labels: { [testLabel]: "1", [`${testLabel}.pid`]: process.env["HOLDFAST_TEST_PID"] ?? "" }, StopSignal: "SIGTERM" });
  await container.start();
  return container.id;
}

it.each(points)("$name: live is whole, the application runs, and the record says which state it is", { timeout: 900_000 }, async ({ what, when }) => {
  // A moment at random may lie behind the end of the run, and then nothing was disturbed: an earlier one is taken.
  for (let ms = when.ms; !(await isDisturbed(what, { ...when, ms })); ms = Math.floor(ms / 2)) expect(ms).toBeGreaterThan(0);
});

/** One restore, disturbed at a moment. Returns whether it was under way then. */
async function isDisturbed(what: ChaosPoint["what"], when: Moment): Promise<boolean> {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address, ...patient })];
  try {
    if (!(await reached(runId, when))) return false;
    const isUndone = await disturb[what](runId, restoreId, workers);
    await settled(runId, restoreId);
    await check(runId, restoreId, isUndone);
    return true;
  } finally {
    proxy.mend();
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
}

it("kill 5 ms into the swap of an undo: one of the two is live, whole, and the other is kept", { timeout: 300_000 }, async () => {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  expect((await holdfast.work(runId)).problem).toBeNull();
  const undo = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "to be disturbed" });
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address })];
  try {
    expect(await reached(undo.runId, { step: "swap", ms: 5 })).toBe(true);
    await disturb.kill(runId, restoreId, workers);
    await until("the end of the undo", async () => !isActive(await statusOf(undo.runId)), 120_000);
    await settled(runId, restoreId);
    await check(runId, restoreId, (await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).state === "undone");
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
});

it("kill while the application is on its way down: it is started, and not only for the moment until it is down", { timeout: 300_000 }, async () => {
  const slow = await startApp(8);
  const { application } = await holdfast.db.database.findUniqueOrThrow({ where: { id: databaseId } });
  await holdfast.db.database.update({ where: { id: databaseId }, data: { application: writeJson(Application.parse({ containers: [slow], stopSeconds: 20 })) } });
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address })];
  try {
    expect(await reached(runId, { step: "stop_application", ms: 500 })).toBe(true);
    await disturb.kill(runId, restoreId, workers);
    await settled(runId, restoreId);
    await sleep(10_000);
    expect((await engine.getContainer(slow).inspect()).State.Running).toBe(true);
    await check(runId, restoreId, false);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await removeContainer(slow);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { application } });
    await reset(restoreId);
  }
});

it("asleep right before the SQL of a swap: what was staged is gone when it wakes up", { timeout: 300_000 }, async () => {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  const workers: WorkerProcess[] = [];
  try {
    const sleeper = await fallAsleep(sql.swap, runId, restoreId, workers);
    await wake(sleeper);
    await check(runId, restoreId, false);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
});

it("asleep right before the SQL of a swap, and awake while what it staged is being dropped: the record says that it swapped", { timeout: 300_000 }, async () => {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  const workers: WorkerProcess[] = [];
  try {
    const { worker, letGo } = await sleepBefore(sql.swap, runId, workers);
    const dropping = proxy.hold(sql.dropStaged);
    workers.push(program.start(holdfast, { DOCKER_HOST: proxy.address }));
    const letDrop = await dropping;
    const { restoredOid } = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    letGo();
    worker.signal("SIGCONT");
    await until("the swap", async () => (await server.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance)) === restoredOid, 60_000);
    letDrop();
    await settled(runId, restoreId);
    expect([await statusOf(runId), await stateOf(restoreId)]).toEqual(["lost", "swapped"]);
    await check(runId, restoreId, false);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
});

it("asleep right before the SQL of an undo, and awake in the middle of the next one: it swaps nothing, and leaves that one alone", { timeout: 300_000 }, async () => {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  expect((await holdfast.work(runId)).problem).toBeNull();
  const workers: WorkerProcess[] = [];
  try {
    const first = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "to fall asleep in" });
    const sleeper = await fallAsleep(sql.undo, first.runId, restoreId, workers);
    await check(runId, restoreId, false);
    expect(await stateOf(restoreId)).toBe("swapped");
    const holding = proxy.hold(sql.undo);
    const second = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "while the other one sleeps" });
    const letGo = await holding;
    await wake(sleeper);
    expect([await stateOf(restoreId), await statusOf(second.runId)]).toEqual(["swapping", "running"]);
    letGo();
    await until("the second undo", async () => (await statusOf(second.runId)) === "succeeded", 60_000);
    await settled(runId, restoreId);
    await check(runId, restoreId, true);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
});

it("asleep right before the SQL of a decision: what waits is still there when it wakes up, whatever was decided", { timeout: 300_000 }, async () => {
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address })];
  try {
    // What loses the Engine at its swap waits for a decision.
    await proxy.hold(sql.swap);
    proxy.cut();
    proxy.mend();
    await settled(runId, restoreId);
    for (const [decide, what] of [["swap", sql.swap], ["drop", sql.dropStaged]] as const) {
      await Promise.all(workers.map((worker) => worker.kill()));
      const before = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
      expect(before.state).toBe("staged_incomplete");
      const phrase = decide === "swap" ? "shop" : (before.stagingName ?? "");
      const resolve = await startResolve(holdfast.ctx, { restoreId, decide, phrase, reason: "to fall asleep in" });
      const sleeper = await fallAsleep(what, resolve.runId, restoreId, workers);
      await wake(sleeper);
      expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "staged_incomplete", stagingName: `shop__staging_r${runId}_${resolve.runId}` });
      await check(runId, restoreId, false);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await reset(restoreId);
  }
});

it.each(["set aside", "drop"] as const)("asleep right before the SQL of the %s of a restore in place: live keeps its name, or has it again soon", { timeout: 300_000 }, async (what) => {
  await sayFree(server, crowded);
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
  const workers: WorkerProcess[] = [];
  try {
    // The next worker has a way of its own, so that what is kept back there is the sleeper's.
    const sleeper = await fallAsleep(what === "drop" ? sql.drop : sql.setAside, runId, restoreId, workers, {});
    if (what === "drop") await wake(sleeper);
    else {
      // It sets live aside after all, and dies before it can give the name back.
      const giving = proxy.hold(sql.lastName);
      sleeper.letGo();
      sleeper.worker.signal("SIGCONT");
      await giving;
      await sleeper.worker.kill();
      await until("the name", async () => (await server.psql("SELECT datname FROM pg_database WHERE datname LIKE 'shop%'", maintenance)) === "shop", 60_000);
    }
    await check(runId, restoreId, false);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await relieveDisk(server);
    await reset(restoreId);
  }
});

it("an Engine that is lost at the last name of a restore in place: the database has it before the application is started", { timeout: 300_000 }, async () => {
  await sayFree(server, crowded);
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address })];
  try {
    await proxy.hold(sql.lastName);
    const starting = proxy.hold(new RegExp(`POST [^ ]*/containers/${app}/(start|restart)`));
    proxy.cut();
    proxy.mend();
    const letGo = await starting;
    expect(differences(backedUp, await readOracle(server, "shop"))).toEqual([]);
    letGo();
    await settled(runId, restoreId);
    expect(await stateOf(restoreId)).toBe("swapped");
    expect((await engine.getContainer(app).inspect()).State.Running).toBe(true);
    // There is no way back from this one: it is what the next ones begin with.
    live = backedUp;
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await relieveDisk(server);
  }
});

/** The last of them leaves nothing to go back to, so these come last. */
it.each(["safety", "stage"] as const)("kill in step %s of a restore in place: live is whole, or gone with its backup stored, and the record says which", { timeout: 300_000 }, async (step) => {
  await sayFree(server, crowded);
  const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place" });
  const workers = [program.start(holdfast, { DOCKER_HOST: proxy.address })];
  try {
    expect(await reached(runId, { step, ms: 100 })).toBe(true);
    await disturb.kill(runId, restoreId, workers);
    await settled(runId, restoreId);
    if (step === "safety") return await check(runId, restoreId, false);
    const { state, keptRemovedAt } = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    expect([state, keptRemovedAt === null]).toEqual(["failed", false]);
    expect(await server.psql("SELECT count(*) FROM pg_database WHERE datname LIKE 'shop%'", maintenance)).toBe("0");
    expect(await holdfast.db.backup.findFirstOrThrow({ where: { label: "before restore" }, orderBy: { takenAt: "desc" } })).toMatchObject({ rung: 3 });
    expect((await engine.getContainer(app).inspect()).State.Running).toBe(true);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await relieveDisk(server);
    if (step === "safety") await reset(restoreId);
  }
});

/** Waits for the moment, and returns whether the run is under way then. */
async function reached(runId: number, when: Moment): Promise<boolean> {
  await until("the run", async () => {
    const status = await statusOf(runId);
    if (!isActive(status)) return true;
    return "step" in when ? (await holdfast.db.runEvent.count({ where: { runId, type: "step_started", step: when.step } })) > 0 : status === "running";
  }, 300_000, 4);
  await sleep(when.ms);
  return isActive(await statusOf(runId));
}

async function statusOf(runId: number): Promise<RunStatus> {
  return (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).status as RunStatus;
}

/** Each returns whether somebody undid the restore meanwhile. */
const disturb: Record<ChaosPoint["what"], (runId: number, restoreId: string, workers: WorkerProcess[]) => Promise<boolean>> = {
  async kill(_, __, workers) {
    await workers[0]?.kill();
    workers.push(program.start(holdfast, { DOCKER_HOST: proxy.address }));
    return false;
  },
  async container() {
    await engine.getContainer(server.id).stop({ t: 0 });
    await sleep(1_500);
    await engine.getContainer(server.id).start();
    await until("the server", async () => (await server.exec(["pg_isready", "-q", "-h", "127.0.0.1"])).exitCode === 0);
    return false;
  },
  async engine() {
    proxy.cut();
    await sleep(2_500);
    proxy.mend();
    return false;
  },
  /** Another worker takes the run for lost and settles it; somebody may undo it; then the first one wakes up and must not act. */
  async pause(runId, restoreId, workers) {
    const [sleeper] = workers;
    const stopped = await putToSleep(sleeper);
    // Without the minute, the sleeper's last sign of life is dated back instead.
    if (!isFull) await dateBack(holdfast, runId);
    workers.push(program.start(holdfast, { DOCKER_HOST: proxy.address }));
    await settled(runId, restoreId);
    const { state } = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    if (state === "swapped") {
      const undo = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "while the worker slept" });
      await until("the undo", async () => (await statusOf(undo.runId)) === "succeeded", 180_000);
    }
    if (isFull) await sleep(Math.max(0, stopped + 60_000 - Date.now()));
    await sleeper?.wakeToItsEnd();
    return state === "swapped";
  },
};

/** What a worker sends to the Engine right before its SQL: the request that starts psql, with the names and OIDs it is about. */
const sql = {
  swap: /"kept=shop__before_r/,
  undo: /"kept=shop__restored_r/,
  setAside: /"name=shop__before_r\d+","-v","incoming_oid=/,
  drop: /"name=shop__before_r\d+","-v","oid=/,
  lastName: /"name=shop","-v","incoming_oid=/,
  dropStaged: /"name=shop__staging_r[\d_]+","-v","oid=/,
};

interface Sleeper {
  /** Sends what it fell asleep in front of. */
  letGo: () => void;
  worker: WorkerProcess;
}

/** A worker, started for this, falls asleep right before it asks the Engine for `what`; the next one takes its run for lost and settles the restore. */
async function fallAsleep(what: RegExp, runId: number, restoreId: string, workers: WorkerProcess[], nextEnv: Record<string, string> = { DOCKER_HOST: proxy.address }): Promise<Sleeper> {
  const sleeper = await sleepBefore(what, runId, workers);
  workers.push(program.start(holdfast, nextEnv));
  await until("the loss of the run", async () => (await statusOf(runId)) === "lost", 60_000);
  await settled((await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).runId, restoreId);
  return sleeper;
}

/** Wakes it up, and waits until it has done what it still does. */
async function wake({ letGo, worker }: Sleeper): Promise<void> {
  letGo();
  await worker.wakeToItsEnd();
}

/** A worker, started for this, that fell asleep right before it asked the Engine for `what`, and has not been heard of for a minute. */
async function sleepBefore(what: RegExp, runId: number, workers: WorkerProcess[]): Promise<Sleeper> {
  const holding = proxy.hold(what);
  const worker = program.start(holdfast, { DOCKER_HOST: proxy.address, ...patient });
  workers.push(worker);
  const letGo = await holding;
  await putToSleep(worker);
  await dateBack(holdfast, runId);
  return { worker, letGo };
}

/** One that falls asleep inside a write keeps the record locked, and then nobody else can act either: that proves nothing, so it is woken again. */
async function putToSleep(sleeper: WorkerProcess | undefined): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    sleeper?.signal("SIGSTOP");
    const stopped = Date.now();
    const isFree = await canWrite();
    if (isFree) return stopped;
    sleeper?.signal("SIGCONT");
    await sleep(15);
  }
  throw new Error("The worker never slept without a lock on the record.");
}

/** On a connection of its own, so that a refusal leaves nothing open. */
async function canWrite(): Promise<boolean> {
  const connection = createClient({ url: holdfast.url });
  try {
    await connection.execute('UPDATE "Setting" SET "value" = "value"');
    return true;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

async function stateOf(restoreId: string): Promise<string> {
  return (await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).state;
}

async function settled(runId: number, restoreId: string): Promise<void> {
  await until("a settled restore", async () => {
    const restore = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId }, include: { run: true } });
    return !isActive(restore.run.status as RunStatus) && settledStates.has(restore.state) && restore.stopped === null;
  }, 300_000, 100);
  expect((await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).activeKey).toBeNull();
}

async function check(runId: number, restoreId: string, isUndone: boolean): Promise<void> {
  const run = await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } });
  const restore = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
  const database = await holdfast.db.database.findUniqueOrThrow({ where: { id: databaseId } });
  const isSwapped = restore.state === "swapped";
  if (isUndone) expect(restore.state).toBe("undone");
  // A green run is a restored database; a restored database may be a run that was lost.
  if (run.status === "succeeded" && !isUndone) expect(restore.state).toBe("swapped");
  expect(differences(isSwapped ? backedUp : live, await readOracle(server, "shop"))).toEqual([]);
  const others = await server.psql("SELECT coalesce(string_agg(datname, ' ' ORDER BY datname), '') FROM pg_database WHERE datname LIKE 'shop_%'", maintenance);
  const isWaiting = restore.state === "staged_incomplete";
  expect(others).toBe((isWaiting ? restore.stagingName : restore.keptName) ?? "");
  expect(restore.keptName !== null).toBe(restore.state !== "failed" && !isWaiting);
  const oid = await server.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance);
  expect(oid).toBe(isSwapped ? restore.restoredOid : restore.previousOid);
  expect([oid, null]).toContain(database.databaseOid);
  expect((await engine.getContainer(app).inspect()).State.Running).toBe(true);
  await until("an empty container", async () => (await leftInside()) === "", 120_000);
}

async function leftInside(): Promise<string> {
  const script = `for p in /proc/[0-9]*; do tr '\\000' '\\n' < $p/environ 2>/dev/null | grep -q '^HOLDFAST_RUN=' && cat $p/comm; done; ls -d /tmp/holdfast-* 2>/dev/null; true`;
  return (await server.exec(["sh", "-c", script], { user: "root" })).stdout;
}

/** Back to what was live, by hand and whatever the run did. */
async function reset(restoreId: string): Promise<void> {
  const { previousOid } = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
  await server.psql(
    `SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM pg_database WHERE datname LIKE 'shop%' \\gexec
     SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE datname LIKE 'shop%' AND oid <> ${previousOid} \\gexec
     SELECT format('ALTER DATABASE %I RENAME TO shop', datname) FROM pg_database WHERE datname LIKE 'shop_%' \\gexec`,
    maintenance,
  );
  await holdfast.db.restore.update({ where: { id: restoreId }, data: { state: "failed", stopped: null, keptName: null, keptRemovedAt: new Date() } });
  await holdfast.db.run.updateMany({ where: { status: { in: ["queued", "running"] } }, data: { status: "lost", activeKey: null } });
  await holdfast.db.database.update({ where: { id: databaseId }, data: { databaseOid: previousOid } });
  await engine.getContainer(app).start().catch(() => undefined);
}
