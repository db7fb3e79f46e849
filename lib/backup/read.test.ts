import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeJson } from "@/lib/db/codecs";
import { noFindings } from "@/lib/drill/findings";
import { reportOf } from "@/lib/drill/record";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { protectedScene } from "@/lib/testing/protected";
import { type BackupView, readBackup } from "./read";

let test: TestDatabase;
let databaseId = "";
let backupId = "";
beforeAll(async () => {
  test = await testDatabase();
  databaseId = await (await protectedScene(test)).protect("orders", 2);
  backupId = (await test.db.backup.findFirstOrThrow({ where: { databaseId } })).id;
});
afterAll(() => test.close());

const at = (minutes: number) => new Date(test.clock.now().getTime() + minutes * 60_000);

async function addRun(kind: string, minutes: number, more: { status?: string; backupId?: string | null } = {}) {
  return test.db.run.create({
    data: { kind, status: "succeeded", databaseId, backupId, input: "{}", initiatorKind: "schedule", initiatorName: "Schedule", origin: "worker", queuedAt: at(minutes), startedAt: at(minutes), finishedAt: at(minutes + 5), ...more },
  });
}

async function addDrill(outcome: "passed" | "failed" | "inconclusive", minutes: number, { kind = "drill", equal = 3 as number | null } = {}) {
  // A disaster drill's run names no backup before its end.
  const run = await addRun(kind === "drill" ? "drill" : "disaster_drill", minutes, { status: outcome === "passed" ? "succeeded" : "failed", ...(kind === "drill" ? {} : { backupId: null }) });
  const findings = { ...noFindings(), image: "postgres:16.4", compared: { tables: 3, rows: 9, notCompared: [] }, tables: equal === null ? null : { equal, counted: [] }, cleanUp: { at: at(minutes + 4).toISOString(), containers: ["x"], volumes: 1, left: 0 } };
  const drill = await test.db.drill.create({ data: { runId: run.id, databaseId, backupId, kind, outcome, startedAt: at(minutes), finishedAt: at(minutes + 4.5), report: writeJson(reportOf(findings, null, null)) } });
  if (outcome === "passed") await test.db.backup.update({ where: { id: backupId }, data: { rung: 4, provenAt: drill.finishedAt } });
  return { drillId: drill.id, runId: run.id };
}

async function read(): Promise<BackupView> {
  const found = await readBackup(test, backupId);
  if (found?.state !== "listed") throw new Error("the backup is not listed");
  return found.backup;
}

describe("a backup with its drills and restores", () => {
  it("names the drill that proved it, and no other", async () => {
    expect((await read()).provenBy).toBeNull();
    await addDrill("failed", 10);
    expect((await read()).provenBy).toBeNull();
    await addDrill("passed", 20, { equal: null });
    expect((await read()).provenBy).toMatchObject({ tables: null });
    const { drillId } = await addDrill("passed", 30);
    await addDrill("inconclusive", 40);
    expect((await read()).provenBy).toEqual({ drillId, image: "postgres:16.4", tables: { equal: 3, counted: [] } });
    expect((await read()).proof.proven.what?.replaceAll("\u00a0", " ")).toBe("Restored on postgres:16.4, without network. 3 of 3 tables equal, byte by byte");
  });

  it("tells of each of them in its timeline, disaster drills and restores too", async () => {
    await addDrill("passed", 50, { kind: "disaster" });
    const restore = await addRun("restore", 60);
    await test.db.restore.create({ data: { runId: restore.id, databaseId, backupId, method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "orders", startedAt: at(60) } });
    await addRun("plan_restore", 70);
    const moments = (await read()).moments.map(({ at: time, text, runId, mark }) => ({ minutes: (Date.parse(time) - test.clock.now().getTime()) / 60_000, text: text.replaceAll("\u00a0", " "), runId, mark }));
    expect(moments.filter(({ text }) => !/started|removed/.test(text)).map(({ minutes, text, mark }) => [minutes, text, mark])).toEqual([
      [65, "Restored as orders", "neutral"],
      [54.5, "Proven again, 3 of 3 tables equal", "proven"],
      [44.5, "Drill inconclusive", "neutral"],
      [34.5, "Proven again, 3 of 3 tables equal", "proven"],
      [24.5, "Proven, 3 tables compared", "proven"],
      [14.5, "Drill failed", "danger"],
    ]);
    expect(moments[0]?.runId).toBe(restore.id);
    expect(moments.map(({ text }) => text)).toEqual(expect.arrayContaining(["Disaster drill started on postgres:16.4 by the schedule", "Restore started by the schedule", "Drill container removed, 0 left over"]));
  });

  it("shows no more than the newest of them, and knows the drill that proved it all the same", async () => {
    const before = await read();
    const newest: number[] = [];
    for (let minutes = 100; minutes < 160; minutes += 1) newest.unshift((await addRun("restore", minutes, { status: "failed" })).id);
    expect(await read()).toMatchObject({ provenBy: before.provenBy, proof: { proven: before.proof.proven } });
    expect([...new Set((await read()).moments.map(({ runId }) => runId))]).toEqual([...newest.slice(0, 50), before.run?.id]);
    const { runId } = await addDrill("passed", 160);
    expect((await read()).moments.find((moment) => moment.runId === runId && moment.mark === "proven")?.text).toMatch(/^Proven again/);
  });

  it("claims no proof while a problem is open", async () => {
    await test.db.backup.update({ where: { id: backupId }, data: { problem: JSON.stringify({ rung: "proven", code: "drill.differs", message: "x", at: at(80).toISOString() }) } });
    expect((await read()).provenBy).toBeNull();
  });
});
