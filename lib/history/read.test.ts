import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, defaultBackupOptions } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { measuredBefore } from "@/lib/restore/evidence";
import { exportHistory } from "./export";
import { lastMeasured } from "./measured";
import { readHistory } from "./read";

const h = 3_600_000;
let test: TestDatabase;
let storeId: string;
let databaseId: string;
const registered = AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "holdfast", storeId: "chosen below" });

beforeEach(async () => {
  test = await testDatabase();
  test.clock.set("2026-09-12T00:00:00Z");
  const ctx = await test.as("admin");
  ({ storeId } = await addStore(ctx, { name: "local-disk", path: "/backups" }));
  ({ databaseId } = await addDatabase(ctx, { ...registered, storeId }));
  await test.db.worker.create({ data: { id: "worker-1", startedAt: test.clock.now(), heartbeatAt: new Date("2026-09-22T09:14:00Z") } });
  test.clock.set("2026-09-22T09:14:00Z");
});
afterEach(() => test.close());

const day = (number: number, hour = 2) => new Date(Date.UTC(2026, 8, number, hour));

async function backUp(takenAt: Date, more: { deletedAt?: Date; problem?: string; missingAt?: Date; rung?: number; sizeBytes?: bigint } = {}) {
  const { missingAt, ...rest } = more;
  const readableAt = new Date(takenAt.getTime() + 60_000);
  const backup = await test.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt, sizeBytes: 742n, storedMs: 30_000, initiatorKind: "user", initiatorName: "x", rung: 3, readableAt, ...rest } });
  if (!rest.deletedAt) await test.db.copy.create({ data: { backupId: backup.id, storeId, key: backup.id, sizeBytes: 742n, storedAt: readableAt, missingAt: missingAt ?? null } });
  return backup.id;
}
async function run(kind: string, status: string, at: Date, more: { backupId?: string; error?: string } = {}) {
  return test.db.run.create({ data: { kind, status, databaseId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: at, startedAt: at, finishedAt: new Date(at.getTime() + 60_000), ...more } });
}
async function drill(backupId: string, at: Date, totalMs: number, outcome = "passed") {
  const made = await run("drill", outcome === "passed" ? "succeeded" : "failed", at, { backupId });
  await test.db.drill.create({ data: { id: `drill-${made.id}`, runId: made.id, databaseId, backupId, kind: "drill", outcome, startedAt: at, finishedAt: new Date(at.getTime() + totalMs), totalMs, phases: JSON.stringify({ fetch: 1_000, start: 2_000, restore: totalMs - 5_000, compare: 1_500, checks: 500, cleanUp: 900 }) } });
  return made.id;
}
const read = async () => readHistory(test, await test.db.database.findUniqueOrThrow({ where: { id: databaseId } }), "7d");

describe("readHistory", () => {
  it("draws the age from what was recorded, deleted backups for as long as they were there", async () => {
    await backUp(day(13));
    await backUp(day(14), { deletedAt: day(20) });
    const kept = await backUp(day(20, 3));
    const { seen, days, range } = await read();
    expect(new Date(range.from).toISOString()).toBe("2026-09-16T00:00:00.000Z");
    expect(seen.map(({ from, takenAt }) => [new Date(from).toISOString(), takenAt])).toEqual([
      ["2026-09-16T00:00:00.000Z", day(14).getTime()],
      ["2026-09-20T02:00:00.000Z", day(13).getTime()],
      ["2026-09-20T03:01:00.000Z", day(20, 3).getTime()],
    ]);
    expect(seen.at(-1)?.backupId).toBe(kept);
    expect(days.map(({ state }) => state)).toEqual(["broken", "broken", "broken", "broken", "broken", "broken", "broken"]);
  });

  it("counts a backup until its file went missing or its proof broke", async () => {
    await backUp(day(18), { missingAt: day(19) });
    await backUp(day(19, 12), { rung: 3, problem: JSON.stringify({ rung: "proven", code: "drill.differs", message: "It differs.", at: day(20).toISOString() }) });
    const { nothing } = await read();
    expect(nothing.map(({ from, to }) => [from, to])).toEqual([
      [day(19).getTime(), day(19, 12).getTime() + 60_000],
      [day(20).getTime(), test.clock.now().getTime()],
    ]);
  });

  it("names the cause of a breach and the run that tells more", async () => {
    await backUp(day(17));
    const failed = await run("backup", "failed", day(18), { error: JSON.stringify({ code: "store.full", kind: "unavailable", message: "The disk of /backups is full. Nothing was stored." }) });
    await backUp(day(18, 20));
    await backUp(day(19, 20));
    await backUp(day(20, 20));
    const ended = await backUp(day(21, 22));
    const ender = await run("backup", "succeeded", day(21, 22), { backupId: ended });
    const { breaches } = await read();
    expect(breaches).toMatchObject([
      { objective: "point", from: day(21, 20).getTime(), to: day(21, 22).getTime() + 60_000, worstMs: 26 * h + 60_000, runId: ender.id, cause: "No backup became readable in time, and none failed: none was started early enough." },
      { objective: "point", from: day(18).getTime(), runId: failed.id, cause: "1\u00a0backup failed: The disk of /backups is full." },
    ]);
  });

  it("measures drills by the target of their time and leaves cleaning up out", async () => {
    const backupId = await backUp(day(18));
    test.clock.set(day(20));
    const ctx = await test.as("admin");
    const { databaseName: _, ...same } = registered;
    await updateDatabase(ctx, { ...same, databaseId, storeId, options: defaultBackupOptions, objectiveRtoSeconds: 60 });
    test.clock.set("2026-09-22T09:14:00Z");
    await drill(backupId, day(18, 4), 120_000);
    const slow = await drill(backupId, day(21), 90_000);
    await drill(backupId, day(21, 4), 50_000, "failed");
    const history = await read();
    expect(history.measured).toMatchObject([{ met: true, targetSeconds: 300 }, { met: false, targetSeconds: 60, phases: { fetch: 1_000, start: 2_000, restore: 85_000, compare: 2_000 } }]);
    expect(history.failed).toEqual({ drills: 1, restores: 0 });
    expect(history.breaches.find(({ objective }) => objective === "time")).toMatchObject({ runId: slow, worstMs: 90_000 });
    expect(history.procedures[0]).toMatchObject({ objective: "rto", targetSeconds: 60, actualMs: 90_000, met: false });
    expect(history.procedures.find(({ objective }) => objective === "point_in_time")).toMatchObject({ targetSeconds: 600, actualMs: null, met: null });
    expect((await lastMeasured(test, [{ databaseId, backupId }])).get(databaseId)).toMatchObject({ runId: slow, totalMs: 90_000 });
  });

  it("takes the time of a drill or restore of a backup as large as the one in question", async () => {
    const mib = 2n ** 20n;
    const [large, small] = [await backUp(day(17), { sizeBytes: 290n * mib }), await backUp(day(18), { sizeBytes: 2n * mib })];
    const measured = async (backupId: string | null) => (await lastMeasured(test, [{ databaseId, backupId }])).get(databaseId) ?? null;
    const beside = await run("restore", "succeeded", day(20), { backupId: small });
    await test.db.restore.create({ data: { runId: beside.id, databaseId, backupId: small, method: "beside", state: "created", reason: "x", plan: "{}", targetName: "copy", startedAt: day(20), finishedAt: day(20), totalMs: 3_400 } });
    expect(await measured(large)).toBeNull();
    expect(await measuredBefore(test, databaseId, large)).toBeNull();
    const whole = await drill(large, day(19), 120_000);
    expect(await measured(large)).toMatchObject({ runId: whole, totalMs: 120_000, sizeBytes: 290 * 2 ** 20 });
    expect(await measuredBefore(test, databaseId, large)).toMatchObject({ what: "drill", at: day(19).toISOString(), totalMs: 120_000 });
    expect(await measured(small)).toMatchObject({ runId: beside.id, totalMs: 3_400 });
    expect(await measured(null)).toMatchObject({ runId: beside.id });
    const between = await backUp(day(21), { sizeBytes: 20n * mib });
    expect(await measured(between)).toMatchObject({ runId: whole, totalMs: 120_000 });
  });

  it("claims nothing of a time in which no worker was heard", async () => {
    await backUp(day(21));
    await test.db.worker.update({ where: { id: "worker-1" }, data: { heartbeatAt: day(21, 12) } });
    const history = await read();
    expect(history.gaps).toMatchObject([{ from: day(21, 12).getTime() + 30_000, why: "silent" }]);
    expect(history.seen.at(-1)?.to).toBe(day(21, 12).getTime() + 30_000);
    expect(history.procedures.find(({ objective }) => objective === "rpo")).toMatchObject({ actualMs: null, source: "no evidence: no worker is heard" });
  });
});

describe("exportHistory", () => {
  it("writes a line for every figure, and names that cannot become formulas", async () => {
    const backupId = await backUp(day(21));
    await drill(backupId, day(21, 4), 90_000);
    await test.db.database.update({ where: { id: databaseId }, data: { name: "=orders" } });
    const response = await exportHistory(test, { database: databaseId, range: "7d" });
    const [head, ...lines] = (await response.text()).trimEnd().split("\r\n");
    expect(head).toBe("what,database,from,to,seconds,target_seconds,target_held,fetch_seconds,restore_seconds,compare_seconds,start_seconds,size_bytes,run,backup,note");
    expect(lines).toContain(`recovery_point,'=orders,2026-09-21T02:01:00.000Z,2026-09-22T09:14:00.000Z,112440,86400,false,,,,,,,${backupId},`);
    expect(lines.filter((line) => line.startsWith("target,"))).toHaveLength(4);
    expect(lines.some((line) => line.startsWith("drill,'=orders,2026-09-21T04:00:00.000Z,2026-09-21T04:01:30.000Z,90,300,true,1,85,2,2,,"))).toBe(true);
    expect(lines.some((line) => line.startsWith("breach_point,"))).toBe(true);
  });
});
