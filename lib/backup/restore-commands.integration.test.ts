import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpFormats } from "@/lib/databases/schemas";
import { readJson } from "@/lib/db/codecs";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { readFileName } from "./names";
import { restoreCommands, restoredName, restoreScript } from "./restore-commands";
import { Manifest } from "./schemas";

const schema = `
CREATE TABLE items (id serial PRIMARY KEY, name text);
INSERT INTO items (name) SELECT 'Item ' || g FROM generate_series(1, 500) g;
CREATE TABLE "odd; name" (a int);
INSERT INTO "odd; name" VALUES (1), (2);
`;
const oddName = `it's "odd" $HOME = \\x`;

describe.each([15, 18] as const)("a backup of PostgreSQL %i, restored as its page says", (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;

  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", database: "bimcalc" });
    holdfast = await testHoldfast();
    await server.psql(`CREATE ROLE "the owner's";`);
    await server.psql(`CREATE DATABASE "${oddName.replaceAll('"', '""')}" OWNER "the owner's" TEMPLATE template0;`);
    for (const database of ["bimcalc", oddName]) await server.psql(schema, { database: connection(database) });
  });
  afterAll(async () => {
    await holdfast.close();
    await server.stop();
  });

  it.each(dumpFormats.flatMap((format) => ["bimcalc", oddName].map((databaseName) => ({ format, databaseName }))))("$format, $databaseName", async ({ format, databaseName }) => {
    const already = await holdfast.db.database.findFirst({ where: { databaseName } });
    const databaseId = already?.id ?? (await holdfast.protect(server, { databaseName }));
    // File names carry seconds; two backups of one database must not fall into the same.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { backup, problem } = await holdfast.backUp(databaseId, { options: { format } });
    expect(problem).toBeNull();
    const copy = backup?.copies[0];
    const { database } = readJson(Manifest, backup?.manifest?.content ?? "");
    const named = readFileName(copy?.key ?? "");
    const steps = restoreCommands({
      fileName: copy?.key ?? "",
      format,
      unpack: named?.unpack ?? "none",
      sha256: copy?.sha256 ?? null,
      rolesFile: copy?.rolesKey ?? null,
      container: server.name,
      role: "bimcalc",
      databaseName,
      owner: database.owner,
      encoding: database.encoding,
      collation: database.collation,
      characterType: database.characterType,
    });
    // Roles exist already, which psql reports and goes on; everything else must succeed.
    const printed = execFileSync("bash", ["-e", "-o", "pipefail", "-c", restoreScript(steps)], { cwd: holdfast.storePath, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(printed).toContain(copy?.sha256);
    const target = restoredName(databaseName);
    expect(await server.psql(`SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM "odd; name")`, { database: connection(target) })).toBe("500\t2");
    expect(await server.psql(`SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_database WHERE datname = $n$${target}$n$`)).toBe(database.owner);
    await server.psql(`DROP DATABASE "${target.replaceAll('"', '""')}"`);
  });
});

/** What psql's -d needs for a name with `=` in it. */
function connection(name: string): string {
  return name.includes("=") ? `dbname='${name.replace(/[\\']/g, (character) => `\\${character}`)}'` : name;
}
