import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpFormats } from "@/lib/databases/schemas";
import { startPostgres, testedMajors, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { restoreDatabase, undoRestore } from "@/lib/testing/restore";
import { connectionTo, makeZoo, type Zoo } from "@/lib/testing/zoo/make";
import { differences, readOracle } from "@/lib/testing/zoo/oracle";

/** A bad afternoon: rows gone, rows wrong, a table dropped, one made, a sequence moved on, a large object overwritten. */
const damage = (what: string) => `
SET search_path = zoo;
DELETE FROM animals WHERE id > 150;
UPDATE texts SET t = 'overwritten by ${what}';
DROP TABLE of_events, "Zoo ""quoted"""."Case" CASCADE;
CREATE TABLE made_by_${what} AS SELECT 1 AS a;
SELECT setval('lonely', -50);
SELECT lowrite(lo_open(770001, 131072), '\\x626164');
DROP VIEW light;`;

describe.each(testedMajors)("a database with every kind of object, on PostgreSQL %i", (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;
  let zoo: Zoo;
  let databaseId: string;
  beforeAll(async () => {
    server = await startPostgres({ major });
    holdfast = await testHoldfast();
    zoo = await makeZoo(server);
    databaseId = await holdfast.protect(server, { databaseName: zoo.database });
  });
  afterAll(async () => {
    await holdfast?.close();
    await server?.stop();
  });

  it.each(dumpFormats)("is the same after a restore from the %s format, and again what it was after the undo", { timeout: 600_000 }, async (format) => {
    const before = await readOracle(server, zoo.database);
    const { backup, problem } = await holdfast.backUp(databaseId, { options: { format } });
    expect(problem).toBeNull();
    await server.psql(damage(format), { database: connectionTo(zoo.database) });
    const damaged = await readOracle(server, zoo.database);
    expect(differences(before, damaged).length).toBeGreaterThan(10);

    const { run, restoreId } = await restoreDatabase(holdfast, databaseId, backup?.id ?? "");
    expect(run.problem).toBeNull();
    expect(differences(before, await readOracle(server, zoo.database))).toEqual([]);

    expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
    expect(differences(damaged, await readOracle(server, zoo.database))).toEqual([]);

    // And there again: the next format starts from what was restored.
    expect((await undoRestore(holdfast, restoreId)).problem).toBeNull();
    await server.psql("SELECT 1 FROM zoo.of_events", { database: connectionTo(zoo.database) });
  });
});

/** HOLDFAST_ZOO=full takes a value of 100 MB and ten thousand tables; without it a tenth of the one and fewer of the others do. */
const isFull = process.env["HOLDFAST_ZOO"] === "full";

it.each(dumpFormats)("a database with a huge value and many tables is the same after a restore from the %s format", { timeout: isFull ? 3_600_000 : 600_000 }, async (format) => {
  const server = await startPostgres({ major: 17 });
  const holdfast = await testHoldfast();
  try {
    const { database } = await makeZoo(server, "large", { largeValueMegabytes: isFull ? 100 : 10, tables: isFull ? 10_000 : 400 });
    const before = await readOracle(server, database);
    const databaseId = await holdfast.protect(server, { databaseName: database });
    const { backup, problem } = await holdfast.backUp(databaseId, { options: { format } });
    expect(problem).toBeNull();
    await server.psql("UPDATE zoo.large SET t = 'small'; DELETE FROM many.t_7; DROP TABLE many.t_8;", { database });
    const { run } = await restoreDatabase(holdfast, databaseId, backup?.id ?? "");
    expect(run.problem).toBeNull();
    expect(differences(before, await readOracle(server, database))).toEqual([]);
  } finally {
    await holdfast.close();
    await server.stop();
  }
});

const everyFormat = async (server: PostgresContainer, database: string, read: () => Promise<unknown>) => {
  const holdfast = await testHoldfast();
  try {
    const before = await read();
    const databaseId = await holdfast.protect(server, { databaseName: database });
    for (const format of dumpFormats) {
      const { backup, problem } = await holdfast.backUp(databaseId, { options: { format } });
      expect(problem).toBeNull();
      await server.psql("UPDATE words SET word = 'lost'", { database });
      const { run } = await restoreDatabase(holdfast, databaseId, backup?.id ?? "");
      expect(run.problem).toBeNull();
      expect(await read()).toEqual(before);
    }
  } finally {
    await holdfast.close();
    await server.stop();
  }
};

it("a database in LATIN1 is the same after a restore", { timeout: 600_000 }, async () => {
  const server = await startPostgres({ major: 15 });
  await server.psql("CREATE DATABASE old TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  await server.psql("CREATE TABLE words (id int PRIMARY KEY, word text); INSERT INTO words VALUES (1, 'Grüße'); COMMENT ON TABLE words IS 'Grüße';", { database: "old" });
  await everyFormat(server, "old", () => readOracle(server, "old"));
});

it("bytes that are no text in any one encoding are the same after a restore", { timeout: 600_000 }, async () => {
  const server = await startPostgres({ major: 15 });
  const bytes = "E'\\xfc\\xe4 and \\xc3\\xbc'";
  await server.psql("CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
  await server.psql(`SET client_encoding = 'SQL_ASCII'; CREATE TABLE words (id int PRIMARY KEY, word text); INSERT INTO words VALUES (1, ${bytes}); COMMENT ON TABLE words IS ${bytes};`, { database: "old" });
  // The oracle reads text as UTF-8, which these bytes are not.
  await everyFormat(server, "old", () => server.psql("SELECT encode(textsend(word), 'hex'), encode(textsend(obj_description('words'::regclass)), 'hex') FROM words", { database: "old" }));
});
