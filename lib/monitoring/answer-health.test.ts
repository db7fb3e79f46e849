import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { protectedScene, type ProtectedScene } from "@/lib/testing/protected";
import type { Caller } from "@/lib/tokens/require-caller";
import { watchStores } from "@/lib/worker/watch-stores";
import { readFacts } from "./read-facts";
import { answerBackupsHealth, answerHealth } from "./answer-health";

const hour = 3_600_000;
let test: TestDatabase;
let scene: ProtectedScene;
let monitor: Caller;

beforeEach(async () => {
  test = await testDatabase();
  scene = await protectedScene(test);
  monitor = await scene.asToken(["health"]);
});
afterEach(() => test.close());

const request = (address: string, accept = "application/json") => new Request(new URL(address, "http://holdfast.example"), { headers: { accept } });
const ask = async (address = "/api/health/backups", { accept, as = monitor }: { accept?: string; as?: Caller } = {}) => {
  const answer = await answerBackupsHealth(as, request(address, accept));
  const text = await answer.text();
  return { status: answer.status, text, json: () => JSON.parse(text) as { status: string; reasons: string[]; databases: { name: string; status: string; reasons: { code: string }[] }[] } };
};
const codes = async () => (await ask()).json().databases.flatMap(({ reasons }) => reasons.map(({ code }) => code));

describe("GET /api/health/backups", () => {
  it("is 200 while every database has a good backup young enough", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ status: "ok", reasons: [], databases: [{ name: "orders", status: "ok", reasons: [], newestBackupAt: "2026-09-22T07:14:00.000Z", ageSeconds: 7_200, objectiveSeconds: 86_400, alarmAfterSeconds: 90_000 }] });
  });

  it("turns 503 when the only backup is 26 hours old", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    test.clock.advance(22 * hour);
    await scene.workerSpeaks();
    await test.db.store.update({ where: { id: scene.storeId }, data: { checkedAt: test.clock.now() } });
    expect((await ask()).status).toBe(200);
    test.clock.advance(2 * hour);
    await scene.workerSpeaks();
    await test.db.store.update({ where: { id: scene.storeId }, data: { checkedAt: test.clock.now() } });
    expect(await ask()).toMatchObject({ status: 503 });
    expect(await codes()).toEqual(["objective_broken"]);
  });

  it("counts no backup that was taken while the clock was a year ahead, says so, and is 200 again with the next one", async () => {
    const databaseId = await scene.protect("orders", 2);
    const now = test.clock.now();
    test.clock.advance(365 * 24 * hour);
    await test.db.backup.updateMany({ data: { takenAt: test.clock.now() } });
    await scene.workerSpeaks();
    test.clock.set(now);
    await test.db.worker.create({ data: { id: "later", startedAt: now, heartbeatAt: now, scheduledAt: now } });
    await test.db.store.update({ where: { id: scene.storeId }, data: { checkedAt: now } });
    const answer = await ask();
    expect(answer.status).toBe(503);
    expect(answer.json().databases).toMatchObject([{ newestBackupAt: null, reasons: [{ code: "dated_ahead", message: "A backup is dated 22 Sep 2027 09:14:00 UTC, ahead of this machine's clock, so how old it is is not known and it counts for nothing." }] }]);
    const { id } = await test.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: now, sizeBytes: 3n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3 } });
    await test.db.copy.create({ data: { backupId: id, storeId: scene.storeId, key: "second.dump.zst", sizeBytes: 3n, databaseKey: databaseId, storedAt: now } });
    expect(await ask()).toMatchObject({ status: 200 });
    expect((await readFacts(test))[0]?.facts).toMatchObject({ newest: { id }, newestReadable: { id }, ahead: { takenAt: new Date("2027-09-22T09:14:00Z") } });
  });

  it("believes no worker that was last heard ahead of the clock", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    await test.db.worker.updateMany({ data: { heartbeatAt: new Date(test.clock.now().getTime() + 365 * 24 * hour) } });
    expect(await codes()).toEqual(["worker_silent"]);
  });

  it("turns 503 when the worker is silent, and at once when it was stopped", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    await scene.workerSpeaks({ stoppedAt: test.clock.now() });
    expect(await codes()).toEqual(["worker_silent"]);
    await test.db.worker.update({ where: { id: "w" }, data: { stoppedAt: null } });
    expect((await ask()).status).toBe(200);
    test.clock.advance(31_000);
    expect(await ask()).toMatchObject({ status: 503 });
    expect(await codes()).toEqual(["worker_silent"]);
  });

  it.each<[string, () => void]>([
    ["is gone", () => renameSync(scene.storePath, `${scene.storePath}-away`)],
    ["is a file", () => {
      rmSync(scene.storePath, { recursive: true });
      writeFileSync(scene.storePath, "");
    }],
    ["is the empty directory under a disk that is not mounted", () => {
      rmSync(scene.storePath, { recursive: true });
      mkdirSync(scene.storePath);
    }],
  ])("turns 503 when the store %s", async (_, harm) => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    expect((await ask()).status).toBe(200);
    harm();
    await watchStores(test.db, test.clock);
    expect(await ask()).toMatchObject({ status: 503 });
    expect(await codes()).toContain("store_unreadable");
  });

  it("is 503 for one that was never backed up, for none at all, and where the record cannot be read", async () => {
    await scene.workerSpeaks();
    expect(await ask()).toMatchObject({ status: 503, text: expect.stringContaining("No database is registered") as string });
    await scene.protect("orders", null);
    await watchStores(test.db, test.clock);
    expect(await codes()).toEqual(["never_backed_up"]);
    await test.db.$executeRawUnsafe(`DROP TABLE "Worker"`);
    const broken = await ask();
    expect([broken.status, broken.json()]).toEqual([503, { status: "failing", reasons: ["The metadata database cannot be read."], databases: [] }]);
  });

  it("names the bad one among many, and answers for one alone", async () => {
    await scene.protect("orders", 2);
    await scene.protect("bimcalc", 30);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    const all = await ask();
    expect(all.status).toBe(503);
    expect(all.json().databases.map(({ name, status }) => `${name} ${status}`)).toEqual(["bimcalc failing", "orders ok"]);
    expect((await ask("/api/health/backups?database=orders")).status).toBe(200);
    expect((await ask("/api/health/backups?database=bimcalc")).status).toBe(503);
    expect((await ask("/api/health/backups?database=bim")).status).toBe(404);
  });

  it("says it in a line for each database where text is asked for", async () => {
    await scene.protect("orders", 2);
    await scene.protect("bimcalc", 30);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    const { status, text } = await ask("/api/health/backups", { accept: "text/plain" });
    expect(status).toBe(503);
    expect(text).toBe("FAIL bimcalc: The newest backup that can be restored is from 21 Sep 03:14 UTC, 30 h ago; the target is 24 h, and the alarm comes at 25 h.\nok orders: newest backup 2 h old, target 24 h\n");
    expect((await ask("/api/health/backups?database=none", { accept: "text/plain" })).text).toBe("FAIL There is no such database in Holdfast.\n");
  });

  it("tells nobody without a token with the scope or a session, and no token in the address", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    const token = (monitor.authorization ?? "").slice("Bearer ".length);
    for (const [as, address, status] of [
      [scene.as(null), "/api/health/backups", 401],
      [scene.as(null), `/api/health/backups?token=${token}`, 401],
      [scene.as("Bearer hf_wrong"), "/api/health/backups", 401],
      [await scene.asToken(["metrics"]), "/api/health/backups", 403],
    ] as const) {
      const answer = await ask(address, { as });
      expect([answer.status, answer.text.includes("orders")]).toEqual([status, false]);
    }
    const viewer = await test.as("viewer");
    expect((await ask("/api/health/backups", { as: scene.as(null, viewer.actor) })).status).toBe(200);
  });

  it("speaks to a limited token of its own databases only", async () => {
    const id = await scene.protect("orders", 2);
    await scene.protect("bimcalc", 30);
    await scene.workerSpeaks();
    await watchStores(test.db, test.clock);
    const limited = await scene.asToken(["health"], [id]);
    const answer = await ask("/api/health/backups", { as: limited });
    expect([answer.status, answer.text.includes("bimcalc")]).toEqual([200, false]);
    expect((await ask("/api/health/backups?database=bimcalc", { as: limited })).status).toBe(404);
  });
});

describe("GET /api/health", () => {
  const ready = async (as = scene.as(null)) => {
    const answer = await answerHealth(as, request("/api/health?ready=1"));
    return [answer.status, await answer.json()] as const;
  };

  it("is 200 while the process lives, whatever else is broken", async () => {
    await test.db.$executeRawUnsafe(`DROP TABLE "Worker"`);
    expect((await answerHealth(scene.as(null), request("/api/health"))).status).toBe(200);
  });

  it("says why it is not ready only to those who may know", async () => {
    expect(await ready()).toEqual([503, { status: "unready" }]);
    expect(await ready(scene.as("Bearer hf_wrong"))).toEqual([503, { status: "unready" }]);
    expect(await ready(monitor)).toEqual([503, { status: "unready", reasons: ["No worker was ever heard."] }]);
    await scene.workerSpeaks();
    expect(await ready()).toEqual([200, { status: "ok" }]);
  });

  it("is not ready while a store in use cannot be used, or the scheduler hangs", async () => {
    await scene.protect("orders", 2);
    await scene.workerSpeaks();
    rmSync(scene.storePath, { recursive: true });
    await watchStores(test.db, test.clock);
    await test.db.worker.update({ where: { id: "w" }, data: { scheduledAt: new Date(test.clock.now().getTime() - 61_000) } });
    const [status, { reasons }] = (await ready(monitor)) as [number, { reasons: string[] }];
    expect(status).toBe(503);
    expect(reasons).toEqual(["The worker has not looked after its schedules for 1\u00a0m\u00a01\u00a0s.", `local-disk cannot be used: The directory ${scene.storePath} cannot be read: it does not exist.`]);
  });
});
