import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type PostgresContainer } from "../containers";
import { makeZoo, type Zoo } from "./make";
import { difference, differences, readOracle, type Oracle } from "./oracle";

/** One small change of each kind; the oracle has to notice every one, and to say where. */
const planted: [what: string, sql: string, named: string][] = [
  ["a row", `INSERT INTO zoo.texts VALUES (999, 'new')`, "zoo.texts"],
  ["one character of one row", `UPDATE zoo.texts SET t = '\\,' WHERE id = 3`, "zoo.texts"],
  ["an empty string for a NULL", `UPDATE zoo.texts SET t = '' WHERE id = 2`, "zoo.texts"],
  ["two rows that changed places in one column", `UPDATE zoo.by_two SET c = CASE a WHEN 1 THEN 2 ELSE 1.5 END`, "zoo.by_two_low"],
  ["a byte", `UPDATE zoo.bytes SET b = set_byte(b, 255, 1) WHERE id = 1`, "zoo.bytes"],
  ["a row in one partition instead of another", `UPDATE zoo.events SET region = 'south' WHERE id = 90 AND region = 'north'; DELETE FROM zoo.events WHERE id = 91`, "zoo.events"],
  ["a sequence's value", `SELECT setval('zoo.lonely', -8)`, "zoo.lonely"],
  ["whether a sequence was called", `SELECT setval('zoo.lonely', -7, true)`, "zoo.lonely"],
  ["a default", `ALTER TABLE zoo.child ALTER a SET DEFAULT 4`, "zoo.child"],
  ["a constraint", `ALTER TABLE zoo.animals DROP CONSTRAINT known_kind, ADD CONSTRAINT known_kind CHECK (kind IN ('bird', 'fish', 'it''s els') AND char_length(kind) BETWEEN 3 AND 20) NOT VALID`, "known_kind"],
  ["a constraint that is checked late", `ALTER TABLE zoo.refers ALTER CONSTRAINT to_self DEFERRABLE`, "to_self"],
  ["an index", `DROP INDEX zoo.lower_name`, "zoo.lower_name"],
  ["an index that is used for clustering", `ALTER TABLE zoo.animals SET WITHOUT CLUSTER`, "old_way_is_unique"],
  ["a view", `CREATE OR REPLACE VIEW zoo.light AS SELECT id, name AS "the name", weight FROM zoo.animals WHERE weight BETWEEN 0 AND 4 AND kind IN ('bird', 'fish') AND NOT (mood = 'angry' OR mood IS NULL)`, "zoo.light"],
  ["a view's option", `ALTER VIEW zoo.checked RESET (security_barrier)`, "zoo.checked"],
  ["a materialized view without rows", `REFRESH MATERIALIZED VIEW zoo.of_summary WITH NO DATA`, "zoo.of_summary"],
  ["a function's body", `CREATE OR REPLACE FUNCTION zoo.factorial_of(integer) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS ' SELECT factorial($1 ) '`, "zoo.factorial_of"],
  ["whose rights a function has", `ALTER FUNCTION zoo.as_table SECURITY DEFINER`, "zoo.as_table"],
  ["a trigger that is off", `ALTER TABLE zoo.animals DISABLE TRIGGER noted`, "noted"],
  ["an event trigger that is off", `ALTER EVENT TRIGGER zoo_on_ddl DISABLE`, "zoo_on_ddl"],
  ["a policy", `ALTER POLICY own ON zoo.secret TO PUBLIC`, "own"],
  ["policies that do not hold for the owner", `ALTER TABLE zoo.secret NO FORCE ROW LEVEL SECURITY`, "zoo.secret"],
  ["a rule that is on", `ALTER TABLE zoo.ruled ENABLE RULE also`, "also"],
  ["an enum's order", `ALTER TYPE zoo.mood ADD VALUE 'new' BEFORE 'blue'`, "zoo.mood"],
  ["a domain", `ALTER DOMAIN zoo.positive DROP CONSTRAINT is_positive`, "is_positive"],
  ["a composite type", `ALTER TYPE zoo.nested ADD ATTRIBUTE more text`, "zoo.nested"],
  ["a large object", `SELECT lowrite(lo_open(770001, 131072), '\\x01')`, "770001"],
  ["a large object's owner", `ALTER LARGE OBJECT 770003 OWNER TO zoo_owner`, "770003"],
  ["a comment", `COMMENT ON COLUMN zoo.animals.name IS 'another'`, "zoo.animals.name"],
  ["an owner", `ALTER TABLE zoo.texts OWNER TO zoo_owner`, "zoo.texts"],
  ["a grant on a column", `GRANT SELECT (name) ON zoo.animals TO zoo_clerk`, "zoo_clerk"],
  ["the right to pass a grant on", `REVOKE GRANT OPTION FOR SELECT ON zoo.animals FROM zoo_reader CASCADE`, "zoo_reader"],
  ["default privileges", `ALTER DEFAULT PRIVILEGES FOR ROLE zoo_owner IN SCHEMA zoo GRANT INSERT ON TABLES TO zoo_reader`, "default privileges"],
  ["a publication", `ALTER PUBLICATION zoo_some DROP TABLE zoo.animals`, "zoo_some"],
  ["an extension", `DROP EXTENSION unaccent`, "unaccent"],
  ["statistics", `ALTER STATISTICS zoo.stats SET STATISTICS 78`, "zoo.stats"],
  ["a table's place", `ALTER TABLE zoo.elsewhere SET TABLESPACE zoo_space`, "zoo.elsewhere"],
  ["a table that is logged", `ALTER TABLE zoo.unlogged SET LOGGED`, "zoo.unlogged"],
  ["a storage parameter", `ALTER TABLE zoo.animals SET (fillfactor = 81)`, "zoo.animals"],
  ["an option of a foreign server", `ALTER SERVER zoo_far OPTIONS (SET host 'elsewhere.invalid')`, "zoo_far"],
  ["a dictionary", `ALTER TEXT SEARCH DICTIONARY zoo."plain words" (ACCEPT = true)`, "plain words"],
  ["an empty schema", `DROP SCHEMA "empty schema"`, "empty schema"],
  ["the database's owner", `ALTER DATABASE second OWNER TO zoo_owner`, "database"],
  ["the database's comment", `COMMENT ON DATABASE second IS NULL`, "database"],
  ["its connection limit", `ALTER DATABASE second CONNECTION LIMIT 43`, "database"],
  ["a right to connect", `REVOKE CONNECT ON DATABASE second FROM zoo_clerk; GRANT CONNECT ON DATABASE second TO PUBLIC`, "database"],
  ["its settings", `ALTER DATABASE second RESET work_mem`, "work_mem"],
  ["a role's settings in it", `ALTER ROLE zoo_reader IN DATABASE second SET work_mem = '6MB'`, "6MB"],
];

describe.each([13, 18] as const)("the oracle, on PostgreSQL %i", (major) => {
  let server: PostgresContainer;
  let zoo: Zoo;
  let last: Oracle;
  beforeAll(async () => {
    server = await startPostgres({ major });
    zoo = await makeZoo(server);
    await makeZoo(server, "second");
  });
  afterAll(() => server?.stop());

  it("finds no difference between two databases made alike, whatever they are called", async () => {
    expect(differences(await readOracle(server, zoo.database), await readOracle(server, "second"))).toEqual([]);
  });

  it("does not mind the order of rows and of columns in a child", async () => {
    last = await readOracle(server, "second");
    await server.psql(`CREATE TABLE moved AS SELECT * FROM zoo.texts; DELETE FROM zoo.texts; INSERT INTO zoo.texts SELECT * FROM moved ORDER BY id DESC; DROP TABLE moved;`, { database: "second" });
    expect(differences(last, await readOracle(server, "second"))).toEqual([]);
  });

  it.each(planted)("notices %s", async (_, sql, named) => {
    const before = last;
    await server.psql(sql, { database: "second" });
    last = await readOracle(server, "second");
    const found = differences(before, last);
    expect(found.join("\n")).toContain(named);
  });
});

it("counts lines that are there more than once", () => {
  expect(difference(["a", "a", "b"], ["a", "b", "b"])).toEqual(["- a", "+ b"]);
});
