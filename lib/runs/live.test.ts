import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { ifCancelled, meaningForData } from "./consequences";
import { listRuns, runsWithoutBackup } from "./list";
import { expectedEnds, laterView, recentRate, RunView, stalledFor } from "./live";
import { readRun } from "./read";
import { RunsParams } from "./search-params";
import { stepsOf } from "./steps";

const at = (seconds: number) => new Date(Date.UTC(2026, 8, 22, 9, 0, seconds));
const started = (step: string, second: number) => ({ type: "step_started", step, at: at(second), message: "", ms: null });
const finished = (step: string, second: number, ms: number) => ({ type: "step_finished", step, at: at(second), message: `${step} done`, ms });
const events = [started("prepare", 0), finished("prepare", 1, 1_000), started("snapshot", 1), finished("snapshot", 3, 2_000), started("dump", 3)];
const lastMs = new Map([["dump", 60_000], ["read_back", 10_000]]);

describe("the steps of a run", () => {
  it("are what was logged, the one under way, and those to come", () => {
    const steps = stepsOf({ kind: "backup", status: "running" }, events, lastMs);
    expect(steps.map((step) => step.state)).toEqual(["done", "done", "now", "todo", "todo", "todo"]);
    expect(steps[2]).toMatchObject({ startedAt: at(3).toISOString(), lastMs: 60_000, ms: null });
  });
  it("show where it failed, and claim nothing of a lost run", () => {
    expect(stepsOf({ kind: "backup", status: "failed" }, events, lastMs).map((step) => step.state)).toEqual(["done", "done", "failed", "skipped", "skipped", "skipped"]);
    expect(stepsOf({ kind: "backup", status: "lost" }, events, lastMs)[2]?.state).toBe("skipped");
  });
  it("are expected to end when they did last time, as far as that is known", () => {
    const steps = stepsOf({ kind: "backup", status: "running" }, events, lastMs);
    const ends = expectedEnds(steps, at(10).getTime());
    expect(ends.get("dump")).toBe(at(63).getTime());
    expect(ends.get("read_back")).toBe(at(73).getTime());
    expect(ends.has("decode")).toBe(false);
    // What takes longer than last time is due now, never in the past.
    expect(expectedEnds(steps, at(100).getTime()).get("dump")).toBe(at(100).getTime());
  });
});

describe("the figures of a run", () => {
  it("average the last ten seconds", () => {
    expect(recentRate([])).toBeNull();
    expect(recentRate([100, ...Array<number>(10).fill(20)])).toBe(20);
  });
  it("speak of a stall after 40 s without a byte", () => {
    const view: Pick<RunView, "status" | "progress" | "steps"> = { status: "running", progress: { bytes: 5, perSecond: [5], lastDataAt: at(0).toISOString(), detail: null }, steps: [] };
    expect(stalledFor(view, at(39).getTime())).toBeNull();
    expect(stalledFor(view, at(41).getTime())).toBe(41_000);
    expect(stalledFor({ ...view, status: "failed", progress: null }, at(99).getTime())).toBeNull();
  });
  it("speak of a stall before the first byte too, as of a dump that waits for a lock", () => {
    const steps = stepsOf({ kind: "backup", status: "running" }, events, lastMs);
    // Of the step before.
    const progress = { bytes: 0, perSecond: [], lastDataAt: at(1).toISOString(), detail: null };
    expect(stalledFor({ status: "running", progress, steps }, at(42).getTime())).toBeNull();
    expect(stalledFor({ status: "running", progress, steps }, at(43).getTime())).toBe(40_000);
    expect(stalledFor({ status: "running", progress: null, steps }, at(43).getTime())).toBe(40_000);
  });
  it("speak of none where bytes are not due: a step that only counts, and a dump whose tables go by before its bytes", () => {
    const progress = { bytes: 0, perSecond: [], lastDataAt: null, detail: null };
    expect(stalledFor({ status: "running", progress, steps: stepsOf({ kind: "backup", status: "running" }, [started("snapshot", 1)], lastMs) }, at(99).getTime())).toBeNull();
    expect(stalledFor({ status: "running", progress: { ...progress, detail: "public.orders" }, steps: stepsOf({ kind: "backup", status: "running" }, events, lastMs) }, at(99).getTime())).toBeNull();
  });
});

let record: TestDatabase;
beforeEach(async () => {
  record = await testDatabase();
  const store = await record.db.store.create({ data: { name: "local-disk", kind: "local", path: "/disk" } });
  await record.db.database.create({ data: { id: "orders", name: "orders", fileName: "orders", container: "c", databaseName: "orders", role: "p", storeId: store.id, options: "{}" } });
});
afterEach(() => record.close());

const run = (facts: { status: string; kind?: string; hoursAgo?: number; interactive?: boolean; input?: object }) =>
  record.db.run.create({
    data: {
      kind: facts.kind ?? "backup", status: facts.status, databaseId: facts.kind === "rescan_store" ? null : "orders", input: JSON.stringify(facts.input ?? {}), initiatorKind: "user", initiatorName: "Maeve", origin: "x",
      queuedAt: new Date(record.clock.now().getTime() - (facts.hoursAgo ?? 1) * 3_600_000), interactive: facts.interactive ?? false,
    },
  });

describe("readRun", () => {
  it("is what the browser's schema expects", async () => {
    const { id } = await run({ status: "running" });
    await record.db.runEvent.createMany({ data: events.map((event) => ({ ...event, runId: id })) });
    for (let line = 0; line < 12; line += 1) await record.db.runEvent.create({ data: { runId: id, at: at(line), type: "log", message: `line ${line}` } });
    const view = RunView.parse(JSON.parse(JSON.stringify(await readRun(record, { id }))));
    expect(view).toMatchObject({ title: "Backup of orders", status: "running", startedBy: "by Maeve", workerHeard: false, log: { total: 14 } });
    expect(view.log.lines).toHaveLength(10);
    expect((await readRun(record, { id, log: "all" })).log.lines).toHaveLength(14);
    expect(ifCancelled(view).replaceAll(nbsp, " ")).toBe("The dump stops inside the container and nothing is stored. There is no other readable backup of orders.");
  });
  it("ends with the page that was drawn after its end, although the last poll still found it running", async () => {
    const { id } = await run({ status: "running" });
    const polled = await readRun(record, { id });
    await record.db.run.update({ where: { id }, data: { status: "succeeded" } });
    const drawn = await readRun(record, { id });
    expect(laterView(polled, drawn).status).toBe("succeeded");
    expect(laterView(drawn, polled).status).toBe("succeeded");
  });
  it("says what a failure means for the data", async () => {
    const { id } = await run({ status: "failed" });
    expect(meaningForData(await readRun(record, { id }))).toBe("No backup came of it. There is no other readable backup of orders.");
  });
  it("refuses a run that is not there", async () => expect(readRun(record, { id: 99 })).rejects.toMatchObject({ code: "run.not_found" }));
});

describe("lists of runs", () => {
  it("leave short questions out and name the store of a rescan", async () => {
    const store = await record.db.store.findFirstOrThrow();
    await run({ status: "succeeded", kind: "check_database", interactive: true });
    await run({ status: "succeeded", kind: "rescan_store", input: { storeId: store.id } });
    const { rows, total } = await listRuns(record, RunsParams.parse({}));
    expect(total).toBe(1);
    expect(rows[0]?.title).toBe("Rescan of local-disk");
  });
  it("list apart what came to nothing within 48 h", async () => {
    await run({ status: "failed", hoursAgo: 49 });
    await run({ status: "succeeded" });
    await run({ status: "lost" });
    await run({ status: "cancelled" });
    const { rows, total } = await runsWithoutBackup(record, null);
    expect(rows.map((row) => row.status)).toEqual(["cancelled", "lost"]);
    expect(total).toBe(2);
    expect(rows[0]?.message).toContain("before it started");
  });
});
