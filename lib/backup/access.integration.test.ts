import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDrill } from "@/lib/drill/read";
import { startDrill } from "@/lib/drill/start";
import { RestoreOutcome } from "@/lib/restore/schemas";
import { startPostgres, testedMajors, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { restoreDatabase } from "@/lib/testing/restore";
import { makeZoo } from "@/lib/testing/zoo/make";
import { Manifest } from "./schemas";

const seed = `
CREATE ROLE app NOLOGIN; CREATE ROLE reader NOLOGIN; CREATE ROLE clerk NOLOGIN;
CREATE SCHEMA shop AUTHORIZATION app;
CREATE TABLE shop.orders (id int PRIMARY KEY, name text, price numeric);
INSERT INTO shop.orders SELECT g, 'order ' || g, g FROM generate_series(1, 50) g;
ALTER TABLE shop.orders OWNER TO app;
GRANT USAGE ON SCHEMA shop TO reader;
GRANT SELECT ON shop.orders TO reader;
GRANT UPDATE (price) ON shop.orders TO clerk;
CREATE FUNCTION shop.secret() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION shop.secret() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
CREATE TABLE shop.default_written_out (id int);
GRANT ALL ON shop.default_written_out TO CURRENT_USER;`;

let holdfast: TestHoldfast;
beforeAll(async () => {
  holdfast = await testHoldfast();
});
afterAll(() => holdfast.close());

const outcomeOf = async (restoreId: string) => RestoreOutcome.parse(JSON.parse((await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } })).outcome ?? "null"));

async function drill(backupId: string) {
  const { runId } = await startDrill(holdfast.ctx, { backupId });
  const run = await holdfast.work(runId);
  const { report } = await readDrill(holdfast.ctx, { drillId: (await holdfast.db.drill.findUniqueOrThrow({ where: { runId } })).id });
  return { run, line: report?.checks.find(({ id }) => id === "access"), differences: report?.differences };
}

/** Changes a plain backup's SQL and what is on record of the file, so that only what it restores to can give it away. */
async function rewrite(backupId: string, key: string, change: (sql: string) => string): Promise<void> {
  const file = path.join(holdfast.storePath, key);
  const before = gunzipSync(readFileSync(file)).toString();
  const after = change(before);
  expect(after).not.toBe(before);
  const bytes = gzipSync(after);
  writeFileSync(file, bytes);
  await holdfast.db.copy.updateMany({ where: { backupId }, data: { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: BigInt(bytes.length) } });
}

describe.each(testedMajors)("owners and grants, on PostgreSQL %i", (major) => {
  let server: PostgresContainer;
  let databaseId: string;
  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", database: "shop" });
    await server.psql(seed);
    databaseId = await holdfast.protect(server);
  });
  afterAll(() => server.stop());

  it("are in the manifest by name, and the default privileges are none", async () => {
    const { backup } = await holdfast.backUp(databaseId);
    const { access } = Manifest.parse(JSON.parse(backup?.manifest?.content ?? ""));
    const of = (name: string) => access?.find(({ names }) => names.includes(name));
    expect(of("orders")).toMatchObject({ kind: "table", schema: "shop", owner: "app", grants: expect.arrayContaining([{ to: "reader", may: "SELECT" }]) });
    expect(of("orders.price")).toMatchObject({ kind: "column", owner: null, grants: [{ to: "clerk", may: "UPDATE" }] });
    expect(of("secret()")).toMatchObject({ kind: "function", owner: "bimcalc", grants: [{ to: "bimcalc", may: "EXECUTE" }] });
    expect(of("of app on tables")).toMatchObject({ kind: "default privileges", schema: "shop", owner: "app", grants: [{ to: "reader", may: "SELECT" }] });
    expect(of("default_written_out")).toMatchObject({ kind: "table", grants: null });
  });

  it("come back with a restore and with a drill", async () => {
    const { backup } = await holdfast.backUp(databaseId);
    const { run, restoreId } = await restoreDatabase(holdfast, databaseId, backup?.id ?? "");
    expect(run.problem).toBeNull();
    expect((await outcomeOf(restoreId)).compared.notCompared).toEqual([]);
    const drilled = await drill(backup?.id ?? "");
    expect(drilled.run.problem).toBeNull();
    expect(drilled.line).toMatchObject({ outcome: "passed" });
  });

  it("come back of every kind of object", { timeout: 600_000 }, async () => {
    const { database } = await makeZoo(server, "zoo");
    const zooId = await holdfast.protect(server, { databaseName: database });
    const { backup, problem } = await holdfast.backUp(zooId);
    expect(problem).toBeNull();
    const { run, restoreId } = await restoreDatabase(holdfast, zooId, backup?.id ?? "");
    expect(run.problem).toBeNull();
    expect((await outcomeOf(restoreId)).compared.notCompared).toEqual([]);
    const { line, differences } = await drill(backup?.id ?? "");
    expect(differences).toEqual([]);
    expect(line).toMatchObject({ outcome: "passed" });
  });

  it("that a backup has lost are found out by a restore and by a drill, each by its name", async () => {
    const losses: [RegExp, string][] = [
      [/^GRANT SELECT ON TABLE shop\.orders TO reader;\n/gm, "grants on table shop.orders: none instead of SELECT to reader"],
      [/^GRANT UPDATE\(price\) ON TABLE shop\.orders TO clerk;\n/gm, "grants on column shop.orders.price: none instead of UPDATE to clerk"],
      [/^REVOKE ALL ON FUNCTION shop\.secret\(\) FROM PUBLIC;\n/gm, "grants on function shop.secret(): EXECUTE to PUBLIC instead of none"],
      [/^ALTER DEFAULT PRIVILEGES .*;\n/gm, "grants on default privileges of app on tables in shop: none instead of SELECT to reader"],
      [/^ALTER TABLE shop\.orders OWNER TO app;\n/gm, "owner of table shop.orders: bimcalc instead of app"],
    ];
    const { backup } = await holdfast.backUp(databaseId, { options: { format: "plain" } });
    for (const [line] of losses) await rewrite(backup?.id ?? "", backup?.copies[0]?.key ?? "", (sql) => sql.replaceAll(line, ""));
    const { run, restoreId } = await restoreDatabase(holdfast, databaseId, backup?.id ?? "");
    expect(run.problem).toMatchObject({ code: "restore.incomplete" });
    expect((await outcomeOf(restoreId)).exceptions.toSorted()).toEqual(losses.map(([, words]) => words).sort());
    const drilled = await drill(backup?.id ?? "");
    expect(drilled.run.problem).toMatchObject({ code: "drill.differs" });
    expect(drilled.line).toMatchObject({ outcome: "failed" });
  });
});

describe("a newer major", () => {
  it("has the same owners and grants, and what a backup has lost is found out there too", { timeout: 600_000 }, async () => {
    const [server, newer] = await Promise.all([startPostgres({ major: 13, user: "bimcalc", database: "shop" }), startPostgres({ major: 18, database: "shop" })]);
    try {
      await server.psql(seed);
      await newer.psql("CREATE TABLE anything (id int)");
      const databaseId = await holdfast.protect(server);
      const elsewhere = await holdfast.protect(newer);
      const { backup } = await holdfast.backUp(databaseId, { options: { format: "plain" } });
      const whole = await restoreDatabase(holdfast, elsewhere, backup?.id ?? "", { method: "beside", newName: "whole" });
      expect(whole.run.problem).toBeNull();
      await rewrite(backup?.id ?? "", backup?.copies[0]?.key ?? "", (sql) => sql.replace("GRANT SELECT ON TABLE shop.orders TO reader;\n", ""));
      const less = await restoreDatabase(holdfast, elsewhere, backup?.id ?? "", { method: "beside", newName: "less" });
      expect(less.run.problem).toMatchObject({ code: "restore.incomplete" });
      expect((await outcomeOf(less.restoreId)).exceptions).toEqual(["grants on table shop.orders: none instead of SELECT to reader"]);
    } finally {
      await Promise.all([server.stop(), newer.stop()]);
    }
  });
});

describe("what is decided about roles", () => {
  let server: PostgresContainer;
  let target: PostgresContainer;
  let databaseId: string;
  beforeAll(async () => {
    [server, target] = await Promise.all([startPostgres({ major: 17, database: "shop" }), startPostgres({ major: 17, database: "shop" })]);
    await server.psql(seed);
    await target.psql("CREATE ROLE heir NOLOGIN; CREATE ROLE loader LOGIN CREATEDB; CREATE TABLE anything (id int)");
    databaseId = await holdfast.protect(server);
  });
  afterAll(() => Promise.all([server.stop(), target.stop()]));

  it.each([
    ["left out", { app: { do: "skip" }, reader: { do: "skip" } }],
    ["mapped", { app: { do: "map", to: "heir" }, reader: { do: "map", to: "heir" }, clerk: { do: "map", to: "heir" } }],
    ["created", {}],
  ] as const)("is no difference: roles are %s", async (_, missingRoles) => {
    const { backup } = await holdfast.backUp(databaseId);
    const elsewhere = await holdfast.protect(target, { databaseName: "shop" });
    const { run, restoreId } = await restoreDatabase(holdfast, elsewhere, backup?.id ?? "", { method: "beside", newName: `copy_${Date.now()}`, missingRoles });
    expect(run.problem).toBeNull();
    expect((await outcomeOf(restoreId)).exceptions).toEqual([]);
    await holdfast.db.database.updateMany({ where: { id: elsewhere }, data: { removedAt: new Date() } });
  });
});
