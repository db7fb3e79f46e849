import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { unreadyReasons } from "./readiness";
import { shellStatus } from "./shell-status";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

const heard = (values: { engineProblem?: string; stoppedAt?: Date } = {}) =>
  test.db.worker.create({ data: { id: crypto.randomUUID(), startedAt: test.clock.now(), heartbeatAt: test.clock.now(), ...values } });

it("is unready until a worker was heard, and again when it falls silent", async () => {
  expect(await unreadyReasons(test)).toEqual(["No worker was ever heard."]);
  await heard();
  test.clock.advance(30_000);
  expect(await unreadyReasons(test)).toEqual([]);
  test.clock.advance(1_000);
  expect(await unreadyReasons(test)).toEqual(["No word from the worker for 31\u00a0s."]);
});

it("is unready while the worker cannot reach Docker or was stopped", async () => {
  await heard({ engineProblem: "Docker does not answer." });
  expect(await unreadyReasons(test)).toEqual(["Docker does not answer."]);
  test.clock.advance(1_000);
  await heard({ stoppedAt: test.clock.now() });
  expect(await unreadyReasons(test)).toEqual(["The worker was stopped."]);
});

it("says so when the record cannot be read", async () => {
  await test.db.$executeRawUnsafe(`DROP TABLE "Worker"`);
  expect(await unreadyReasons(test)).toEqual(["The metadata database cannot be read."]);
});

it("shows the frame what runs, without the short questions to the worker", async () => {
  const at = test.clock.now();
  const run = { status: "running", input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: at, startedAt: at };
  await test.db.run.create({ data: { ...run, kind: "discover", interactive: true } });
  const { id } = await test.db.run.create({ data: { ...run, kind: "backup", step: "dump", progress: JSON.stringify({ bytes: 1_024 }) } });
  await test.db.run.create({ data: { ...run, kind: "backup", status: "succeeded" } });
  expect(await shellStatus(test)).toEqual({
    now: at.toISOString(),
    activeRuns: [{ id, title: "Backing up a database", step: "Dump", bytes: 1_024, startedAt: at.toISOString() }],
    worker: { heartbeatAt: null, problem: null },
    worst: null,
  });
});

it("shows the frame the twenty oldest of what runs and waits, by number", async () => {
  const at = test.clock.now();
  const run = { kind: "verify_backup", input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: at };
  for (let made = 0; made < 24; made += 1) await test.db.run.create({ data: { ...run, status: made % 2 === 0 ? "queued" : "running" } });
  const all = await test.db.run.findMany({ orderBy: { id: "asc" } });
  expect((await shellStatus(test)).activeRuns.map(({ id }) => id)).toEqual(all.slice(0, 20).map(({ id }) => id));
});

it("tells the frame a redo from an undo", async () => {
  const run = { kind: "undo_restore", status: "running", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: test.clock.now() };
  for (const way of ["undo", "redo"]) await test.db.run.create({ data: { ...run, input: JSON.stringify({ restoreId: "r", way }) } });
  expect((await shellStatus(test)).activeRuns.map(({ title }) => title)).toEqual(["Undoing the restore of a database", "Doing the restore of a database again"]);
});
