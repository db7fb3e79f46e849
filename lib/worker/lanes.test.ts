import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { RunKind } from "@/lib/runs/schemas";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { laneOf, openLanes } from "./lanes";
import { claim } from "./loop";

describe("lanes of the queue", () => {
  let record: TestDatabase;
  beforeEach(async () => {
    record = await testDatabase();
  });
  afterEach(() => record.close());

  async function queue(kind: RunKind, interactive = false): Promise<number> {
    return (await enqueueRun(record.db, await record.as("admin"), { kind, interactive })).runId;
  }
  const take = async (running: Parameters<typeof openLanes>[0]) => (await claim({ id: "here:1", db: record.db, installation: "i" }, openLanes(running)))?.id ?? null;

  it("lets a restore and an undo pass the backups that two others keep waiting", async () => {
    const backup = await queue("backup");
    const restore = await queue("restore");
    const undo = await queue("undo_restore");
    expect(await take(["heavy", "heavy"])).toBe(restore);
    expect(await take(["heavy", "heavy", "rescue"])).toBe(undo);
    expect(await take(["heavy", "heavy", "rescue", "rescue"])).toBeNull();
    expect(await take(["heavy", "rescue", "rescue"])).toBe(backup);
  });

  it("lets nobody's question wait, and takes no more of a kind than go side by side", async () => {
    const drill = await queue("drill");
    const question = await queue("plan_restore", true);
    expect(await take(["heavy", "heavy", "rescue", "rescue"])).toBe(question);
    expect(await take(["question", "question", "question", "question"])).toBe(drill);
    expect(openLanes(["question", "question", "question", "question", "rescue", "rescue", "heavy", "heavy"])).toEqual([]);
    expect(laneOf({ kind: "restore", interactive: true })).toBe("question");
  });
});
