import { describe, expect, it } from "vitest";
import { connectsTo } from "./names";
import { ScriptGuard, type GuardOptions } from "./guard";
import { SqlScan } from "./scan";

const options: GuardOptions = { part: null, loader: "bimcalc", schemaOwner: "hub", settings: new Set(["statement_timeout", "client_encoding", "default_tablespace", "search_path"]) };
const end = "\n--\n-- PostgreSQL database dump complete\n--\n\n";

function guarded(script: string, more: Partial<GuardOptions> = {}): { text: string; guard: ScriptGuard } {
  const guard = new ScriptGuard({ ...options, ...more });
  const bytes = Buffer.from(script);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 7) out.push(guard.push(bytes.subarray(at, at + 7)));
  out.push(guard.finish());
  return { text: Buffer.concat(out).toString(), guard };
}

function scanned(script: string): SqlScan {
  const scan = new SqlScan();
  scan.push(Buffer.from(script));
  scan.finish();
  return scan;
}

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("--"));

describe("ScriptGuard", () => {
  it("lets an ordinary dump pass byte for byte, without the lines that pg_dump writes for psql", () => {
    const body = "SET statement_timeout = 0;\nCREATE TABLE public.t (id int);\nALTER TABLE public.t OWNER TO alice;\nCOPY public.t (id) FROM stdin;\n1\n\\.\n\nDROP TABLE public.x;\nGRANT SELECT ON TABLE public.t TO bob;\n";
    const { text, guard } = guarded(`\\restrict abc123\n\n${body}${end}\\unrestrict abc123\n\n`);
    expect(text.startsWith(`\n${body}`)).toBe(true);
    expect(text).not.toContain("restrict");
    expect(lines(text).at(-1)).toBe("RESET ROLE;");
    expect(guard.omissions).toEqual([]);
  });

  it("leaves out a prologue that removes, the database itself, roles, extensions and settings of newer servers", () => {
    const { text } = guarded(
      `SET transaction_timeout = 0;\nALTER TABLE ONLY public.t DROP CONSTRAINT k;\nDROP TABLE public.t;\nDROP EXTENSION hstore;\nSELECT pg_catalog.lo_unlink('4711');\nDROP SCHEMA public;\nCREATE SCHEMA public;\nCREATE DATABASE x;\nALTER DATABASE x OWNER TO y;\nCREATE ROLE r SUPERUSER;\nGRANT a TO b;\nCREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\nCOMMENT ON EXTENSION hstore IS 'x';\nSET default_tablespace = fast;\nCREATE TABLE t (id int);${end}`,
    );
    expect(lines(text)).toEqual(["CREATE TABLE t (id int);", "RESET ROLE;"]);
  });

  it("lets schemas belong to one role until the end, then to whom the file gives them", () => {
    const { text } = guarded(`CREATE SCHEMA pricing;\nALTER SCHEMA pricing OWNER TO alice;\nCREATE SCHEMA "We ""ird";\nCREATE SCHEMA old AUTHORIZATION bob;\nALTER SCHEMA public OWNER TO carol;${end}`);
    expect(lines(text)).toEqual([
      'CREATE SCHEMA IF NOT EXISTS pricing AUTHORIZATION "hub";',
      'CREATE SCHEMA IF NOT EXISTS "We ""ird" AUTHORIZATION "hub";',
      'CREATE SCHEMA IF NOT EXISTS old AUTHORIZATION "hub";',
      "RESET ROLE;",
      "ALTER SCHEMA pricing OWNER TO alice;",
      'ALTER SCHEMA "We ""ird" OWNER TO "bimcalc";',
      "ALTER SCHEMA old OWNER TO bob;",
      "ALTER SCHEMA public OWNER TO carol;",
    ]);
  });

  it("names what it leaves out because only a superuser may do it", () => {
    const { text, guard } = guarded(`CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();\nALTER EVENT TRIGGER e OWNER TO a;\nCREATE SUBSCRIPTION s CONNECTION 'host=evil' PUBLICATION p;\nCREATE PUBLICATION p FOR ALL TABLES;\nALTER PUBLICATION p OWNER TO a;\nCREATE PUBLICATION q;\n\\! id\n${end}`);
    expect(guard.omissions.map((one) => one.what)).toEqual(["event trigger", "event trigger", "subscription", "publication", "psql command"]);
    expect(lines(text)[0]).toBe("CREATE PUBLICATION q;");
  });

  it("ends a statement where a command of psql would have run it", () => {
    expect(lines(guarded(`SELECT 1 \\g /tmp/x\nSELECT 2;${end}`).text)).toEqual(["SELECT 1 ;", "SELECT 2;", "RESET ROLE;"]);
  });

  it("acts as another role without the right to sign in as it", () => {
    const { text } = guarded(`SET SESSION AUTHORIZATION 'alice';\nGRANT SELECT ON TABLE t TO bob;\nRESET SESSION AUTHORIZATION;\nSET SESSION AUTHORIZATION DEFAULT;${end}`);
    expect(lines(text).slice(0, 4)).toEqual(["SET ROLE 'alice';", "GRANT SELECT ON TABLE t TO bob;", "RESET ROLE;", "RESET ROLE;"]);
  });

  const several = `CREATE ROLE a;\n\\connect template1\nSELECT 1;${end}\\connect one\nCREATE TABLE one (id int);${end}\\connect -reuse-previous=on "dbname='t w\\'o'"\nCREATE TABLE two (id int);${end}`;

  it("loads one database of a dump of the whole server", () => {
    expect(lines(guarded(several, { part: "one" }).text)[0]).toBe("CREATE TABLE one (id int);");
    expect(lines(guarded(several, { part: "t w'o" }).text)[0]).toBe("CREATE TABLE two (id int);");
    expect(guarded(several, { part: "one" }).text).not.toContain("two");
  });

  it.each([
    ["CREATE TABLE t (id int);\n", "before pg_dump's end mark"],
    [`COPY t FROM stdin;\n1\n2\n`, "in the rows of a table"],
    ["SELECT 'abc", "inside a statement"],
  ])("does not take %j for a whole file", (script, where) => {
    expect(() => guarded(script)).toThrow(where);
  });

  it("does not count the end mark of another database", () => {
    expect(() => guarded(several.slice(0, -end.length), { part: "t w'o" })).toThrow("end mark");
  });
});

describe("SqlScan", () => {
  it("says what is in a file", () => {
    const scan = scanned(
      `--\n-- Dumped from database version 15.4 (Debian)\n-- Dumped by pg_dump version 16.1\n\nCREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;\nCREATE TABLE public.t (id int);\nALTER TABLE public.t OWNER TO "Ali ce";\nGRANT SELECT ON TABLE public.t TO bob;\nGRANT ALL ON TABLE public.t TO PUBLIC;\nCOPY public.t (id) FROM stdin;\n1\n2\n\\.\nCOPY public.u FROM stdin;\n\\.\n${end}`,
    );
    expect(scan).toMatchObject({ serverVersion: "15.4", dumpVersion: "16.1", brokenOff: null, findingsTotal: 0 });
    expect(scan.parts).toEqual([{ databaseName: null, tables: 1, rows: 2, roles: ["Ali ce", "bob"], extensions: [{ name: "uuid-ossp", schema: "public" }], isWhole: true }]);
  });

  it("names the databases of a dump of the whole server that hold tables", () => {
    const scan = scanned(`CREATE ROLE a;\n\\connect template1\nSELECT 1;${end}\\connect one\nCREATE TABLE one (id int);${end}\\connect two\nCREATE TABLE two (id int);\nINSERT INTO two VALUES (1);${end}`);
    expect(scan.parts.map(({ databaseName, rows }) => [databaseName, rows])).toEqual([["one", 0], ["two", null]]);
  });

  it.each([
    ["\\! rm -rf /", "shell"],
    ["\\copy t from program 'id'", "shell"],
    ["\\set x y", "psql"],
    ["\\connect evil", "connect"],
    ["COPY t FROM PROGRAM 'id';", "program"],
    ["DO $$ BEGIN EXECUTE 'x'; COPY t TO PROGRAM 'id'; END $$;", "program"],
    ["SELECT lo_export(1, '/tmp/x');", "server_file"],
    ["COPY t TO '/etc/passwd';", "server_file"],
    ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;", "subscription"],
    ["CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();", "event_trigger"],
    ["CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ import os $$;", "untrusted_code"],
    ["ALTER SYSTEM SET x = 1;", "superuser"],
    ["ALTER ROLE me SUPERUSER;", "superuser"],
    ["SELECT dblink_connect('host=x');", "other_server"],
  ])("points out %s", (statement, kind) => {
    expect(scanned(`SELECT 1;\n${statement}\n`).findings).toMatchObject([{ kind, line: 2 }]);
  });

  it("shows no password of a role, not even as a verifier", () => {
    const found = scanned(`SELECT 1;\nALTER ROLE me WITH SUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:c2VydmVy' VALID UNTIL 'infinity';\nALTER ROLE you SUPERUSER PASSWORD $$md5abc$$;\nCREATE SUBSCRIPTION s CONNECTION 'host=x password=hunter2' PUBLICATION p;\n`).findings;
    expect(found.map(({ text }) => text)).toEqual(["ALTER ROLE me WITH SUPERUSER LOGIN PASSWORD '…' VALID UNTIL 'infinity';", "ALTER ROLE you SUPERUSER PASSWORD '…';", "CREATE SUBSCRIPTION s CONNECTION 'host=x password'…'' PUBLICATION p;"]);
  });

  it("does not take rows and comments for commands", () => {
    expect(scanned(`-- COPY t FROM PROGRAM 'x'\nCOPY t FROM stdin;\n\\! id\nCOPY t FROM PROGRAM 'x';\n\\.\nCREATE ROLE r NOSUPERUSER;\nCREATE FUNCTION c() RETURNS text LANGUAGE sql AS $$ SELECT 'c' $$;\n`).findingsTotal).toBe(0);
  });
});

it.each([
  ["\\connect bimcalc", "bimcalc"],
  ['\\c "we ""ird"', 'we "ird'],
  [`\\connect -reuse-previous=on "dbname='x y'"`, "x y"],
  ["\\connect bimcalc alice", "bimcalc"],
  ["\\connect - alice", null],
  ["\\copy t from x", null],
  ["\\! ls", null],
])("%s names %s", (command, database) => {
  expect(connectsTo(command)).toBe(database);
});
