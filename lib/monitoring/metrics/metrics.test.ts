import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { protectedScene, type ProtectedScene } from "@/lib/testing/protected";
import type { Caller } from "@/lib/tokens/require-caller";
import { watchStores } from "@/lib/worker/watch-stores";
import { answerMetrics } from "./answer";

let test: TestDatabase;
let scene: ProtectedScene;
let prometheus: Caller;
beforeEach(async () => {
  test = await testDatabase();
  scene = await protectedScene(test);
  prometheus = await scene.asToken(["metrics"]);
});
afterEach(() => test.close());

/** Series by what stands before the value. */
async function scrape(as = prometheus): Promise<Map<string, string>> {
  const answer = await answerMetrics(as);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]));
}
const run = (kind: string, status: string) => test.db.run.create({ data: { kind, status, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: test.clock.now() } });

it("says of a proven database how old, large and long its newest good backup is", async () => {
  await scene.protect("orders", 2, { rung: 4, rows: 13_000_000n });
  await scene.workerSpeaks();
  await watchStores(test.db, test.clock);
  const series = await scrape();
  for (const [name, value] of [
    ["backup_last_success_timestamp_seconds", String(new Date("2026-09-22T07:14:00Z").getTime() / 1_000)],
    ["backup_age_seconds", "7200"], ["backup_size_bytes", "3"], ["backup_duration_seconds", "92"], ["backup_rows", "13000000"],
    ["backup_proof_rung", "4"], ["backup_proven_age_seconds", "7200"], ["rpo_target_seconds", "86400"], ["rpo_measured_seconds", "7200"],
    ["rto_target_seconds", "300"], ["database_within_objective", "1"],
  ]) expect([name, series.get(`holdfast_${name ?? ""}{database="orders"}`)]).toEqual([name, value]);
  expect(series.get('holdfast_database_state{database="orders",state="protected"}')).toBe("1");
  expect(series.get('holdfast_database_state{database="orders",state="exposed"}')).toBe("0");
  expect(series.get('holdfast_store_backup_bytes{store="local-disk",database="orders"}')).toBe("3");
  expect(Number(series.get('holdfast_store_free_bytes{store="local-disk"}'))).toBeGreaterThan(0);
  expect([series.get("holdfast_worker_up"), series.get("holdfast_engine_up")]).toEqual(["1", "1"]);
  expect(series.get('holdfast_token_expiry_timestamp_seconds{token="token 1"}')).toBe(String(new Date("2026-10-22T09:14:00Z").getTime() / 1_000));
});

it("leaves out what is not known, and writes no 0 in its place", async () => {
  await scene.protect("orders", null);
  const names = [...(await scrape()).keys()];
  for (const absent of ["backup_last_success", "backup_age", "backup_size", "backup_duration", "backup_rows", "backup_proof_rung", "backup_proven", "rpo_measured", "rto_measured", "drill_last", "schedule_next", "store_free", "worker_heartbeat_age", "engine_up"]) {
    expect(names.filter((name) => name.startsWith(`holdfast_${absent}`))).toEqual([]);
  }
});

it("measures no loss while the worker is silent or the store is lost, and says that both are down", async () => {
  await scene.protect("orders", 2);
  await scene.workerSpeaks({ engineProblem: "Docker does not answer." });
  await watchStores(test.db, test.clock);
  expect((await scrape()).get("holdfast_engine_up")).toBe("0");
  test.clock.advance(31_000);
  await test.db.store.updateMany({ data: { problem: "It does not exist", freeBytes: 5n } });
  const series = await scrape();
  expect([series.get("holdfast_worker_up"), series.get("holdfast_worker_heartbeat_age_seconds"), series.get('holdfast_store_up{store="local-disk"}')]).toEqual(["0", "31", "0"]);
  expect(series.get('holdfast_database_state{database="orders",state="unknown"}')).toBe("1");
  for (const absent of ['rpo_measured_seconds{database="orders"}', 'store_free_bytes{store="local-disk"}', "engine_up"]) expect(series.has(`holdfast_${absent}`)).toBe(false);
});

it("counts runs, drills and occurrences from the record, so that counters only grow", async () => {
  for (const status of ["succeeded", "failed", "failed", "queued", "running", "lost"]) await run("backup", status);
  await run("verify_backup", "cancelled");
  const before = await scrape();
  expect([...before].filter(([name]) => name.startsWith("holdfast_runs_total"))).toEqual([
    ['holdfast_runs_total{kind="backup",outcome="succeeded"}', "1"], ['holdfast_runs_total{kind="backup",outcome="failed"}', "2"], ['holdfast_runs_total{kind="backup",outcome="cancelled"}', "0"], ['holdfast_runs_total{kind="backup",outcome="lost"}', "1"],
    ...["drill", "restore"].flatMap((kind) => ["succeeded", "failed", "cancelled", "lost"].map((outcome) => [`holdfast_runs_total{kind="${kind}",outcome="${outcome}"}`, "0"])),
    ['holdfast_runs_total{kind="verify_backup",outcome="succeeded"}', "0"], ['holdfast_runs_total{kind="verify_backup",outcome="failed"}', "0"], ['holdfast_runs_total{kind="verify_backup",outcome="cancelled"}', "1"], ['holdfast_runs_total{kind="verify_backup",outcome="lost"}', "0"],
  ]);
  expect([before.get("holdfast_queue_length"), before.get("holdfast_runs_running")]).toEqual(["1", "1"]);
  await test.db.run.updateMany({ where: { status: { in: ["queued", "running"] } }, data: { status: "failed" } });
  const after = await scrape();
  for (const [name, value] of before) if (name.includes("_total")) expect([name, Number(after.get(name)) >= Number(value)]).toEqual([name, true]);
});

it("writes names with quotes and line ends as the format wants them", async () => {
  await scene.protect("orders", 2);
  await test.db.database.updateMany({ data: { name: 'or"de\\rs\nnew' } });
  expect((await scrape()).get('holdfast_rpo_target_seconds{database="or\\"de\\\\rs\\nnew"}')).toBe("86400");
});

it("speaks to a limited token of its databases and nothing else", async () => {
  const id = await scene.protect("orders", 2);
  await scene.protect("bimcalc", 2);
  const names = [...(await scrape(await scene.asToken(["metrics"], [id]))).keys()];
  expect(names.filter((name) => !name.includes('database="orders"'))).toEqual([expect.stringMatching(/^holdfast_build_info\{version="\d/)]);
});

it("is for tokens with the scope and for people who are signed in", async () => {
  const answers = await Promise.all([scene.as(null), scene.as("Bearer hf_wrong"), await scene.asToken(["read", "health"]), scene.as(null, (await test.as("viewer")).actor)].map(answerMetrics));
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 200]);
  expect(answers[3]?.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
});

it("finds all it counts in indices", async () => {
  const plan = async (sql: string) => JSON.stringify(await test.db.$queryRawUnsafe(`EXPLAIN QUERY PLAN ${sql}`), (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
  expect(await plan(`SELECT "kind", "status", count(*) FROM "Run" GROUP BY "kind", "status"`)).toContain("COVERING INDEX");
  expect(await plan(`SELECT "outcome", count(*) FROM "Drill" WHERE "outcome" IS NOT NULL GROUP BY "outcome"`)).toContain("COVERING INDEX");
  expect(await plan(`SELECT "scheduleId", "state", count(*) FROM "Occurrence" GROUP BY "scheduleId", "state"`)).toContain("COVERING INDEX");
});
