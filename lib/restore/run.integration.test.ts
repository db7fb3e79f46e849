import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
import { BackupOptions } from "@/lib/databases/schemas";
import { writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { dropDatabase } from "@/lib/postgres/maintenance";
import { connect } from "@/lib/postgres/server";
import { swapDatabases, type Swap } from "@/lib/postgres/swap";
import { engine } from "@/lib/testing/engine";
import { startPostgres, testImage, type PostgresContainer } from "@/lib/testing/containers";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { crowdDisk, relieveDisk } from "@/lib/testing/disk";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { confirmRestore, restoreDatabase, undoRestore } from "@/lib/testing/restore";
import { until } from "@/lib/testing/worker-process";
import { cancelRun } from "@/lib/runs/cancel";
import { runTag } from "@/lib/worker/execute";
import { dropExpiredKept, startDropKept } from "./drop-kept";
import { planRestore } from "./plan";
import { readRestoreBrief } from "./read-brief";
import { startResolve } from "./resolve";
import { giveLateNamesBack } from "./set-aside";
import { settleLeftRestores, settleRestore } from "./settle";
import { Application, PlanRestoreResult, RestoreChoices, RestoreOutcome, type RestorePlan } from "./schemas";
import type { z } from "zod";
import { startPlan, startRestore } from "./start";
import { startStartContainer } from "./start-container";
import { startUndo } from "./undo";

/** Containers that do nothing but can be stopped and started. */
async function startApp(): Promise<string> {
  const container = await engine.createContainer({ Image: testImage(15), Entrypoint: ["sleep", "600"], Cmd: [], Labels: { [testLabel]: "1" }, StopSignal: "SIGKILL" });
  await container.start();
  return container.id;
}

async function isRunning(id: string): Promise<boolean> {
  return (await engine.getContainer(id).inspect()).State.Running;
}

/** What an application may keep in its database's settings, with all that a way through tools could take for something else. */
const appKey = String.raw`E'hunter2 it''s :name "odd" \\n \\ \n and more'`;

describe("restoring a whole database", () => {
  let postgres: PostgresContainer;
  let holdfast: TestHoldfast;
  let databaseId: string;
  let app: string;
  const maintenance = { database: "postgres" };

  beforeAll(async () => {
    [postgres, holdfast, app] = await Promise.all([startPostgres({ major: 15, database: "shop" }), testHoldfast(), startApp()]);
    databaseId = await holdfast.protect(postgres);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { application: writeJson(Application.parse({ containers: [app], stopSeconds: 0 })) } });
  });
  afterAll(async () => {
    await Promise.all([postgres.stop(), holdfast.close(), removeContainer(app)]);
  });
  beforeEach(async () => {
    await postgres.psql(
      `SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE datname LIKE 'shop%' \\gexec
       CREATE DATABASE shop;`,
      maintenance,
    );
    await postgres.psql(`
      CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL);
      INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 300) n;
      ALTER DATABASE shop SET app.key = ${appKey}; ALTER DATABASE shop SET work_mem = '7MB'; ALTER DATABASE shop CONNECTION LIMIT 33; COMMENT ON DATABASE shop IS 'the shop''s';
      REVOKE CONNECT ON DATABASE shop FROM PUBLIC;`);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { systemIdentifier: null, databaseOid: null } });
    await holdfast.db.restore.updateMany({ data: { keptRemovedAt: new Date() } });
    await relieveDisk(postgres);
  });

  async function plan(backupId: string, choices: z.input<typeof RestoreChoices> = {}): Promise<{ runId: number; plan: RestorePlan }> {
    const { runId } = await startPlan(holdfast.ctx, { backupId, databaseId, choices: RestoreChoices.parse(choices) });
    const run = await holdfast.work(runId);
    const { evidence } = PlanRestoreResult.parse(JSON.parse(run.result ?? "null"));
    return { runId, plan: planRestore(evidence, new Date()) };
  }

  async function setApplication(application: z.input<typeof Application>): Promise<void> {
    await holdfast.db.database.update({ where: { id: databaseId }, data: { application: writeJson(Application.parse(application)) } });
  }

  async function backUp(options: { format?: "custom" | "plain" | "directory" } = {}): Promise<string> {
    const { backup } = await holdfast.backUp(databaseId, { options: { format: options.format ?? "custom" } });
    if (!backup) throw new Error("no backup");
    return backup.id;
  }

  async function restore(backupId: string, choices: z.input<typeof RestoreChoices> = {}) {
    const planned = await plan(backupId, choices);
    const { decision } = planned.plan;
    const { runId, restoreId } = await startRestore(holdfast.ctx, { planRunId: planned.runId, hash: planned.plan.hash, phrase: decision.targetName, reason: "a bad import" });
    const run = await holdfast.work(runId);
    const row = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    return { run, row, restoreId, outcome: row.outcome ? RestoreOutcome.parse(JSON.parse(row.outcome)) : null };
  }

  const databases = () => postgres.psql(`SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE 'shop%'`, maintenance);
  const properties = () =>
    postgres.psql(`SELECT datconnlimit, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database'), (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = oid) FROM pg_database WHERE datname = 'shop'`, maintenance);

  it.each(["custom", "plain", "directory"] as const)("puts a %s backup in the place of the live database and keeps that one", async (format) => {
    const backupId = await backUp({ format });
    await postgres.psql("DELETE FROM items WHERE id <= 100; INSERT INTO items (name) VALUES ('late');");
    const before = await properties();
    const since = Math.floor(Date.now() / 1000);
    const { run, row, outcome } = await restore(backupId);
    expect(run.problem).toBeNull();
    expect(row).toMatchObject({ state: "swapped", keptName: `shop__before_r${run.id}`, stopped: null });
    // The Engine tells whoever listens with which arguments a process was started.
    const told = await text(await engine.getEvents({ since, until: Math.ceil(Date.now() / 1000), filters: { container: [postgres.id], event: ["exec_create"] } }));
    expect([told.includes("psql"), told.includes("hunter2")]).toEqual([true, false]);
    expect(outcome).toMatchObject({ rows: [{ schema: "public", name: "items", before: 201, after: 300 }], compared: { tables: 1, rows: 300, notCompared: [] }, exceptions: [] });
    expect(await postgres.psql("SELECT count(*), count(*) FILTER (WHERE name = 'late') FROM items")).toBe("300\t0");
    expect(await postgres.psql("SELECT nextval('items_id_seq')")).toBe("301");
    expect(await properties()).toBe(before);
    expect(await databases()).toBe(`shop shop__before_r${run.id}`);
    expect(await isRunning(app)).toBe(true);
    await expect(postgres.psql("SELECT 1", { database: `shop__before_r${run.id}` })).rejects.toThrow("not currently accepting connections");
  });

  it("ends every session, takes new ones at once, and is undone and done again in one step each", async () => {
    const backupId = await backUp();
    await postgres.psql("INSERT INTO items (name) VALUES ('after the backup')");
    const sleeper = postgres.exec(["psql", "-U", "postgres", "-d", "shop", "-c", "SELECT pg_sleep(60)"]);
    const { row, restoreId } = await restore(backupId);
    expect((await sleeper).exitCode).not.toBe(0);
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");

    const undo = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "the import was right" });
    await expect(startDropKept(holdfast.ctx, { restoreId, phrase: row.keptName ?? "", reason: "its room is needed" })).rejects.toMatchObject({ code: "run.already_active" });
    expect((await holdfast.work(undo.runId)).problem).toBeNull();
    // Who still believes that it is the kept one must not take it for gone.
    const server = await connect(await findEngine(), { container: postgres.id, role: "postgres", database: "postgres" });
    expect(await dropDatabase(server, { name: row.keptName ?? "", oid: row.previousOid })).toBe(false);
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("301");
    expect(await databases()).toBe(`shop shop__restored_r${row.runId}_${undo.runId}`);
    expect(await holdfast.db.restore.findUnique({ where: { id: restoreId } })).toMatchObject({ state: "undone" });

    const redo = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "it was wrong after all" });
    expect((await holdfast.work(redo.runId)).problem).toBeNull();
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    // Under a name that it never had: who slept since the first undo must not find it again.
    const keptName = `shop__before_r${row.runId}_${redo.runId}`;
    expect(await databases()).toBe(`shop ${keptName}`);
    expect(await isRunning(app)).toBe(true);
    // The registered identity follows, so that the next backup is not taken for one of a stranger.
    expect((await holdfast.backUp(databaseId)).problem).toBeNull();

    const drop = await startDropKept(holdfast.ctx, { restoreId, phrase: keptName, reason: "its room is needed" });
    expect((await holdfast.work(drop.runId)).problem).toBeNull();
    expect(await databases()).toBe("shop");
    await expect(startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "again" })).rejects.toMatchObject({ code: "restore.nothing_to_undo" });
  });

  it.each([["swap", "prepare"], ["swap", "stage"], ["swap", "compare"], ["in_place", "stop_application"], ["in_place", "safety"]] as const)("leaves live as it was, and nothing else, when a restore by %s is cancelled in step %s", async (method, step) => {
    const backupId = await backUp();
    await postgres.psql("DELETE FROM items WHERE id <= 100");
    if (method === "in_place") await crowdDisk(postgres);
    const live = () => postgres.psql("SELECT oid, datallowconn FROM pg_database WHERE datname = 'shop'", maintenance);
    const before = await live();
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method });
    const working = holdfast.work(runId);
    await until("the step", async () => (await holdfast.db.runEvent.count({ where: { runId, type: "step_started", step } })) > 0, 60_000, 4);
    await cancelRun(holdfast.ctx, { runId });
    expect(await working).toMatchObject({ status: "cancelled" });
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed", stagingName: null, stopped: null, keptName: null, keptRemovedAt: null });
    expect([await databases(), await live(), await postgres.psql("SELECT count(*) FROM items")]).toEqual(["shop", before, "200"]);
    expect(await isRunning(app)).toBe(true);
  });

  it("restores beside the live database, which is not touched", async () => {
    const backupId = await backUp();
    await postgres.psql("DELETE FROM items");
    // What a role is told for its everyday sessions is not meant for a restore.
    await postgres.psql("ALTER ROLE postgres SET default_transaction_read_only = on");
    const { run, row } = await restore(backupId, { method: "beside", newName: `shop "beside"; Ünï` }).finally(() => postgres.psql("SET default_transaction_read_only = off; ALTER ROLE postgres RESET ALL;"));
    expect(run.problem).toBeNull();
    expect(row.state).toBe("created");
    expect(await postgres.psql("SELECT count(*) FROM items", { database: `shop "beside"; Ünï` })).toBe("300");
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("0");
  });

  it("ends a session that looks into the staging database, also where nothing is replaced", async () => {
    const backupId = await backUp();
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "beside", newName: "shop_check" });
    const working = holdfast.work(runId);
    await until("the staging database", async () => (await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).restoredOid !== null, 60_000, 4);
    const looking = postgres.exec(["psql", "-U", "postgres", "-d", `shop_check__staging_r${runId}`, "-c", "SELECT pg_sleep(60)"]);
    expect((await working).problem).toBeNull();
    expect((await looking).stderr).toContain("terminating connection");
    expect(await databases()).toBe("shop shop_check");
  });

  it("creates the database when there is none any more", async () => {
    const backupId = await backUp();
    await postgres.psql("DROP DATABASE shop", maintenance);
    const { run } = await restore(backupId);
    expect(run.problem).toBeNull();
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
  });

  it("restores in place behind a backup of what was there, whole, whatever its backups leave out, and not where both have room", async () => {
    const backupId = await backUp();
    await expect(restore(backupId, { method: "in_place" })).rejects.toMatchObject({ code: "restore.blocked", message: expect.stringContaining("There is room for both databases") as string });
    await crowdDisk(postgres);
    await postgres.psql("DELETE FROM items WHERE id > 10; CREATE TABLE added AS SELECT 1 AS n;");
    const own = await holdfast.db.database.findUniqueOrThrow({ where: { id: databaseId } });
    await holdfast.db.database.update({ where: { id: databaseId }, data: { options: writeJson(BackupOptions.parse({ excludeTables: ["public.added"], excludeTableData: ["public.items"] })) } });
    const { run, row } = await restore(backupId, { method: "in_place" });
    await holdfast.db.database.update({ where: { id: databaseId }, data: { options: own.options } });
    expect(run.problem).toBeNull();
    expect(row).toMatchObject({ state: "swapped", keptName: null });
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    expect(await databases()).toBe("shop");
    const safety = await holdfast.db.backup.findFirst({ where: { label: "before restore" }, orderBy: { takenAt: "desc" } });
    expect(safety).toMatchObject({ rung: 3, rows: 11n, isPartial: false });
    expect(await isRunning(app)).toBe(true);
  });

  it("loses no row that somebody writes while a restore in place begins: what is dropped is in the backup of it", async () => {
    const backupId = await backUp();
    await crowdDisk(postgres);
    const { runId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place" });
    // Until it is away, for the first time: what is written later is written to what was restored.
    const write = async () => {
      for (let written = 0; ; written += 1) if (!(await postgres.psql("INSERT INTO items (name) VALUES ('while it began')").then(() => true, () => false))) return written;
    };
    const writing = write();
    expect((await holdfast.work(runId)).problem).toBeNull();
    const written = await writing;
    const safety = await holdfast.db.backup.findFirstOrThrow({ where: { label: "before restore" }, orderBy: { takenAt: "desc" }, include: { manifest: true } });
    expect(written).toBeGreaterThan(0);
    // An insert whose answer was cut off may be in it as well.
    expect(Number(safety.rows) - 300 - written).toBeOneOf([0, 1]);
    expect(JSON.parse(safety.manifest?.content ?? "{}")).toMatchObject({ database: { name: "shop" } });
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    expect(await databases()).toBe("shop");
  });

  it("leaves a database alone that a person renamed before a restore in place began", async () => {
    const backupId = await backUp();
    await crowdDisk(postgres);
    const { runId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place" });
    await postgres.psql("ALTER DATABASE shop RENAME TO shop_of_yesterday", maintenance);
    expect((await holdfast.work(runId)).status).toBe("failed");
    expect(await databases()).toBe("shop_of_yesterday");
    expect(await isRunning(app)).toBe(true);
  });

  it("brings a restore in place to its end when the worker is told to stop, and after a crash as far as there is something to finish", async () => {
    const backupId = await backUp();
    await crowdDisk(postgres);
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
    const stop = new AbortController();
    const working = holdfast.work(runId, stop.signal);
    await until("the staging", async () => (await holdfast.db.runEvent.count({ where: { runId, type: "step_started", step: "stage" } })) > 0, 120_000, 4);
    stop.abort(new Error("the worker stops"));
    expect(await working).toMatchObject({ status: "succeeded", problem: null });
    const properly = await properties();

    // As a worker leaves it that was killed between the comparison and the new name, with a session of its own still there.
    const tag = runTag(holdfast.worker.installation, runId);
    const staging = `shop__staging_r${runId}`;
    const crash = async (state: string) => {
      await postgres.psql(`ALTER DATABASE shop RENAME TO ${staging}`, maintenance);
      // What was not compared yet has no outcome.
      await holdfast.db.restore.update({ where: { id: restoreId }, data: { state, stagingName: staging, swappedAt: null, ...(state === "staging" ? { outcome: null } : {}) } });
    };
    await crash("staged");
    const left = postgres.exec(["env", `PGAPPNAME=holdfast ${tag}`, "psql", "-U", "postgres", "-d", "postgres", "-c", "SELECT pg_sleep(60)"]);
    await until("the session", async () => (await postgres.psql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast ${tag}'`, maintenance)) === "1");
    await settleRestore(holdfast.ctx, restoreId, tag);
    expect((await left).exitCode).not.toBe(0);
    expect(await databases()).toBe("shop");
    expect(await properties()).toBe(properly);
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "swapped", stagingName: null });

    // As one leaves it that was killed while the live database was set aside for its backup.
    const oid = await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance);
    await postgres.psql(`ALTER DATABASE shop RENAME TO shop__before_r${runId}`, maintenance);
    const own = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { state: "started", previousOid: oid, restoredOid: null, swappedAt: null } });
    await settleRestore(holdfast.ctx, restoreId, tag);
    expect(await databases()).toBe("shop");
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed", keptRemovedAt: null });
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { previousOid: own.previousOid, restoredOid: own.restoredOid } });

    await crash("staging");
    await settleRestore(holdfast.ctx, restoreId, tag);
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed" });
    const found = await readRestoreBrief(holdfast.ctx, await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } }));
    expect(found?.brief).toMatchObject({ isDropped: true });
  });

  it("keeps what was compared when live is gone and the last of its properties cannot be set, until a person decides", async () => {
    const backupId = await backUp();
    await postgres.psql("CREATE ROLE passing; GRANT CONNECT ON DATABASE shop TO passing;");
    await crowdDisk(postgres);
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
    const working = holdfast.work(runId);
    await until("the drop", async () => (await holdfast.db.runEvent.count({ where: { runId, message: "shop was dropped to make room" } })) > 0, 120_000, 4);
    await postgres.psql("DROP ROLE passing", maintenance);
    expect((await working).problem).toMatchObject({ code: "restore.in_place_broken", hint: expect.stringContaining("put that in place") as string });
    expect(await databases()).toBe(`shop__staging_r${runId}`);
    const waiting = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    expect(waiting).toMatchObject({ state: "staged_incomplete", stagingName: `shop__staging_r${runId}`, stopped: null });
    expect(RestoreOutcome.parse(JSON.parse(waiting.outcome ?? "{}")).exceptions).toEqual([expect.stringContaining("connection limit of the database itself")]);
    const resolve = await startResolve(holdfast.ctx, { restoreId, decide: "swap", phrase: "shop", reason: "its rows are there" });
    expect((await holdfast.work(resolve.runId)).problem).toBeNull();
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    expect(await isRunning(app)).toBe(true);
  });

  it("drops nothing once another worker has settled the restore, and starts what it stopped itself", async () => {
    const backupId = await backUp();
    const slow = await engine.createContainer({ Image: testImage(15), Entrypoint: ["sh", "-c", "trap '' TERM INT; sleep 600"], Cmd: [], Labels: { [testLabel]: "1" } });
    await slow.start();
    await setApplication({ containers: [slow.id], stopSeconds: 3 });
    await crowdDisk(postgres);
    try {
      const oid = await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance);
      const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
      const working = holdfast.work(runId);
      await until("the stop", async () => (await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).stopped !== null, 120_000, 4);
      await holdfast.db.run.update({ where: { id: runId }, data: { status: "lost", activeKey: null } });
      await holdfast.db.restore.update({ where: { id: restoreId }, data: { state: "failed", stopped: null } });
      await working;
      expect(await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance)).toBe(oid);
      expect(await isRunning(slow.id)).toBe(true);
    } finally {
      await setApplication({ containers: [app], stopSeconds: 0 });
      await removeContainer(slow.id);
    }
  });

  it("can be cancelled while the application is being stopped, which starts it again, and so can an undo; not from the swap on", async () => {
    const backupId = await backUp();
    await postgres.psql("DELETE FROM items WHERE id <= 100");
    const slow = await engine.createContainer({ Image: testImage(15), Entrypoint: ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"], Cmd: [], Labels: { [testLabel]: "1" } });
    await slow.start();
    await setApplication({ containers: [slow.id, app], stopSeconds: 3 });
    const appStartedAt = async () => (await engine.getContainer(app).inspect()).State.StartedAt;
    const cancelInStop = async (runId: number) => {
      const before = await appStartedAt();
      const working = holdfast.work(runId);
      await until("the stop", async () => (await holdfast.db.restore.count({ where: { stopped: { not: null } } })) > 0, 120_000, 4);
      await cancelRun(holdfast.ctx, { runId });
      expect(await working).toMatchObject({ status: "cancelled" });
      expect([await isRunning(slow.id), await isRunning(app), await appStartedAt()]).toEqual([true, true, before]);
    };
    const found = (restoreId: string) => holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
    try {
      const cancelled = await confirmRestore(holdfast, databaseId, backupId);
      await cancelInStop(cancelled.runId);
      expect(await found(cancelled.restoreId)).toMatchObject({ state: "failed", stagingName: null, stopped: null, keptName: null });
      expect([await databases(), await postgres.psql("SELECT count(*) FROM items")]).toEqual(["shop", "200"]);

      const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
      const working = holdfast.work(runId);
      await until("the swap", async () => (await holdfast.db.runEvent.count({ where: { runId, type: "step_started", step: "swap" } })) > 0, 120_000, 4);
      await expect(cancelRun(holdfast.ctx, { runId })).rejects.toMatchObject({ code: "run.past_cancelling" });
      expect((await working).problem).toBeNull();

      const undo = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "or rather not" });
      await cancelInStop(undo.runId);
      expect(await found(restoreId)).toMatchObject({ state: "swapped", stopped: null, keptName: `shop__before_r${runId}` });
      expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    } finally {
      await setApplication({ containers: [app], stopSeconds: 0 });
      await removeContainer(slow.id);
    }
  });

  it("gives a live database its name back that a worker set aside after its restore was settled", async () => {
    const backupId = await backUp();
    await crowdDisk(postgres);
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId, { method: "in_place", safetyBackup: false });
    await loseIn(runId, restoreId);
    await settleRestore(holdfast.ctx, restoreId, runTag(holdfast.worker.installation, runId));
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed", keptRemovedAt: null });
    const late = `shop__before_r${runId}`;
    await postgres.psql(`ALTER DATABASE shop RENAME TO ${late}`, maintenance);
    await giveLateNamesBack(holdfast.ctx);
    expect(await databases()).toBe("shop");

    // Another database of that name is a person's, and so is a name that Holdfast did not give.
    await postgres.psql(`ALTER DATABASE shop RENAME TO shop_of_yesterday`, maintenance);
    await postgres.psql(`CREATE DATABASE ${late}`, maintenance);
    await giveLateNamesBack(holdfast.ctx);
    expect(await databases()).toBe(`${late} shop_of_yesterday`);
  });

  it("leaves no staging database that is created after another worker has settled the restore", async () => {
    const backupId = await backUp();
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
    // Holds every database that is created until its transaction ends.
    const holding = postgres.exec(["psql", "-U", "postgres", "-d", "postgres", "-c", "BEGIN; LOCK TABLE pg_database IN SHARE MODE; SELECT pg_sleep(60)"]);
    const waits = async (query: string) => (await postgres.psql(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE '${query}%' AND pid <> pg_backend_pid()`, maintenance)) === "1";
    await until("the lock", () => waits("BEGIN; LOCK TABLE"));
    const working = holdfast.work(runId);
    await until("the staging database", () => waits("CREATE DATABASE"), 120_000);
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { state: "failed", stagingName: null } });
    await holdfast.db.run.update({ where: { id: runId }, data: { status: "lost", activeKey: null } });
    await postgres.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%' AND pid <> pg_backend_pid()", maintenance);
    await Promise.all([working, holding]);
    expect(await databases()).toBe("shop");
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed", restoredOid: null });
  });

  it("undoes itself, around a stopped application, when that does not come up with what was restored", async () => {
    const backupId = await backUp();
    await postgres.psql("CREATE TABLE added AS SELECT 1 AS n");
    const health = createServer((_, response) => {
      const answer = (status: number) => response.writeHead(status).end();
      postgres.psql("SELECT n FROM added").then(() => answer(200), () => answer(500));
    });
    await new Promise<void>((resolve) => health.listen(0, "127.0.0.1", resolve));
    await setApplication({ containers: [app], stopSeconds: 0, healthUrl: `http://127.0.0.1:${(health.address() as AddressInfo).port}/`, healthSeconds: 5 });
    try {
      const { run, row } = await restore(backupId, { undoIfUnhealthy: true });
      expect(run.problem).toMatchObject({ code: "restore.undone_unhealthy", message: expect.stringContaining("The application is up with it") as string });
      expect(row).toMatchObject({ state: "undone", totalMs: null, stopped: null });
      expect(run.events.filter((event) => event.type === "step_started" && event.step === "stop_application")).toHaveLength(2);
      expect(await postgres.psql("SELECT n FROM added")).toBe("1");
      expect(await isRunning(app)).toBe(true);
    } finally {
      await setApplication({ containers: [app], stopSeconds: 0 });
      health.close();
    }
  });

  it("starts what an earlier restore left stopped, but not while a later one puts another database in its place", async () => {
    const { restoreId } = await restore(await backUp());
    const later = await confirmRestore(holdfast, databaseId, await backUp());
    await engine.getContainer(app).stop({ t: 0 });
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { stopped: writeJson([{ name: app, isDown: true }]) } });
    await holdfast.db.run.update({ where: { id: later.runId }, data: { status: "running" } });
    const look = () => settleLeftRestores(holdfast.ctx, (id) => runTag(holdfast.worker.installation, id));
    const inState = (state: string) => holdfast.db.restore.update({ where: { id: later.restoreId }, data: { state } });
    await inState("swapping");
    await look();
    expect(await isRunning(app)).toBe(false);
    await inState("staging");
    await look();
    expect(await isRunning(app)).toBe(true);
    expect((await holdfast.work(later.runId)).problem).toBeNull();
    expect(await isRunning(app)).toBe(true);
  });

  it("undoes itself as well when what was restored does not take a first query", async () => {
    const backupId = await backUp();
    await postgres.psql("ALTER DATABASE shop SET session_preload_libraries = 'holdfast_has_no_such_library'");
    const oid = await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance);
    const { run, row } = await restore(backupId, { undoIfUnhealthy: true });
    expect(run.problem).toMatchObject({ code: "restore.undone_unhealthy", message: expect.stringContaining("did not answer a first query, so shop is the database from before again") as string });
    expect(row).toMatchObject({ state: "undone", stopped: null });
    expect(await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance)).toBe(oid);
    expect(await isRunning(app)).toBe(true);
  });

  it("blames the container that was stopped while a backup was loaded, not the backup", async () => {
    // Each row takes its time elsewhere.
    await postgres.psql("CREATE FUNCTION wait(n int) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN current_database() = 'shop' THEN true ELSE pg_sleep(0.1) IS NOT NULL END $$; CREATE TABLE slow (n int CHECK (wait(n))); INSERT INTO slow SELECT generate_series(1, 300)");
    const backupId = await backUp();
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
    const working = holdfast.work(runId);
    await until("the load", async () => (await postgres.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY public.slow%' AND datname LIKE 'shop\\_\\_staging%'", maintenance)) === "1", 120_000, 50);
    await engine.getContainer(postgres.id).stop({ t: 5 });
    try {
      const { problem } = await working;
      expect(problem).toMatchObject({ code: "restore.container_went_away", message: expect.stringContaining("stopped while the backup was being loaded: exited. The live database was not touched."), hint: expect.stringContaining(`docker start ${postgres.name}`) });
      expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
    } finally {
      await engine.getContainer(postgres.id).start();
      await until("the server", () => postgres.psql("SELECT 1", maintenance).catch(() => null), 60_000, 200);
    }
    await settleRestore(holdfast.ctx, restoreId, "tend");
    expect([await databases(), await postgres.psql("SELECT count(*) FROM items")]).toEqual(["shop", "300"]);
  });

  it("says that the container was removed, leaves the application running, and succeeds once the container was made anew over its data", async () => {
    const server = await startPostgres({ major: 15, database: "depot" });
    const made: string[] = [];
    try {
      await server.psql("CREATE FUNCTION wait(n int) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN current_database() = 'depot' THEN true ELSE pg_sleep(0.02) IS NOT NULL END $$; CREATE TABLE slow (n int CHECK (wait(n))); INSERT INTO slow SELECT generate_series(1, 300)");
      const depotId = await holdfast.protect(server);
      await holdfast.db.database.update({ where: { id: depotId }, data: { application: writeJson(Application.parse({ containers: [app], stopSeconds: 0 })) } });
      const backupId = (await holdfast.backUp(depotId)).backup?.id ?? "";
      const { runId, restoreId } = await confirmRestore(holdfast, depotId, backupId);
      const working = holdfast.work(runId);
      await until("the load", async () => (await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY public.slow%' AND datname LIKE 'depot\\_\\_staging%'", maintenance)) === "1", 120_000, 50);
      const before = await engine.getContainer(server.id).inspect();
      const volume = before.Mounts.find(({ Destination }) => Destination === "/var/lib/postgresql/data")?.Name ?? "";
      await engine.getContainer(server.id).remove({ force: true });
      const again = await engine.createContainer({ ...before.Config, name: server.name, HostConfig: { Binds: [`${volume}:/var/lib/postgresql/data`] } });
      made.push(again.id);
      await again.start();
      const { problem } = await working;
      expect(problem).toMatchObject({ code: "restore.container_went_away", message: expect.stringContaining("stopped while the backup was being loaded: removed. The live database was not touched.") as string, hint: expect.not.stringContaining("docker start") as string });
      expect(await isRunning(app)).toBe(true);
      const ready = async () => (await again.inspect()).State.Running && (await connect(await findEngine(), { container: server.name, role: "postgres", database: "depot" }).then(() => true, () => false));
      await until("the server", ready, 60_000, 200);
      await settleRestore(holdfast.ctx, restoreId, runTag(holdfast.worker.installation, runId));
      const retried = await restoreDatabase(holdfast, depotId, backupId);
      expect(retried.run.problem).toBeNull();
      expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: retried.restoreId } })).toMatchObject({ state: "swapped", stopped: null });
      expect(await isRunning(app)).toBe(true);
    } finally {
      await server.stop();
      for (const id of made) await removeContainer(id);
    }
  });

  it("loads nothing of a file that is not the one that was stored", async () => {
    const backupId = await backUp({ format: "plain" });
    const copy = await holdfast.db.copy.findFirstOrThrow({ where: { backupId } });
    const other = gzipSync("\\! touch /tmp/ran\nCREATE TABLE evil (n int);\n");
    const file = path.join(holdfast.storePath, copy.key);
    chmodSync(file, 0o600);
    writeFileSync(file, Buffer.concat([other, Buffer.alloc(Number(copy.sizeBytes) - other.length)]));
    const { run, row } = await restore(backupId);
    expect(run.problem?.code).toBe("backup.changed");
    expect((await postgres.exec(["ls", "/tmp/ran"])).exitCode).not.toBe(0);
    expect(row.restoredOid).toBeNull();
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 1 });
    expect(await holdfast.db.auditEntry.count({ where: { action: "backup.file_changed", backupId } })).toBe(1);
    expect(row).toMatchObject({ state: "failed", stagingName: null });
    expect(await databases()).toBe("shop");
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    expect(await isRunning(app)).toBe(true);
  });

  it.each(["plain", "custom", "directory"] as const)("executes nothing of a %s file that was exchanged after it was compared", async (format) => {
    const backupId = await backUp({ format });
    // What a stranger wrote has a table of its own, so that the server's log shows whether any of it was executed.
    await postgres.psql("CREATE TABLE of_a_stranger AS SELECT 1 AS n");
    const otherId = await backUp({ format });
    await postgres.psql("DROP TABLE of_a_stranger");
    const [own, other] = await Promise.all([backupId, otherId].map((id) => holdfast.db.copy.findFirstOrThrow({ where: { backupId: id } })));
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, backupId);
    // While somebody holds this lock nobody creates a database, which comes between the two readings.
    const holding = postgres.psql("BEGIN; LOCK TABLE pg_catalog.pg_database IN SHARE MODE; SELECT pg_sleep(60)", maintenance).catch(() => undefined);
    const waiting = (query: string) => postgres.psql(`SELECT count(*) FROM pg_stat_activity WHERE ${query} AND pid <> pg_backend_pid()`, maintenance);
    await until("the lock", async () => (await waiting("query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'")) === "1");
    const working = holdfast.work(runId);
    await until("the load", async () => (await waiting("query LIKE 'CREATE DATABASE%' AND wait_event_type = 'Lock'")) === "1");
    const file = path.join(holdfast.storePath, own?.key ?? "");
    chmodSync(file, 0o600);
    writeFileSync(file, readFileSync(path.join(holdfast.storePath, other?.key ?? "")));
    await postgres.psql("ALTER SYSTEM SET log_statement = 'ddl'; SELECT pg_reload_conf(); SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", maintenance);
    await holding;
    const { problem } = await working;
    await postgres.psql("ALTER SYSTEM RESET log_statement; SELECT pg_reload_conf();", maintenance);
    expect(problem?.code).toBe("restore.changed_file");
    expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state: "failed", stagingName: null });
    expect((await engine.getContainer(postgres.id).logs({ stdout: true, stderr: true })).toString("utf8")).not.toMatch(/CREATE TABLE public\.of_a_stranger/);
    expect(await databases()).toBe("shop");
  });

  it("uses nothing of a large file that is laid into the container and turns out not to be the one that was stored", async () => {
    const backupId = await backUp();
    // Two archives of the same rows from one second are the same byte by byte.
    await postgres.psql("CREATE TABLE of_a_stranger AS SELECT 1 AS n");
    const otherId = await backUp();
    await postgres.psql("DROP TABLE of_a_stranger");
    const [copy, other] = await Promise.all([backupId, otherId].map((id) => holdfast.db.copy.findFirstOrThrow({ where: { backupId: id } })));
    // From this size on it is laid down.
    await holdfast.db.backup.update({ where: { id: backupId }, data: { databaseBytes: 300n << 20n } });
    const [file, evil] = [path.join(holdfast.storePath, copy?.key ?? ""), path.join(holdfast.storePath, other?.key ?? "")];
    const own = readFileSync(file);
    const laid = (await restore(backupId)).run;
    expect([laid.problem, laid.events.some(({ message }) => message.includes("with 2 jobs"))]).toEqual([null, true]);
    chmodSync(file, 0o600);
    for (const content of [readFileSync(evil), Buffer.concat([own.subarray(0, own.length - 9), Buffer.alloc(9)])]) {
      writeFileSync(file, content);
      await holdfast.db.copy.updateMany({ where: { backupId }, data: { sizeBytes: BigInt(content.length) } });
      await holdfast.db.backup.update({ where: { id: backupId }, data: { problem: null, rung: 3 } });
      const { run, row } = await restore(backupId);
      expect(run.problem?.code).toBe("backup.changed");
      expect(row).toMatchObject({ state: "failed", stagingName: null });
    }
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 1 });
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
  });

  it("restores into another registered server, and touches nothing on the one that was backed up", async () => {
    await postgres.exec(["sh", "-c", "mkdir -p /var/lib/postgresql/fast && chown postgres /var/lib/postgresql/fast"]);
    await postgres.psql(`CREATE TABLESPACE "fast disk" LOCATION '/var/lib/postgresql/fast';`);
    await postgres.psql(`CREATE TABLE placed (id int PRIMARY KEY USING INDEX TABLESPACE "fast disk") TABLESPACE "fast disk"; INSERT INTO placed VALUES (1), (2);`);
    const backupId = await backUp();
    const other = await startPostgres({ major: 17, user: "keeper", database: "elsewhere" });
    try {
      await other.psql("CREATE TABLE of_its_own AS SELECT 1 AS n");
      const otherId = await holdfast.protect(other);
      await postgres.psql("DELETE FROM items");
      const { run, restoreId } = await restoreDatabase(holdfast, otherId, backupId, { missingRoles: { postgres: { do: "map", to: "keeper" } } });
      expect(run.problem).toBeNull();
      expect(await other.psql("SELECT count(*) FROM items")).toBe("300");
      // It has no such tablespace, and that costs no rows.
      expect(await other.psql("SELECT count(*) FROM placed")).toBe("2");
      expect(run.events.filter(({ type }) => type === "warning").map(({ message }) => message)).toEqual(["The server has no tablespace fast disk. Everything is put into the tablespace pg_default instead."]);
      // Where it is there, it is used.
      const again = await restore(backupId);
      expect([again.run.problem, await postgres.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'placed%' AND reltablespace <> 0")]).toEqual([null, "2"]);
      await postgres.psql("DELETE FROM items");
      expect(await other.psql("SELECT count(*) FROM of_its_own", { database: `elsewhere__before_r${run.id}` }).catch((error: unknown) => String(error))).toContain("not currently accepting connections");
      expect(await postgres.psql("SELECT count(*) FROM items")).toBe("0");
      expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
      expect(await other.psql("SELECT n FROM of_its_own")).toBe("1");
    } finally {
      await other.stop();
      await postgres.psql(`SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE datname LIKE 'shop%' \\gexec
        DROP TABLESPACE "fast disk"`, maintenance);
    }
  });

  it("is not undone once a later restore took its place, and stops nothing to find that out", async () => {
    const backupId = await backUp();
    const first = await restore(backupId);
    const second = await restore(backupId);
    const startedAt = async () => (await engine.getContainer(app).inspect()).State.StartedAt;
    const before = await startedAt();
    const { runId } = await startUndo(holdfast.ctx, { restoreId: first.restoreId, phrase: "shop", reason: "the older one" });
    expect((await holdfast.work(runId)).problem?.code).toBe("restore.nothing_to_undo");
    expect(await startedAt()).toBe(before);
    expect(await databases()).toBe(`shop ${[first.row.keptName, second.row.keptName].sort().join(" ")}`);
    // The later one is, and then the older one can be.
    for (const { restoreId } of [second, first]) expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
  });

  it("tells who wants to hear it that a restore started, and that it finished", async () => {
    await saveChannel(holdfast.ctx, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "http://127.0.0.1:9/in", signingSecret: "sign-with-this-1234", events: ["restore_started", "restore_finished"] }));
    const { run } = await restore(await backUp());
    expect((await holdfast.db.alert.findMany({ where: { runId: run.id }, orderBy: { at: "asc" } })).map(({ event }) => event)).toEqual(["restore_started", "restore_finished"]);
  });

  it("removes the kept database when its time is over, with its entry in the record, and then nothing is undone", async () => {
    const backupId = await backUp();
    const { row, restoreId } = await restore(backupId);
    await dropExpiredKept(holdfast.ctx);
    expect(await databases()).toBe(`shop ${row.keptName ?? ""}`);
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { keptUntil: new Date(0) } });
    await dropExpiredKept(holdfast.ctx);
    expect(await databases()).toBe("shop");
    expect((await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).keptRemovedAt).not.toBeNull();
    expect(await holdfast.db.auditEntry.findFirst({ where: { action: "restore.kept_removed", runId: row.runId } })).toMatchObject({ outcome: "succeeded", sentence: `Removed ${row.keptName ?? ""}: its time was over` });
    await expect(startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "too late" })).rejects.toMatchObject({ code: "restore.nothing_to_undo" });
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
  });

  it("reads the file before it drops the live database to make room, and drops nothing for a damaged one", async () => {
    const backupId = await backUp();
    await holdfast.db.copy.updateMany({ where: { backupId }, data: { sha256: "0".repeat(64) } });
    await crowdDisk(postgres);
    const { run } = await restore(backupId, { method: "in_place" });
    expect(run.problem?.code).toBe("backup.changed");
    expect(await databases()).toBe("shop");
    expect(await isRunning(app)).toBe(true);
  });

  it("keeps a staging database that lacks only what stands behind the data, until a person decides", async () => {
    await postgres.psql(`
      CREATE FUNCTION helper(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
      CREATE FUNCTION shown(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN helper(t); END';
      CREATE INDEX unqualified ON items (shown(name));`);
    const backupId = await backUp();
    await postgres.psql("DELETE FROM items");
    const { run, row, restoreId, outcome } = await restore(backupId);
    expect(run.problem?.code).toBe("restore.incomplete");
    expect(row.state).toBe("staged_incomplete");
    expect(outcome?.exceptions[0]).toContain("CREATE INDEX unqualified");
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("0");

    const { runId } = await startResolve(holdfast.ctx, { restoreId, decide: "swap", phrase: "shop", reason: "the index can wait" });
    expect((await holdfast.work(runId)).problem).toBeNull();
    expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
    expect(await holdfast.db.restore.findUnique({ where: { id: restoreId } })).toMatchObject({ state: "swapped", keptName: `shop__before_r${row.runId}` });
  });

  /** Restores a backup that lacks an index, so that what was staged waits. */
  async function leaveWaiting() {
    await postgres.psql(`
      CREATE FUNCTION helper(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
      CREATE FUNCTION shown(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN helper(t); END';
      CREATE INDEX unqualified ON items (shown(name));`);
    const { restoreId, row } = await restore(await backUp());
    expect(row.state).toBe("staged_incomplete");
    return { restoreId, runId: row.runId, waiting: () => holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } }) };
  }

  /** A worker that says nothing any more since it wrote that it begins. */
  async function loseIn(runId: number, restoreId: string) {
    await holdfast.db.run.update({ where: { id: runId }, data: { status: "lost", activeKey: null } });
    await holdfast.db.restore.update({ where: { id: restoreId }, data: { state: "swapping" } });
  }

  const asleep = async (swap: Swap) => swapDatabases(await connect(await findEngine(), { container: postgres.id, role: "postgres", database: "postgres" }), swap, AbortSignal.timeout(60_000));

  it("takes from a worker that was lost on its way to an undo, or to doing it again, the name it would look for", async () => {
    const { row, restoreId } = await restore(await backUp());
    const [restored, previous] = [row.restoredOid ?? "", row.previousOid ?? ""];
    for (const [live, idle, state] of [[restored, previous, "swapped"], [previous, restored, "undone"]] as const) {
      if (state === "undone") expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
      const before = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
      const { runId } = await startUndo(holdfast.ctx, { restoreId, phrase: "shop", reason: "and then the worker sleeps" });
      await loseIn(runId, restoreId);
      await settleRestore(holdfast.ctx, restoreId, runTag(holdfast.worker.installation, row.runId));
      const keptName = `shop__kept_r${row.runId}_${runId}`;
      expect(await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ state, keptName });
      expect(await databases()).toBe(`shop ${keptName}`);
      const sleeper = { live: { oid: live }, name: "shop", incoming: { oid: idle, name: before.keptName ?? "" }, keptName: "shop_of_the_sleeper" };
      await expect(asleep(sleeper)).rejects.toMatchObject({ code: "postgres.swap_changed" });
      await expect(postgres.psql("SELECT 1", { database: keptName })).rejects.toThrow("not currently accepting connections");
      expect(await postgres.psql("SELECT oid FROM pg_database WHERE datname = 'shop'", maintenance)).toBe(live);
    }
    expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
  });

  it("keeps what waits when the worker that was to put it in place is lost, and takes from that one the name it would look for", async () => {
    const { restoreId, runId, waiting } = await leaveWaiting();
    const { restoredOid, previousOid, stagingName } = await waiting();
    const resolve = await startResolve(holdfast.ctx, { restoreId, decide: "swap", phrase: "shop", reason: "the index can wait" });
    await loseIn(resolve.runId, restoreId);
    await settleRestore(holdfast.ctx, restoreId, runTag(holdfast.worker.installation, runId));
    const renamed = `shop__staging_r${runId}_${resolve.runId}`;
    expect(await waiting()).toMatchObject({ state: "staged_incomplete", stagingName: renamed });
    await expect(asleep({ live: { oid: previousOid ?? "" }, name: "shop", incoming: { oid: restoredOid ?? "", name: stagingName ?? "" }, keptName: "shop_of_the_sleeper" })).rejects.toMatchObject({ code: "postgres.swap_changed" });
    expect(await databases()).toBe(`shop ${renamed}`);
    const again = await startResolve(holdfast.ctx, { restoreId, decide: "swap", phrase: "shop", reason: "once more" });
    expect((await holdfast.work(again.runId)).problem).toBeNull();
    expect(await waiting()).toMatchObject({ state: "swapped", keptName: `shop__before_r${runId}` });
  });

  it("removes what waits when that was decided, and says so only when it is gone", async () => {
    const { restoreId, runId, waiting } = await leaveWaiting();
    const { stagingName } = await waiting();
    const decide = async (phrase: string) => holdfast.work((await startResolve(holdfast.ctx, { restoreId, decide: "drop", phrase, reason: "" })).runId);
    // A person renamed it meanwhile: it is not the one that the decision was about, and not gone either.
    await postgres.psql(`ALTER DATABASE ${stagingName ?? ""} RENAME TO shop_to_look_at`, maintenance);
    expect((await decide(stagingName ?? "")).problem?.code).toBe("restore.kept_in_use");
    expect(await waiting()).toMatchObject({ state: "staged_incomplete", stagingName: "shop_to_look_at" });

    // Its worker was lost right before the drop: what it would drop has another name then.
    const lost = await startResolve(holdfast.ctx, { restoreId, decide: "drop", phrase: "shop_to_look_at", reason: "" });
    await loseIn(lost.runId, restoreId);
    await settleRestore(holdfast.ctx, restoreId, runTag(holdfast.worker.installation, runId));
    const renamed = `shop__staging_r${runId}_${lost.runId}`;
    expect(await waiting()).toMatchObject({ state: "staged_incomplete", stagingName: renamed });

    expect((await decide(renamed)).problem).toBeNull();
    expect(await waiting()).toMatchObject({ state: "failed", stagingName: null, keptBytes: null, keptRemovedAt: null });
    expect(await databases()).toBe("shop");
  });

  it("creates, maps or leaves out roles that the server lacks", async () => {
    await postgres.psql(`CREATE ROLE maker; CREATE ROLE reader; CREATE ROLE gone; CREATE ROLE heir;
      ALTER TABLE items OWNER TO maker; GRANT SELECT ON items TO reader; CREATE TABLE other (n int); ALTER TABLE other OWNER TO gone; INSERT INTO other VALUES (1);
      ALTER TABLE items ENABLE ROW LEVEL SECURITY; CREATE POLICY shown ON items FOR SELECT TO reader USING (true);`);
    const backupId = await backUp();
    await postgres.psql("DROP OWNED BY reader; REASSIGN OWNED BY maker, gone TO postgres; DROP ROLE maker, reader, gone;");
    const planned = await plan(backupId);
    expect(planned.plan.missingRoles.map((one) => one.role).sort()).toEqual(["gone", "maker", "reader"]);
    const { run } = await restore(backupId, { missingRoles: { maker: { do: "create" }, reader: { do: "map", to: "heir" }, gone: { do: "skip" } } });
    expect(run.problem).toBeNull();
    expect(await postgres.psql(`SELECT string_agg(tablename || '=' || tableowner, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'`)).toBe("items=maker other=postgres");
    expect(await postgres.psql(`SELECT has_table_privilege('heir', 'items', 'SELECT')`)).toBe("t");
    expect(await postgres.psql("SELECT roles FROM pg_policies WHERE policyname = 'shown'")).toBe("{heir}");
    expect(await postgres.psql(`SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname IN ('maker', 'reader', 'gone')`)).toBe("maker");
    await postgres.psql("DROP DATABASE shop WITH (FORCE); DROP DATABASE IF EXISTS never;", maintenance);
    await postgres.psql(`SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM pg_database WHERE datname LIKE 'shop%' \\gexec`, maintenance);
    await postgres.psql("SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE datname LIKE 'shop%' \\gexec\nDROP ROLE maker, heir;", maintenance);
  });

  it("restores as an owner that is no superuser, and says whose session it may not end", async () => {
    await postgres.psql(`CREATE ROLE keeper LOGIN CREATEDB; GRANT pg_signal_backend TO keeper; CREATE ROLE clerk LOGIN;`, maintenance);
    await postgres.psql("CREATE DATABASE shop_owned OWNER keeper", maintenance);
    const owned = { database: "shop_owned", user: "keeper" };
    await postgres.psql("CREATE TABLE items AS SELECT n AS id FROM generate_series(1, 300) n", owned);
    const ownedId = await holdfast.protect(postgres, { databaseName: "shop_owned", role: "keeper" });
    const { backup } = await holdfast.backUp(ownedId);
    await postgres.psql("DELETE FROM items", owned);
    const holding = (role: string) => postgres.exec(["psql", "-U", role, "-d", "shop_owned", "-c", "SELECT pg_sleep(60)"]);
    const isHeld = (role: string) => until("the session", async () => (await postgres.psql(`SELECT count(*) FROM pg_stat_activity WHERE usename = '${role}' AND datname = 'shop_owned' AND query LIKE '%sleep%'`, maintenance)) === "1");
    const clerk = holding("clerk");
    await isHeld("clerk");
    const first = await restoreDatabase(holdfast, ownedId, backup?.id ?? "");
    expect(first.run.problem).toBeNull();
    expect((await clerk).exitCode).not.toBe(0);
    expect(await postgres.psql("SELECT count(*) FROM items", owned)).toBe("300");
    await postgres.psql("DELETE FROM items", owned);

    const superuser = holding("postgres");
    await isHeld("postgres");
    const second = await restoreDatabase(holdfast, ownedId, backup?.id ?? "");
    expect(second.run.problem).toMatchObject({ code: "postgres.swap_held", message: expect.stringMatching(/session \d+ of postgres holds it, and the role keeper may not end that/) as string });
    expect(await postgres.psql("SELECT count(*) FROM items", owned)).toBe("0");
    await postgres.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop_owned'", maintenance);
    await superuser;
    // What was loaded and compared has not to be loaded again.
    const waiting = await holdfast.db.restore.findUniqueOrThrow({ where: { id: second.restoreId } });
    expect(waiting).toMatchObject({ state: "staged_incomplete", stagingName: `shop_owned__staging_r${second.run.id}`, keptName: null, keptUntil: null });
    const { runId } = await startResolve(holdfast.ctx, { restoreId: second.restoreId, decide: "swap", phrase: "shop_owned", reason: "nobody is there any more" });
    expect(await holdfast.work(runId)).toMatchObject({ problem: null });
    expect(await postgres.psql("SELECT count(*) FROM items", owned)).toBe("300");
    expect(RestoreOutcome.parse(JSON.parse((await holdfast.db.restore.findUniqueOrThrow({ where: { id: second.restoreId } })).outcome ?? "{}"))).toMatchObject({ compared: { tables: 1 }, exceptions: [] });
  });

  it("stops nothing for a swap with a database that was replaced meanwhile", async () => {
    const startedAt = async () => (await engine.getContainer(app).inspect()).State.StartedAt;
    const before = await startedAt();
    const { runId, restoreId } = await confirmRestore(holdfast, databaseId, await backUp());
    const working = holdfast.work(runId);
    await until("the staging database", async () => (await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).restoredOid !== null, 60_000, 4);
    await postgres.psql("DROP DATABASE shop WITH (FORCE)", maintenance);
    await postgres.psql("CREATE DATABASE shop", maintenance);
    expect((await working).problem?.code).toBe("postgres.swap_changed");
    expect(await startedAt()).toBe(before);
    expect(await databases()).toBe("shop");
  });

  it("refuses a plan that changed, a wrong phrase, and the second of two people", async () => {
    const backupId = await backUp();
    const { runId, plan: shown } = await plan(backupId);
    const input = { planRunId: runId, hash: shown.hash, phrase: "shop", reason: "x" };
    await expect(startRestore(holdfast.ctx, { ...input, phrase: "Shop" })).rejects.toMatchObject({ code: "restore.wrong_phrase" });
    await expect(startRestore(holdfast.ctx, { ...input, hash: "0".repeat(64) })).rejects.toMatchObject({ code: "restore.plan_changed" });
    const first = await startRestore(holdfast.ctx, input);
    await expect(startRestore(holdfast.ctx, input)).rejects.toMatchObject({ code: "run.already_active" });
    // The live database is replaced between the confirmation and the run: another identity, another decision.
    await postgres.psql("DROP DATABASE shop WITH (FORCE)", maintenance);
    await postgres.psql("CREATE DATABASE shop", maintenance);
    expect((await holdfast.work(first.runId)).problem?.code).toBe("restore.plan_changed");
  });

  it("can be planned for a database that cannot be counted, or lets nobody in", async () => {
    const backupId = await backUp();
    await postgres.psql("CREATE TABLE held (id int)");
    const holding = postgres.exec(["psql", "-U", "postgres", "-d", "shop", "-c", "BEGIN; LOCK TABLE held; SELECT pg_sleep(60)"]);
    for (let tries = 0; tries < 100 && (await postgres.psql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'held'::regclass")) !== "1"; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await plan(backupId)).plan).toMatchObject({ isBlocked: false, rows: null });
    await postgres.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()");
    await holding;
    await postgres.psql("ALTER DATABASE shop ALLOW_CONNECTIONS false", maintenance);
    try {
      const { plan: planned } = await plan(backupId);
      expect(planned).toMatchObject({ isBlocked: false, rows: null });
      expect(planned.decision.replacesOid).not.toBeNull();
    } finally {
      await postgres.psql("ALTER DATABASE shop ALLOW_CONNECTIONS true", maintenance);
    }
  });

  it("can be planned for a stopped container, says how to go on, and starts it when asked to", async () => {
    const backupId = await backUp();
    await engine.getContainer(postgres.id).stop({ t: 5 });
    try {
      const { plan: planned } = await plan(backupId);
      expect(planned).toMatchObject({ isBlocked: true, rows: null });
      expect(planned.checks[0]).toMatchObject({ id: "server", outcome: "blocking", offer: "start_container" });
      const { runId } = await startStartContainer(holdfast.ctx, { databaseId });
      expect((await holdfast.work(runId)).problem).toBeNull();
      // It was waited for: the server answers at once.
      expect(await postgres.psql("SELECT count(*) FROM items")).toBe("300");
      expect((await plan(backupId)).plan).toMatchObject({ isBlocked: false });
    } finally {
      if (!(await isRunning(postgres.id))) await engine.getContainer(postgres.id).start();
    }
  });
});
