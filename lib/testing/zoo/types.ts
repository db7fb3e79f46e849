import type { ZooPart } from "./part";

/** Schemas, extensions, types and what computes on them. */
export const typeParts: readonly ZooPart[] = [
  {
    name: "schemas",
    sql: String.raw`
CREATE SCHEMA zoo AUTHORIZATION zoo_owner;
CREATE SCHEMA "Zoo ""quoted""" AUTHORIZATION "Zoo ""Wärter""'s";
CREATE SCHEMA ext;
CREATE SCHEMA "empty schema";
COMMENT ON SCHEMA zoo IS 'Where most animals live';
COMMENT ON SCHEMA "empty schema" IS '';
GRANT USAGE ON SCHEMA zoo TO zoo_reader WITH GRANT OPTION;
GRANT USAGE, CREATE ON SCHEMA ext TO PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SET search_path = zoo, ext, public;
SET check_function_bodies = off;`,
  },
  ...["pg_trgm", "hstore", "citext", "btree_gist", "pgcrypto", "unaccent", "postgres_fdw", "postgis", "vector"].map((extension): ZooPart => ({
    name: `extension ${extension}`,
    extension,
    sql: `CREATE EXTENSION ${extension} SCHEMA ext; COMMENT ON EXTENSION ${extension} IS 'chosen by the zoo';`,
  })),
  {
    name: "enums",
    sql: String.raw`
CREATE TYPE zoo.mood AS ENUM ('sad', 'it''s ok', 'Über, "glücklich"', '');
ALTER TYPE zoo.mood ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE zoo.mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE zoo.mood OWNER TO zoo_owner;
COMMENT ON TYPE zoo.mood IS 'ordered otherwise than added';
REVOKE ALL ON TYPE zoo.mood FROM PUBLIC;
GRANT USAGE ON TYPE zoo.mood TO zoo_reader;`,
  },
  {
    name: "domains",
    sql: String.raw`
CREATE DOMAIN zoo.positive AS integer DEFAULT 1 CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE DOMAIN zoo.small AS zoo.positive NOT NULL CONSTRAINT below CHECK (VALUE BETWEEN 1 AND 99 OR VALUE = 100);
ALTER DOMAIN zoo.small ADD CONSTRAINT never_checked CHECK (VALUE <> 13) NOT VALID;
CREATE DOMAIN zoo.code AS varchar(8) COLLATE "C" DEFAULT 'a-''b' CHECK (VALUE IN ('a-''b', 'xyz') OR VALUE ~ '^\w+\\$');
CREATE DOMAIN zoo.positives AS zoo.positive[];
COMMENT ON DOMAIN zoo.positive IS 'domain';
COMMENT ON CONSTRAINT is_positive ON DOMAIN zoo.positive IS 'constraint of a domain';
ALTER DOMAIN zoo.positive OWNER TO zoo_owner;`,
  },
  {
    name: "composite types",
    sql: String.raw`
CREATE TYPE zoo.address AS (street text, gone integer, "house no" varchar(10), at point);
ALTER TYPE zoo.address DROP ATTRIBUTE gone;
ALTER TYPE zoo.address ADD ATTRIBUTE country character(2) COLLATE "C";
COMMENT ON COLUMN zoo.address.street IS 'attribute of a type';
CREATE TYPE zoo.nested AS (who zoo.address, moods zoo.mood[], many zoo.address[]);
CREATE TYPE zoo.empty_type AS ();`,
  },
  {
    name: "a base type",
    sql: String.raw`
CREATE TYPE zoo.word;
CREATE FUNCTION zoo.word_in(cstring) RETURNS zoo.word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION zoo.word_out(zoo.word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE zoo.word (INPUT = zoo.word_in, OUTPUT = zoo.word_out, LIKE = text, CATEGORY = 'S', DEFAULT = 'nothing', COLLATABLE = true);
CREATE CAST (zoo.word AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (integer AS zoo.word) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (integer AS zoo.word) IS 'cast';`,
  },
  {
    name: "range types",
    sql: String.raw`
CREATE FUNCTION zoo.time_apart(x time, y time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT EXTRACT(EPOCH FROM (x - y))::float8';
CREATE TYPE zoo.time_range AS RANGE (subtype = time, subtype_diff = zoo.time_apart);
CREATE TYPE zoo.text_range AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE zoo.time_range IS 'range';`,
  },
  {
    name: "a multirange type with a name of its own",
    since: 14,
    sql: String.raw`CREATE TYPE zoo.price_range AS RANGE (subtype = numeric, multirange_type_name = "many prices");`,
  },
  {
    name: "collations",
    sql: String.raw`
CREATE COLLATION zoo.without_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION zoo.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION zoo."like C" FROM "C";
ALTER COLLATION zoo.german OWNER TO zoo_owner;
COMMENT ON COLLATION zoo.german IS 'collation';`,
  },
  {
    name: "operators and their classes",
    sql: String.raw`
CREATE FUNCTION zoo.address_eq(zoo.address, zoo.address) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower($1.street) = lower($2.street) $$;
CREATE FUNCTION zoo.address_ne(zoo.address, zoo.address) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower($1.street) <> lower($2.street) $$;
CREATE OPERATOR zoo.=== (LEFTARG = zoo.address, RIGHTARG = zoo.address, FUNCTION = zoo.address_eq, COMMUTATOR = OPERATOR(zoo.===), NEGATOR = OPERATOR(zoo.!==), RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR zoo.!== (LEFTARG = zoo.address, RIGHTARG = zoo.address, FUNCTION = zoo.address_ne, COMMUTATOR = OPERATOR(zoo.!==), NEGATOR = OPERATOR(zoo.===));
CREATE FUNCTION zoo.factorial_of(integer) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT factorial($1) $$;
CREATE OPERATOR zoo.!! (RIGHTARG = integer, FUNCTION = zoo.factorial_of);
COMMENT ON OPERATOR zoo.!! (NONE, integer) IS 'operator';
CREATE FUNCTION zoo.backwards(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT btint4cmp($2, $1) $$;
CREATE OPERATOR FAMILY zoo.backward_family USING btree;
CREATE OPERATOR CLASS zoo.backward_ops FOR TYPE integer USING btree FAMILY zoo.backward_family AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 zoo.backwards(integer, integer);
CREATE OPERATOR FAMILY zoo.lonely_family USING hash;
COMMENT ON OPERATOR CLASS zoo.backward_ops USING btree IS 'operator class';
ALTER OPERATOR CLASS zoo.backward_ops USING btree OWNER TO zoo_owner;`,
  },
  {
    name: "conversions, access methods and languages",
    sql: String.raw`
CREATE CONVERSION zoo.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE ACCESS METHOD zoo_heap TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD zoo_heap IS 'access method';
CREATE FUNCTION zoo.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION zoo.inline_handler(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE TRUSTED LANGUAGE zoo_language HANDLER zoo.handler INLINE zoo.inline_handler;
COMMENT ON LANGUAGE zoo_language IS 'language';`,
  },
  {
    name: "full-text search",
    sql: String.raw`
CREATE TEXT SEARCH TEMPLATE zoo.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER zoo.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH DICTIONARY zoo."plain words" (TEMPLATE = pg_catalog.simple, STOPWORDS = german, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION zoo.search (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION zoo.search ALTER MAPPING FOR asciiword, word WITH zoo."plain words", english_stem;
ALTER TEXT SEARCH CONFIGURATION zoo.search DROP MAPPING FOR email;
ALTER TEXT SEARCH CONFIGURATION zoo.search OWNER TO zoo_owner;
COMMENT ON TEXT SEARCH CONFIGURATION zoo.search IS 'configuration';
COMMENT ON TEXT SEARCH DICTIONARY zoo."plain words" IS 'dictionary';`,
  },
];
