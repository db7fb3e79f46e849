import { afterAll, beforeAll, expect, it } from "vitest";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { Discovery } from "./schemas";
import { startDiscover } from "./start";

let holdfast: TestHoldfast;
let server: PostgresContainer;
beforeAll(async () => {
  [holdfast, server] = await Promise.all([testHoldfast(), startPostgres({ major: 15, user: "bimcalc", database: "zebra" })]);
  await server.psql("CREATE TABLE t (id int)");
});
afterAll(() => Promise.all([holdfast.close(), server.stop()]));

async function found() {
  const { runId } = await startDiscover(holdfast.ctx);
  const { containers } = Discovery.parse(JSON.parse((await holdfast.work(runId)).result ?? "null"));
  return containers.find(({ name }) => name === server.name)?.databases.map(({ name, tables }) => ({ name, tables }));
}

it("lists the database postgres as soon as it holds a table, however small, and last", async () => {
  expect(await found()).toEqual([{ name: "zebra", tables: 1 }]);
  await server.psql("CREATE TABLE kept_here (id int)", { database: "postgres" });
  expect(await found()).toEqual([{ name: "zebra", tables: 1 }, { name: "postgres", tables: 1 }]);
});
