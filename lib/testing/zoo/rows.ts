import type { ZooPart } from "./part";

/** Rows that are hard to carry, names that are hard to quote, and what other servers and readers are told. */
export const rowParts: readonly ZooPart[] = [
  {
    name: "rows with everything in them",
    sql: String.raw`
CREATE TABLE zoo.texts (id integer PRIMARY KEY, t text);
INSERT INTO zoo.texts VALUES (1, ''), (2, NULL), (3, '\.'), (4, E'\\.\n\\.\r\n\\.'), (5, '\N'), (6, E'\t\b\f\v\r\n\\'), (7, E'a\n\\.'), (8, 'NULL'), (9, '""'), (10, '$$ $1 $x$'),
  (11, 'Äöü ß 表 ' || U&'\+01F984' || ' ' || U&'\0301e'), (12, E'-- comment\n;\nDROP TABLE zoo.texts; /*'), (13, E'\\connect elsewhere\n\\! true'), (14, E'\\unrestrict x'), (15, repeat(E'line\n', 5000)), (16, ' lead and trail ');
INSERT INTO zoo.texts SELECT 1000 + g, 'before ' || chr(g) || ' after' FROM generate_series(1, 31) g;
INSERT INTO zoo.texts VALUES (127, chr(127)), (128, U&'\0085 \2028 \FEFF'), (129, U&'\+10FFFF');
CREATE TABLE zoo."one; column" (lines text);
INSERT INTO zoo."one; column" VALUES ('\.'), (''), (NULL), ('\N'), ('.'), (E'\\'), (E'\n');
CREATE TABLE zoo.bytes (id integer, b bytea);
INSERT INTO zoo.bytes SELECT 1, string_agg(decode(lpad(to_hex(g), 2, '0'), 'hex'), '' ORDER BY g) FROM generate_series(0, 255) g;
INSERT INTO zoo.bytes VALUES (2, ''), (3, NULL), (4, '\x00'), (5, decode(repeat('00ff', 40000), 'hex'));`,
  },
  {
    name: "values of many types",
    sql: String.raw`
CREATE TABLE zoo.values (id integer, i8 bigint, n numeric, f4 real, f8 double precision, b boolean, c character(5), d date, t time, tz timetz, ts timestamp, tstz timestamptz, iv interval, u uuid, ip inet, net cidr, mac macaddr, mac8 macaddr8,
  bits bit(3), vbits bit varying, m money, js json, jb jsonb, jp jsonpath, v tsvector, q tsquery, p point, l line, ls lseg, bx box, pa path, po polygon, ci circle, r int4range, nr numrange, tr tstzrange, ar integer[], ta text[], na zoo.nested,
  w zoo.word, dm zoo.positive, dms zoo.positives, mo zoo.mood, ma zoo.mood[], zr zoo.time_range, rc regclass, rt regtype, rp regprocedure, ro regrole, ls_n pg_lsn, snap pg_snapshot, o oid, x xid, nm name, ch "char", sp point[][]);
INSERT INTO zoo.values VALUES (1, -9223372036854775808, 'NaN', 'Infinity', 1e-300, true, 'ab', 'infinity', '24:00', '23:59:59.999999+15:59', '0044-03-15 12:00 BC', '-infinity', '-1 year 2 mons -3 days 04:05:06.789', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  '192.168.1.5/24', '2001:db8::/32', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'101', B'10011', '12.34', '{"a": 1,  "a": "\u00e4"}', '{"a": [null, 1.10, "x\ny"]}', '$.a[*] ? (@ > 1)', '''it''''s'':1A fat:2B,3', 'a & (b | !c:*)', '(0.1,-0)', '{1,2,3}', '[(0,0),(1,1)]', '(1,1),(0,0)', '((0,0),(1,1))', '((0,0),(1,1),(2,0))', '<(1,1),2.5>',
  '[1,10)', 'empty', '(,2020-01-01)', '[0:2]={1,NULL,3}', ARRAY['', NULL, 'NULL', 'a"b', 'c\d', '{}', 'e,f', E'\\.\n'], ROW(ROW('St. "x"', '1,a', '(1,2)', 'AT'), ARRAY['blue', '']::zoo.mood[], ARRAY[ROW(NULL, '', NULL, NULL)::zoo.address]),
  'word', 5, '{1,2}', 'Über, "glücklich"', '{blue,""}', '[08:00,12:00)', 'zoo.animals', 'zoo.mood[]', 'zoo.add(text)', 'zoo_owner', '16/B374D848', '10:20:10,14,15', 4294967295, '123', 'name', 'x', ARRAY[[point(1, 2)], [point(3, 4)]]);
INSERT INTO zoo.values (id, f4, f8, n, ar) VALUES (2, 3.14159274, 0.1::float8 + 0.2, 123456789012345678901234567890.123456789, '{}'), (3, '-0', '-0', '-0.000', '{{1,2},{3,4}}'), (4, NULL, 'NaN', 1e-100, NULL);`,
  },
  { name: "rows of multirange types", since: 14, sql: String.raw`CREATE TABLE zoo.multi (a int4multirange, b zoo."many prices"); INSERT INTO zoo.multi VALUES ('{[1,3),[5,9)}', '{[1.5,2.5],(9,)}'), ('{}', NULL);` },
  { name: "rows of hstore", extension: "hstore", sql: String.raw`CREATE TABLE zoo.of_hstore (h ext.hstore DEFAULT 'a=>1'); INSERT INTO zoo.of_hstore VALUES ('"a b"=>"c\"d", e=>NULL, ""=>""'); CREATE INDEX ON zoo.of_hstore USING gin (h);` },
  { name: "rows of citext", extension: "citext", sql: String.raw`CREATE TABLE zoo.of_citext (c ext.citext PRIMARY KEY CHECK (c <> 'x' AND c::ext.citext IN ('AbC', 'def'))); INSERT INTO zoo.of_citext VALUES ('AbC'), ('dEF');` },
  { name: "indexes of pg_trgm", extension: "pg_trgm", sql: String.raw`CREATE INDEX ON zoo.animals USING gin (name ext.gin_trgm_ops); CREATE INDEX ON zoo.animals USING gist (name ext.gist_trgm_ops (siglen = 32));` },
  { name: "exclusion with btree_gist", extension: "btree_gist", sql: String.raw`CREATE TABLE zoo.rooms (room integer, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0)); INSERT INTO zoo.rooms VALUES (1, '[2026-01-01,2026-01-02)'), (2, '[2026-01-01,2026-01-02)');` },
  {
    name: "foreign servers and tables",
    extension: "postgres_fdw",
    sql: String.raw`
CREATE SERVER zoo_far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid', dbname 'it''s');
CREATE USER MAPPING FOR zoo_reader SERVER zoo_far OPTIONS (user 'far', password 'not "really" a secret''s');
CREATE USER MAPPING FOR PUBLIC SERVER zoo_far OPTIONS (user 'all');
CREATE FOREIGN TABLE zoo.far (a integer OPTIONS (column_name 'A a'), b text NOT NULL) SERVER zoo_far OPTIONS (schema_name 's', table_name 't');
CREATE FOREIGN DATA WRAPPER zoo_wrapper OPTIONS (debug 'true');
CREATE SERVER zoo_typed TYPE 'kind' VERSION '1.2' FOREIGN DATA WRAPPER zoo_wrapper;
ALTER SERVER zoo_typed OWNER TO zoo_owner;
GRANT USAGE ON FOREIGN SERVER zoo_far TO zoo_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER zoo_wrapper TO zoo_owner;
COMMENT ON SERVER zoo_far IS 'server';
COMMENT ON FOREIGN TABLE zoo.far IS 'foreign table';`,
  },
  {
    name: "large objects",
    sql: String.raw`
SELECT lo_from_bytea(770001, '\x00ff5c2e0a'), lo_from_bytea(770002, ''), lo_from_bytea(770003, decode(repeat('a1b2c3', 100000), 'hex'));
ALTER LARGE OBJECT 770002 OWNER TO zoo_owner;
GRANT SELECT ON LARGE OBJECT 770001 TO zoo_reader;
COMMENT ON LARGE OBJECT 770001 IS 'large object';`,
  },
  {
    name: "names that need care",
    sql: String.raw`
CREATE TABLE "Zoo ""quoted"""."we""ird; -- \. table" ("col""umn" integer, "SELECT" text, "with space" text DEFAULT 'd', "Ünïcödé 表" integer PRIMARY KEY, "''single''" text CHECK ("''single''" IN ('a', 'b')));
INSERT INTO "Zoo ""quoted"""."we""ird; -- \. table" VALUES (1, 's', 'w', 2, 'a');
CREATE TABLE "Zoo ""quoted"""."123456789_123456789_123456789_123456789_123456789_123456789_1ä" (id serial PRIMARY KEY);
INSERT INTO "Zoo ""quoted"""."123456789_123456789_123456789_123456789_123456789_123456789_1ä" DEFAULT VALUES;
CREATE TABLE "Zoo ""quoted"""."Case" (a integer); CREATE TABLE "Zoo ""quoted"""."case" (a integer); CREATE TABLE "Zoo ""quoted"""."a.b" (a integer); CREATE TABLE "Zoo ""quoted"""." " (" " integer);
INSERT INTO "Zoo ""quoted"""."Case" VALUES (1); INSERT INTO "Zoo ""quoted"""."case" VALUES (2); INSERT INTO "Zoo ""quoted"""."a.b" VALUES (3); INSERT INTO "Zoo ""quoted"""." " VALUES (4);
CREATE TABLE "Zoo ""quoted"""."$HOME $(id) 'x' %s \1 *" (a integer); INSERT INTO "Zoo ""quoted"""."$HOME $(id) 'x' %s \1 *" VALUES (5);
CREATE VIEW "Zoo ""quoted"""."v\iew" AS SELECT "col""umn" AS "c""" FROM "Zoo ""quoted"""."we""ird; -- \. table";`,
  },
  {
    name: "names with line breaks and tabs",
    // Written with the characters themselves: an identifier knows no escapes, and U& would hide them from psql.
    sql: `CREATE TABLE "Zoo ""quoted"""."line\nbreak \\. \t tab" ("co\nl\tumn" integer PRIMARY KEY, CONSTRAINT "con\nstraint" CHECK ("co\nl\tumn" > 0));
INSERT INTO "Zoo ""quoted"""."line\nbreak \\. \t tab" VALUES (1), (2);
COMMENT ON TABLE "Zoo ""quoted"""."line\nbreak \\. \t tab" IS 'name with a line break';
CREATE FUNCTION zoo."func\ntion"(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE zoo."seq\nuence";
CREATE TYPE zoo."en\num" AS ENUM ('la\nbel', 'ta\tb');`,
  },
  {
    name: "grants",
    sql: String.raw`
GRANT SELECT, INSERT ON zoo.animals TO zoo_reader WITH GRANT OPTION;
GRANT UPDATE (name, weight), REFERENCES (id) ON zoo.animals TO zoo_clerk;
SET ROLE zoo_reader;
GRANT SELECT ON zoo.animals TO zoo_clerk;
RESET ROLE;
GRANT ALL ON zoo.boxes TO PUBLIC;
GRANT SELECT ("SELECT") ON "Zoo ""quoted"""."we""ird; -- \. table" TO zoo_reader, "Zoo ""Wärter""'s";
GRANT USAGE ON SEQUENCE zoo.lonely TO zoo_reader;
REVOKE ALL ON zoo.secret FROM zoo_owner;
GRANT SELECT ON zoo.light, zoo.summary TO zoo_reader;
REVOKE USAGE ON LANGUAGE zoo_language FROM PUBLIC;
GRANT CREATE ON TABLESPACE zoo_space TO zoo_reader;`,
  },
  {
    name: "default privileges",
    sql: String.raw`
ALTER DEFAULT PRIVILEGES FOR ROLE zoo_owner IN SCHEMA zoo GRANT SELECT ON TABLES TO zoo_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE zoo_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE zoo_owner GRANT USAGE ON TYPES TO "Zoo ""Wärter""'s" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES IN SCHEMA "Zoo ""quoted""" GRANT ALL ON SEQUENCES TO zoo_clerk;`,
  },
  {
    name: "publications",
    sql: String.raw`
SET client_min_messages = error;
CREATE PUBLICATION zoo_everything FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION zoo_some FOR TABLE zoo.animals, ONLY zoo.parent WITH (publish_via_partition_root = true);
CREATE PUBLICATION "zoo nothing";
ALTER PUBLICATION zoo_some OWNER TO zoo_owner;
COMMENT ON PUBLICATION zoo_some IS 'publication';`,
  },
  {
    name: "publications with filters and of schemas",
    since: 15,
    sql: String.raw`CREATE PUBLICATION zoo_filtered FOR TABLE zoo.boxes (a, b) WHERE (a IN (1, 2) AND b BETWEEN 1 AND 3), zoo.elsewhere; CREATE PUBLICATION zoo_schema FOR TABLES IN SCHEMA "Zoo ""quoted""";`,
  },
  // A provider of labels comes with SELinux or with the server's own tests; images have neither.
  { name: "security labels", extension: "dummy_seclabel", sql: String.raw`CREATE EXTENSION dummy_seclabel; SECURITY LABEL FOR dummy ON TABLE zoo.animals IS 'classified';` },
  {
    name: "triggers on sign-in",
    since: 17,
    sql: String.raw`CREATE FUNCTION zoo.on_login() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$; CREATE EVENT TRIGGER zoo_on_login ON login EXECUTE FUNCTION zoo.on_login();`,
  },
  { name: "materialized views as a restore makes them", sql: "REFRESH MATERIALIZED VIEW zoo.summary; REFRESH MATERIALIZED VIEW zoo.of_summary;" },
];

/** One value of `megabytes` MB, of text that does not pack away to nothing. */
export function largeValue(megabytes: number): string {
  return `CREATE TABLE zoo.large (id integer PRIMARY KEY, t text, b bytea);
INSERT INTO zoo.large SELECT 1, string_agg(md5(g::text), E'\\n'), NULL FROM generate_series(1, ${Math.ceil((megabytes * 2 ** 20) / 33)}) g;
INSERT INTO zoo.large SELECT 2, NULL, decode(repeat('00ff5c2e0a', ${Math.ceil((megabytes * 2 ** 20) / 5)}), 'hex');`;
}

/** `count` small tables in a schema of their own, each with a key, a sequence and a row. */
export function manyTables(count: number): string {
  return String.raw`CREATE SCHEMA many;
SELECT format('CREATE TABLE many.t_%s (id serial PRIMARY KEY, t text)', g) FROM generate_series(1, ${count}) g \gexec
SELECT format('INSERT INTO many.t_%s (t) VALUES (%L)', g, 'row of ' || g) FROM generate_series(1, ${count}) g \gexec`;
}
