import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { Manifest } from "@/lib/backup/schemas";
import { httpStatus } from "@/lib/errors";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { protectedScene, type ProtectedScene } from "@/lib/testing/protected";
import type { Caller } from "@/lib/tokens/require-caller";
import { scopes } from "@/lib/tokens/schemas";
import { answer } from "./answer";
import { ErrorAnswer } from "./answers";
import { pathParameters, type Operation } from "./operation";
import { operations } from "./operations";

let test: TestDatabase;
let scene: ProtectedScene;
let orders: string;
let bimcalc: string;
beforeEach(async () => {
  test = await testDatabase();
  scene = await protectedScene(test);
  [orders, bimcalc] = [await scene.protect("orders", 2), await scene.protect("bimcalc", 3)];
});
afterEach(() => test.close());

const find = (name: string) => {
  const found = operations.find(({ method, path }) => `${method} ${path}` === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
};

/** Sends a request as a program would: members of the path, then the query or the body. */
async function send(name: string, as: Caller, given: Record<string, unknown> = {}, raw?: string) {
  const operation = find(name);
  const inPath = pathParameters(operation.path);
  const params = Object.fromEntries(inPath.map((one) => [one, String(given[one] ?? "x")]));
  const rest = Object.fromEntries(Object.entries(given).filter(([one]) => !inPath.includes(one)));
  const url = new URL("http://holdfast.example/api/v1/x");
  const isRead = operation.method === "GET" || operation.method === "DELETE";
  if (isRead) for (const [one, value] of Object.entries(rest)) url.searchParams.set(one, String(value));
  const headers: Record<string, string> = as.authorization === null ? {} : { authorization: as.authorization };
  const request = new Request(url, { method: operation.method, headers, ...(isRead ? {} : { body: raw ?? JSON.stringify(rest) }) });
  const response = await answer(operation, as.place, request, params);
  const text = await response.text();
  checkAnswer(name, operation, response, text);
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as Record<string, unknown> & { rows: Record<string, unknown>[]; error: { code: string }; fields?: Record<string, string[]> } };
}

/** Operations that have done what they are for, and whose answer was as described. */
const answered = new Set<string>();

/** Whatever is sent is what the document describes: no member less, none more. */
function checkAnswer(name: string, operation: Operation, { status, headers }: Response, text: string) {
  if (headers.get("content-type")?.startsWith("text/csv")) return;
  const body = JSON.parse(text) as unknown;
  if (status >= 400) {
    expect(Object.values(httpStatus)).toContain(status);
    expect(ErrorAnswer.parse(body)).toStrictEqual(body);
    return;
  }
  expect(status).toBe(operation.starts ? 202 : 200);
  expect([name, operation.answer.parse(body)]).toStrictEqual([name, body]);
  answered.add(name);
}
afterAll(() => expect(operations.map(({ method, path }) => `${method} ${path}`).filter((name) => !answered.has(name))).toEqual([]));

const manifest = Manifest.parse({
  server: { version: "15.6", versionNumber: 150006, systemIdentifier: null, image: null },
  tools: { dump: "15.6", compression: "zstd" },
  database: { name: "bimcalc", oid: "16384", owner: "bimcalc", encoding: "UTF8", collation: "C", characterType: "C", sizeBytes: 8_000_000 },
  snapshot: { id: "1", takenAt: "2026-09-22T02:00:00.000Z", walPosition: "0/1" },
  tables: [{ schema: "public", name: "price_items", kind: "table", rows: 32, sizeBytes: null, excluded: "no", activity: null }],
  sequences: [],
  extensions: [],
  roles: ["bimcalc"],
  largeObjects: 0,
  schemaFingerprint: "x",
  warnings: [],
});
const all = () => scene.asToken(scopes);
const backupOf = async (databaseId: string) => (await test.db.backup.findFirstOrThrow({ where: { databaseId } })).id;

describe("the API", () => {
  it("starts a backup under the token's name, and refuses a second one", async () => {
    const as = await scene.asToken(["backup"]);
    const first = await send("POST /backups", as, { databaseId: orders, label: "before upgrade" });
    expect([first.status, first.body]).toEqual([202, { runId: expect.any(Number) as number, run: `/api/v1/runs/${String(first.body["runId"])}` }]);
    expect(await test.db.run.findFirstOrThrow({ orderBy: { id: "desc" } })).toMatchObject({ kind: "backup", status: "queued", initiatorKind: "token", initiatorName: "token 1", origin: "192.0.2.77" });
    expect(await test.db.auditEntry.findMany({ where: { action: "backup.started" } })).toMatchObject([{ actorKind: "token", actorName: "token 1", sentence: "Started a backup of orders" }]);
    const second = await send("POST /backups", as, { databaseId: orders });
    expect([second.status, second.body.error.code]).toEqual([409, "run.already_active"]);
  });

  it("leaves a refusal by the operation itself in the audit log, and one about a database out of reach", async () => {
    const as = await scene.asToken(["backup"]);
    const refused = await send("POST /backups", as, { databaseId: orders, options: { includeRolePasswords: true } });
    expect([refused.status, refused.body.error.code]).toEqual([403, "backup.passwords_refused"]);
    const narrow = await scene.asToken(["backup"], [bimcalc]);
    for (const databaseId of [orders, orders, "nowhere"]) expect((await send("POST /backups", narrow, { databaseId })).status).toBe(404);
    expect(await test.db.auditEntry.findMany({ where: { action: "access.refused" }, orderBy: { id: "asc" }, select: { outcome: true, actorName: true, sentence: true } })).toEqual([
      { outcome: "refused", actorName: "token 1", sentence: "Refused backup.start: Only an admin can ask for the password hashes of the roles, because the backups of orders leave them out" },
      { outcome: "refused", actorName: "token 2", sentence: "Refused a request about a database that the token does not reach" },
    ]);
  });

  it("tells what became of a run, and asks it to stop", async () => {
    const as = await all();
    const { runId } = (await send("POST /backups", as, { databaseId: orders })).body;
    expect((await send("GET /runs/{runId}", as, { runId })).body).toMatchObject({ id: runId, status: "queued", startedBy: "by the API token token 1" });
    expect((await send("GET /runs", as, { status: "queued" })).body).toMatchObject({ total: 1, rows: [{ id: runId }] });
    expect((await send("POST /runs/{runId}/cancel", as, { runId })).status).toBe(200);
    expect((await send("POST /runs/{runId}/cancel", as, { runId })).body.error.code).toBe("run.not_active");
  });

  it("lists with filters and pages, and reads one", async () => {
    const as = await scene.asToken(["read"]);
    expect((await send("GET /databases", as)).body.rows.map(({ name }) => name)).toEqual(["bimcalc", "orders"]);
    expect((await send("GET /backups", as)).body).toMatchObject({ total: 2, page: 1, pages: 1, rows: [{ databaseName: "orders" }, { databaseName: "bimcalc" }] });
    expect((await send("GET /backups", as, { databaseId: orders })).body).toMatchObject({ total: 1, rows: [{ databaseId: orders }] });
    expect((await send("GET /backups/{backupId}", as, { backupId: await backupOf(orders) })).body).toMatchObject({ state: "listed", databaseName: "orders", keep: false });
    expect((await send("GET /status", as)).body).toMatchObject({ healthy: false, ready: false, databases: [{ name: "bimcalc", status: "failing" }, { name: "orders", status: "failing" }] });
    expect((await send("GET /drills", as)).body).toMatchObject({ total: 0, rows: [] });
    expect((await send("GET /audit", as, { action: "database.added" })).body).toMatchObject({ total: 2 });
    expect((await send("GET /audit/export", as)).status).toBe(200);
    expect((await test.db.auditEntry.findFirstOrThrow({ orderBy: { id: "desc" } }))).toMatchObject({ action: "audit.exported", actorName: "token 1" });
  });

  it("keeps and deletes, with the database's name as on the page", async () => {
    const as = await all();
    const backupId = await backupOf(orders);
    expect((await send("PUT /backups/{backupId}/keep", as, { backupId, keep: true })).body).toEqual({ keep: true });
    expect((await send("DELETE /backups/{backupId}", as, { backupId, phrase: "orders", reason: "superseded" })).body.error.code).toBe("backup.kept");
    await send("PUT /backups/{backupId}/keep", as, { backupId, keep: false });
    expect((await send("DELETE /backups/{backupId}", as, { backupId, phrase: "order", reason: "superseded" })).body.error.code).toBe("backup.wrong_phrase");
    expect((await send("DELETE /backups/{backupId}", as, { backupId, phrase: "orders", reason: "superseded" })).status).toBe(202);
  });

  it("places a legal hold with its reason and lifts it, on record, and only for those who manage", async () => {
    const as = await all();
    const backupId = await backupOf(orders);
    expect((await send("PUT /backups/{backupId}/hold", as, { backupId, reason: " case 7 " })).body).toEqual({ legalHold: "case 7" });
    expect((await send("GET /backups/{backupId}", as, { backupId })).body).toMatchObject({ legalHold: "case 7" });
    expect((await send("DELETE /backups/{backupId}", as, { backupId, phrase: "orders", reason: "superseded" })).body.error.code).toBe("backup.on_hold");
    expect((await send("PUT /backups/{backupId}/hold", as, { backupId, reason: "" })).body.fields).toEqual({ reason: ["Say which hold it is."] });
    // What is left out is not lifted.
    expect((await send("PUT /backups/{backupId}/hold", as, { backupId })).status).toBe(400);
    expect((await send("PUT /backups/{backupId}/hold", await scene.asToken(["backup", "read"]), { backupId, reason: null })).status).toBe(403);
    expect((await send("PUT /backups/{backupId}/hold", await scene.asToken(["manage"], [bimcalc]), { backupId, reason: null })).status).toBe(404);
    expect((await send("PUT /backups/{backupId}/hold", as, { backupId, reason: null })).body).toEqual({ legalHold: null });
    const held = await test.db.auditEntry.findMany({ where: { action: "backup.held" }, orderBy: { id: "asc" } });
    expect(held).toMatchObject([{ actorName: "token 1", reason: "case 7", after: '{"legalHold":"case 7"}' }, { actorName: "token 1", reason: null, before: '{"legalHold":"case 7"}' }]);
  });

  it("gives a schedule, pauses, resumes and removes it", async () => {
    const as = await all();
    expect((await send("PUT /schedules/{databaseId}", as, { databaseId: orders, cron: "0 2 * * *", timeZone: "UTC" })).body).toMatchObject({ schedule: { cron: "0 2 * * *", retries: 2 }, next: ["2026-09-23T02:00:00.000Z", "2026-09-24T02:00:00.000Z", "2026-09-25T02:00:00.000Z"] });
    expect((await send("POST /schedules/{databaseId}/pause", as, { databaseId: orders, reason: "moving", hours: null })).body).toMatchObject({ pause: { by: "token 1" } });
    expect((await send("POST /schedules/{databaseId}/resume", as, { databaseId: orders })).body).toMatchObject({ pause: null });
    expect((await send("DELETE /schedules/{databaseId}", as, { databaseId: orders })).body).toMatchObject({ schedule: null });
    const wrong = await send("PUT /schedules/{databaseId}", as, { databaseId: orders, cron: "at night", timeZone: "Mars" });
    expect([wrong.status, Object.keys(wrong.body.fields ?? {})]).toEqual([400, ["cron", "timeZone"]]);
  });

  it("prunes only what a preview showed", async () => {
    const as = await all();
    for (let days = 1; days < 9; days += 1) await test.db.backup.create({ data: { databaseId: orders, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: new Date(test.clock.now().getTime() - days * 86_400_000), sizeBytes: 3n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3, readableAt: test.clock.now() } });
    const policy = { everyDays: 5 };
    const preview = (await send("POST /retention/{databaseId}/preview", as, { databaseId: orders, policy })).body as unknown as { hash: string; go: { count: number } };
    expect(preview.go.count).toBeGreaterThan(0);
    const prune = { databaseId: orders, policy, hash: preview.hash, shown: preview.go.count, phrase: "orders" };
    expect((await send("POST /retention/{databaseId}/prune", as, { ...prune, phrase: "order" })).body.error.code).toBe("retention.wrong_phrase");
    expect((await send("POST /retention/{databaseId}/prune", as, { ...prune, hash: "x" })).body.error.code).toBe("retention.changed");
    expect((await send("POST /retention/{databaseId}/prune", as, prune)).status).toBe(202);
    expect((await send("POST /retention/{databaseId}/preview", as, { databaseId: bimcalc })).body.error.code).toBe("retention.nothing_to_remove");
  });

  it("plans a restore, and starts none without the plan's hash and the database's name", async () => {
    const as = await scene.asToken(["restore"]);
    const planned = await send("POST /restores/plans", as, { databaseId: orders, backupId: await backupOf(orders), choices: {} });
    const planRunId = planned.body["runId"];
    expect(planned.status).toBe(202);
    expect((await send("GET /restores/plans/{planRunId}", as, { planRunId })).body).toMatchObject({ status: "queued", phrase: null, plan: null });
    const confirm = { planRunId, hash: "x", phrase: "orders", reason: "a test" };
    expect((await send("POST /restores", as, confirm)).body.error.code).toBe("restore.no_plan");

    const evidence = harmlessEvidence({ at: test.clock.now(), backupId: await backupOf(orders), databaseId: orders, name: "orders" });
    await test.db.run.update({ where: { id: Number(planRunId) }, data: { status: "succeeded", result: JSON.stringify({ evidence }) } });
    const { phrase, plan } = (await send("GET /restores/plans/{planRunId}", as, { planRunId })).body as unknown as { phrase: string; plan: { hash: string } };
    expect(phrase).toBe("orders");
    expect((await send("POST /restores", as, confirm)).body.error.code).toBe("restore.plan_changed");
    expect((await send("POST /restores", as, { ...confirm, hash: plan.hash, phrase: "order" })).body.error.code).toBe("restore.wrong_phrase");
    expect((await send("POST /restores", as, { ...confirm, hash: plan.hash, reason: " " })).body.fields).toHaveProperty("reason");
    const started = await send("POST /restores", as, { ...confirm, hash: plan.hash });
    expect([started.status, started.body]).toMatchObject([202, { restoreId: expect.any(String) as string }]);
    expect(await test.db.auditEntry.findMany({ where: { action: "restore.started" } })).toMatchObject([{ actorKind: "token", reason: "a test" }]);
    expect((await send("POST /restores/{restoreId}/undo", as, { restoreId: started.body["restoreId"], phrase: "orders", reason: "a test" })).body.error.code).toBe("restore.nothing_to_undo");
  });
});

describe("what an operation answers", () => {
  it("tells of backups that were deleted, drills and kept databases", async () => {
    const as = await all();
    const [backupId, at] = [await backupOf(orders), test.clock.now()];
    const made = await test.db.run.create({ data: { kind: "drill", status: "succeeded", databaseId: orders, backupId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: at, startedAt: at, finishedAt: at } });
    await test.db.drill.create({ data: { runId: made.id, databaseId: orders, backupId, kind: "drill", outcome: "passed", startedAt: at, finishedAt: at, totalMs: 3, phases: JSON.stringify({ fetch: 1, restore: 2 }) } });
    expect((await send("GET /drills", as)).body.rows).toMatchObject([{ runId: made.id, outcome: "passed", phases: { fetch: 1, restore: 2 } }]);
    const restore = await test.db.restore.create({ data: { runId: made.id, databaseId: orders, backupId, method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "orders", keptName: "orders_before", keptUntil: new Date(at.getTime() + 3_600_000), startedAt: at } });
    expect((await send("GET /restores", as)).body.rows).toMatchObject([{ restoreId: restore.id, name: "orders_before", what: "before" }]);
    expect((await send("POST /restores/{restoreId}/undo", as, { restoreId: restore.id, phrase: "orders", reason: "a test" })).status).toBe(202);
    await test.db.backup.update({ where: { id: await backupOf(bimcalc) }, data: { deletedAt: at } });
    expect((await send("GET /backups/{backupId}", as, { backupId: await backupOf(bimcalc) })).body).toMatchObject({ state: "deleted", databaseName: "bimcalc" });
  });

  it("starts what only the worker can do", async () => {
    const as = await all();
    expect((await send("POST /backups/{backupId}/verify", as, { backupId: await backupOf(orders) })).status).toBe(202);
    const backupId = await backupOf(bimcalc);
    await test.db.manifest.create({ data: { backupId, content: JSON.stringify(manifest) } });
    expect((await send("GET /backups/{backupId}", as, { backupId })).body).toMatchObject({ manifest: { database: { name: "bimcalc" } } });
    expect((await send("POST /drills", as, { backupId })).status).toBe(202);
    expect((await send("POST /drills/disaster", as, { databaseId: bimcalc })).status).toBe(202);
  });

  it("reads one database, schedules of all, and the log with what was taken over", async () => {
    const as = await all();
    expect((await send("GET /databases/{databaseId}", as, { databaseId: orders })).body).toMatchObject({ id: orders, options: { format: "custom" } });
    await send("PUT /schedules/{databaseId}", as, { databaseId: orders, cron: "0 2 * * *", timeZone: "UTC" });
    expect((await send("GET /schedules", as)).body.rows).toHaveLength(2);
    expect((await send("GET /schedules/{databaseId}", as, { databaseId: orders })).body).toMatchObject({ schedule: { cron: "0 2 * * *" } });
    expect((await send("GET /audit/export", as, { format: "json" })).status).toBe(200);
  });
});

describe("who may", () => {
  it("asks for a token on every path, and takes none from a cookie or an address", async () => {
    for (const { method, path } of operations) {
      const { status, headers, body } = await send(`${method} ${path}`, scene.as(null, (await test.as("admin")).actor));
      expect([path, status, body.error.code, headers.get("www-authenticate"), headers.get("cache-control")]).toEqual([path, 401, "token.missing", "Bearer", "no-store"]);
    }
  });

  it("lets only a token with its scope do each thing, and writes down what was refused", async () => {
    for (const scope of new Set(operations.map((one) => one.scope))) {
      const lacking = await scene.asToken(scopes.filter((one) => one !== scope));
      for (const { method, path, attempt } of operations.filter((one) => one.scope === scope)) {
        const { status, body } = await send(`${method} ${path}`, lacking);
        expect([attempt, status, body.error.code]).toEqual([attempt, 403, "token.scope"]);
        expect(await test.db.auditEntry.count({ where: { action: "access.refused", actorKind: "token", sentence: `Refused ${attempt}: it needs the scope ${scope}` } })).toBe(1);
      }
    }
  });

  it("keeps a limited token from every other database, as if that were not there", async () => {
    const as = await scene.asToken(scopes, [orders]);
    const backupId = await backupOf(bimcalc);
    const run = { input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: test.clock.now() };
    const { id: runId } = await test.db.run.create({ data: { ...run, kind: "backup", status: "running", databaseId: bimcalc } });
    // A run on one's own database with a backup of another is another's as well.
    const { id: mixed } = await test.db.run.create({ data: { ...run, kind: "plan_restore", status: "succeeded", databaseId: orders, backupId } });
    const restore = await test.db.restore.create({ data: { runId, databaseId: bimcalc, backupId, method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "bimcalc", startedAt: test.clock.now() } });
    const foreign: Record<string, unknown> = { databaseId: bimcalc, backupId, runId, planRunId: mixed, restoreId: restore.id };
    const filled = { phrase: "bimcalc", keep: true, reason: "x", hours: null, cron: "0 2 * * *", timeZone: "UTC", choices: {}, hash: "x", shown: 0 };
    const asked = [];
    for (const { method, path, input } of operations) {
      const names = Object.keys(input.shape);
      const own = names.filter((name) => name in foreign);
      if (own.length === 0) continue;
      const given = Object.fromEntries([...own.map((name) => [name, foreign[name]]), ...Object.entries(filled).filter(([name]) => names.includes(name))]);
      const { status, body } = await send(`${method} ${path}`, as, given);
      asked.push([`${method} ${path}`, status, body.error.code.split(".")[1]]);
    }
    expect(asked.length).toBeGreaterThan(18);
    expect(asked.filter(([, status, code]) => !(status === 404 && code === "not_found") && code !== "no_plan")).toEqual([]);
    expect(await test.db.run.count({ where: { initiatorKind: "token" } })).toBe(0);
  });

  it("shows a limited token only its own in lists, and wants to hear which database is meant", async () => {
    const as = await scene.asToken(["read"], [orders]);
    for (const list of ["/databases", "/schedules"]) expect((await send(`GET ${list}`, as)).body.rows.map(({ name }) => name)).toEqual(["orders"]);
    expect((await send("GET /status", as)).body).toMatchObject({ databases: [{ name: "orders" }] });
    for (const list of ["/backups", "/runs", "/drills", "/audit", "/audit/export"]) {
      expect([list, (await send(`GET ${list}`, as)).body.error.code]).toEqual([list, "api.name_database"]);
      expect([list, (await send(`GET ${list}`, as, { databaseId: orders })).status]).toEqual([list, 200]);
    }
  });
});

describe("what is sent", () => {
  it.each([["no JSON", "{", "api.no_json"], ["a list", "[]", "api.no_json"], ["too much", `{"label":"${"x".repeat(300_000)}"}`, "api.too_long"]])("refuses %s", async (_, raw, code) => {
    const { status, body } = await send("POST /backups", await all(), {}, raw);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it("refuses what it does not know instead of leaving it out", async () => {
    const { status, body } = await send("POST /backups", await all(), { databaseId: orders, lable: "x" });
    expect([status, body.error.code]).toEqual([400, "api.unknown_fields"]);
    expect((await send("GET /backups", await all(), { token: "hf_x" })).body.error.code).toBe("api.unknown_fields");
    expect(await test.db.run.count({ where: { status: "queued" } })).toBe(0);
  });

  it("says which fields do not fit", async () => {
    expect((await send("POST /backups", await all(), { label: "x".repeat(81) })).body.fields).toMatchObject({ databaseId: [expect.any(String)], label: [expect.any(String)] });
    expect((await send("GET /runs/{runId}", await all(), { runId: "seven" })).status).toBe(400);
  });

  it("answers 404 for what is not there", async () => {
    for (const [name, given] of [["GET /runs/{runId}", { runId: 9_999 }], ["GET /backups/{backupId}", { backupId: "none" }], ["GET /databases/{databaseId}", { databaseId: "none" }], ["GET /schedules/{databaseId}", { databaseId: "none" }], ["POST /backups", { databaseId: "none" }]] as const) {
      expect([name, (await send(name, await all(), given)).status]).toEqual([name, 404]);
    }
  });
});
