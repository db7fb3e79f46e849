import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpFormats, type DumpFormat } from "@/lib/databases/schemas";
import { readJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { readFingerprint } from "@/lib/postgres/catalogue";
import { connect } from "@/lib/postgres/server";
import { openSession } from "@/lib/postgres/session";
import { startPostgres, testedMajors, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { makeEmptyZoo, makeZoo, type Zoo } from "@/lib/testing/zoo/make";
import { differences, readOracle, type Oracle } from "@/lib/testing/zoo/oracle";
import { Manifest } from "./schemas";

/** With nothing but the tools a person has: the file goes in, the tool's exit code comes out. */
const byHand: Record<DumpFormat, string> = {
  custom: `zstd -q -d -c -- "$FILE" | docker exec -i "$CONTAINER" pg_restore -U postgres --exit-on-error -d "$TARGET"`,
  plain: `gunzip -c -- "$FILE" | docker exec -i "$CONTAINER" psql -X -q -o /dev/null -U postgres -v ON_ERROR_STOP=1 -d "$TARGET"`,
  directory: `docker exec "$CONTAINER" mkdir "/tmp/$TARGET"; docker exec -i "$CONTAINER" tar -C "/tmp/$TARGET" -xf - < "$FILE"; docker exec "$CONTAINER" pg_restore -U postgres --exit-on-error -d "$TARGET" "/tmp/$TARGET"`,
};

describe.each(testedMajors)("a backup of every kind of object, on PostgreSQL %i", (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;
  let zoo: Zoo;
  let before: Oracle;
  beforeAll(async () => {
    server = await startPostgres({ major });
    holdfast = await testHoldfast();
    zoo = await makeZoo(server);
    before = await readOracle(server, zoo.database);
  });
  afterAll(async () => {
    await holdfast?.close();
    await server?.stop();
  });

  it.each(dumpFormats)("comes back equal from the %s format, and its fingerprint with it", async (format) => {
    const known = await holdfast.db.database.findFirst();
    const databaseId = known?.id ?? (await holdfast.protect(server, { databaseName: zoo.database }));
    // File names carry seconds; two backups of one database must not fall into the same.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { backup, problem } = await holdfast.backUp(databaseId, { options: { format } });
    expect(problem).toBeNull();
    await makeEmptyZoo(server, format);
    const env = { ...process.env, FILE: path.join(holdfast.storePath, backup?.copies[0]?.key ?? ""), CONTAINER: server.name, TARGET: format };
    execFileSync("bash", ["-e", "-o", "pipefail", "-c", byHand[format]], { env, stdio: ["ignore", "ignore", "pipe"] });
    expect(differences(before, await readOracle(server, format))).toEqual([]);
    const { schemaFingerprint } = readJson(Manifest, backup?.manifest?.content ?? "");
    expect(await fingerprint(server, format)).toBe(schemaFingerprint);
  });

  it.each([
    ["a constraint", `ALTER TABLE zoo.animals DROP CONSTRAINT known_kind, ADD CONSTRAINT known_kind CHECK (kind IN ('bird', 'fish') AND char_length(kind) BETWEEN 3 AND 20) NOT VALID`],
    ["a default", `ALTER TABLE zoo.child ALTER a SET DEFAULT 4`],
    ["an index", `DROP INDEX zoo.lower_name`],
    ["a function that acts with its owner's rights", `ALTER FUNCTION zoo.as_table SECURITY DEFINER`],
    ["a rule", `DROP RULE quietly ON zoo.ruled`],
    ["row-level security that is off", `ALTER TABLE zoo.secret DISABLE ROW LEVEL SECURITY`],
    ["row-level security that does not hold for the owner", `ALTER TABLE zoo.secret NO FORCE ROW LEVEL SECURITY`],
    ["a policy that allows instead of forbidding", `DROP POLICY strict ON zoo.secret; CREATE POLICY strict ON zoo.secret AS PERMISSIVE FOR UPDATE USING (id > 0) WITH CHECK (what IN ('a', 'b'))`],
    ["an event trigger that is off", `ALTER EVENT TRIGGER zoo_on_ddl DISABLE`],
    ["what a publication publishes", `ALTER PUBLICATION zoo_some DROP TABLE zoo.animals`],
    ["how a publication publishes", `ALTER PUBLICATION zoo_some SET (publish = 'delete')`],
    ["a sequence's step", `ALTER SEQUENCE zoo.lonely INCREMENT -4`],
    ["whose a sequence is", `ALTER SEQUENCE zoo.animals_old_way_seq OWNED BY NONE`],
    ["a domain's default", `ALTER DOMAIN zoo.positive SET DEFAULT 2`],
    ["a domain that may be null", `ALTER DOMAIN zoo.small DROP NOT NULL`],
    ["what a range is made of", `DROP TYPE zoo.text_range; CREATE TYPE zoo.text_range AS RANGE (subtype = text, collation = "POSIX")`],
    ["a full-text search configuration", `ALTER TEXT SEARCH CONFIGURATION zoo.search DROP MAPPING FOR url`],
    ["a dictionary", `ALTER TEXT SEARCH DICTIONARY zoo."plain words" (ACCEPT = true)`],
    ["an operator", `ALTER OPERATOR zoo.=== (zoo.address, zoo.address) SET (RESTRICT = NONE)`],
    ["an operator family", `ALTER OPERATOR FAMILY zoo.lonely_family USING hash ADD OPERATOR 1 = (integer, integer), FUNCTION 1 (integer) hashint4(integer)`],
    ["a statistics object", `ALTER STATISTICS zoo.stats SET STATISTICS 78`],
    ["a collation", `DROP COLLATION zoo."like C"; CREATE COLLATION zoo."like C" FROM "ucs_basic"; ALTER COLLATION zoo.without_case RENAME TO with_case`],
    ["a column's collation", `ALTER TABLE zoo.of_events ALTER note TYPE text COLLATE "C"`],
    ["a table that is logged", `ALTER TABLE zoo.unlogged SET LOGGED`],
    ["a partition's bounds", `ALTER TABLE zoo.of_events DETACH PARTITION zoo.of_events_all; ALTER TABLE zoo.of_events ATTACH PARTITION zoo.of_events_all FOR VALUES IN ('north', 'south', 'it''s "n"')`],
    ["a view's option", `ALTER VIEW zoo.checked RESET (security_barrier)`],
    ["a comment on a table", `COMMENT ON TABLE zoo.animals IS 'another'`],
    ["a comment on a column", `COMMENT ON COLUMN zoo.animals.name IS NULL`],
    ["a comment on a constraint", `COMMENT ON CONSTRAINT is_positive ON DOMAIN zoo.positive IS 'another'`],
    ["a comment on a policy", `COMMENT ON POLICY own ON zoo.secret IS 'another'`],
    ["a comment on a schema", `COMMENT ON SCHEMA zoo IS 'another'`],
  ])("has another fingerprint after a change of %s", async (_, sql) => {
    const last = await fingerprint(server, "plain");
    await server.psql(sql, { database: "plain" });
    expect(await fingerprint(server, "plain")).not.toBe(last);
  });
});

async function fingerprint(server: PostgresContainer, database: string): Promise<string> {
  const { signal } = new AbortController();
  const session = await openSession(await connect(await findEngine(), { container: server.name, role: server.user, database }, {}, signal), "the fingerprint", signal);
  try {
    return await readFingerprint(session);
  } finally {
    await session.close();
  }
}
