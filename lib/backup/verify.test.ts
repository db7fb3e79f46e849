import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enqueueRun } from "@/lib/runs/enqueue";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { climb } from "./record";

const content = "-- PostgreSQL database dump\n\nCREATE TABLE orders (id integer);\n\n--\n-- PostgreSQL database dump complete\n--\n";

describe("what a run says of a backup", () => {
  let holdfast: TestHoldfast;
  beforeEach(async () => {
    holdfast = await testHoldfast();
    const key = "orders_postgres_backup_20260801_020000.sql";
    writeFileSync(path.join(holdfast.storePath, key), content);
    const at = new Date("2026-08-01T02:00Z");
    const copies = { create: { storeId: holdfast.storeId, key, sizeBytes: BigInt(content.length), sha256: createHash("sha256").update(content).digest("hex"), storedAt: at } };
    await holdfast.db.backup.create({ data: { id: "b1", databaseName: "orders", origin: "foreign", format: "plain", takenAt: at, sizeBytes: BigInt(content.length), initiatorKind: "user", initiatorName: "x", rung: 1, copies } });
  });
  afterEach(() => holdfast.close());

  const enqueue = () => holdfast.db.$transaction((tx) => enqueueRun(tx as never, holdfast.ctx, { kind: "verify_backup", databaseId: null, backupId: "b1", input: {} }));
  const backup = () => holdfast.db.backup.findUniqueOrThrow({ where: { id: "b1" } });

  it("counts while it is the run's worker that says it", async () => {
    const { runId } = await enqueue();
    expect((await holdfast.work(runId)).problem).toBeNull();
    expect(await backup()).toMatchObject({ rung: 3, problem: null });
  });

  it.each(["read_back", "record"])("counts no more from the moment that the run is taken for lost, in the step %s", async (step) => {
    // What another worker and another run write while this one sleeps.
    await holdfast.db.$executeRawUnsafe(`CREATE TRIGGER asleep AFTER INSERT ON "RunEvent" WHEN NEW."type" = 'step_started' AND NEW."step" = '${step}' BEGIN
      UPDATE "Run" SET "status" = 'lost' WHERE "id" = NEW."runId"; UPDATE "Backup" SET "rung" = 1, "intactAt" = NULL, "problem" = 'changed'; END`);
    const { runId } = await enqueue();
    const run = await holdfast.work(runId);
    expect([run.status, run.problem]).toEqual(["lost", null]);
    expect(await backup()).toMatchObject({ rung: 1, intactAt: null, readableAt: null, problem: "changed" });
  });

  it("is not written by a backup's own run either once that is lost", async () => {
    const { runId } = await enqueue();
    await holdfast.db.run.update({ where: { id: runId }, data: { status: "lost" } });
    const sidecar = exampleSidecar({ backupId: "b1", runId, databaseId: "d", key: "k" });
    await expect(climb({ ctx: holdfast.ctx, runId }, { backupId: "b1", copyId: "c1", rung: "intact", ms: 1 }, sidecar)).rejects.toMatchObject({ code: "run.lease_lost" });
    expect(await backup()).toMatchObject({ rung: 1, intactAt: null });
  });
});
