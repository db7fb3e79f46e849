import "server-only";
import { z } from "zod";
import type { Session } from "./session";

/** Catalogue queries in the dump's own snapshot. Every one orders its output, so equal catalogues give equal text. */

/** Also not what a restore of tables keeps beside the live ones for a while (`keptSchemas` in dump.ts): it is no part of the database. */
export const notSystem = `n.nspname !~ '^(pg_|holdfast_restore_r[0-9]+$)' AND n.nspname <> 'information_schema'`;
/** Members of an extension come back with CREATE EXTENSION, not from the dump. */
export const notExtension = (catalogue: string, alias: string) =>
  `NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND x.objid = ${alias}.oid AND x.deptype = 'e')`;

const DatabaseFacts = z.object({
  name: z.string(),
  oid: z.string(),
  owner: z.string(),
  encoding: z.string(),
  collation: z.string(),
  characterType: z.string(),
  sizeBytes: z.number(),
});

export function readDatabase(session: Session) {
  return session.json(
    `SELECT json_build_object('name', d.datname, 'oid', d.oid::text, 'owner', pg_catalog.pg_get_userbyid(d.datdba),
       'encoding', pg_catalog.pg_encoding_to_char(d.encoding), 'collation', d.datcollate, 'characterType', d.datctype,
       'sizeBytes', pg_catalog.pg_database_size(d.oid))
     FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database();`,
    DatabaseFacts,
  );
}

const Relation = z.object({
  oid: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["table", "partitioned", "view", "materialized_view", "foreign"]),
  sizeBytes: z.number().nullable(),
  activity: z.object({ inserted: z.number(), updated: z.number(), deleted: z.number() }).nullable(),
});
export type Relation = z.output<typeof Relation>;

/** Every relation a dump knows, in order of schema and name. Configuration tables of extensions count: their rows are dumped. */
export function readRelations(session: Session) {
  return session.json(
    `SELECT coalesce(json_agg(json_build_object('oid', c.oid::text, 'schema', n.nspname, 'name', c.relname,
         'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' ELSE 'foreign' END,
         'sizeBytes', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_total_relation_size(c.oid) END,
         'activity', CASE WHEN c.relkind = 'r' THEN json_build_object('inserted', pg_catalog.pg_stat_get_tuples_inserted(c.oid),
           'updated', pg_catalog.pg_stat_get_tuples_updated(c.oid), 'deleted', pg_catalog.pg_stat_get_tuples_deleted(c.oid)) END)
       ORDER BY n.nspname, c.relname), '[]')
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${notSystem}
       AND (${notExtension("pg_class", "c")}
         OR EXISTS (SELECT 1 FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig)));`,
    z.array(Relation),
  );
}

/** What the current role could not dump: tables it may not read or whose rows a policy would hide, and large objects, which no predefined role covers. */
export function readUnreadable(session: Session) {
  return session.json(
    `WITH me AS (SELECT oid, rolsuper, rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user), unreadable AS (
     SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND ${notSystem} AND ${notExtension("pg_class", "c")}
       AND (NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
         OR NOT CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END
         OR (c.relkind IN ('r', 'p') AND (SELECT NOT rolbypassrls AND NOT rolsuper FROM me)
             AND c.relrowsecurity AND (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))))
     UNION ALL
     SELECT 'large object', l.oid::text FROM pg_catalog.pg_largeobject_metadata l
     WHERE (SELECT NOT rolsuper FROM me) AND NOT pg_catalog.pg_has_role(l.lomowner, 'USAGE')
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(l.lomacl) a WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE'))))
     SELECT coalesce(json_agg(json_build_object('schema', schema, 'name', name) ORDER BY schema, name), '[]') FROM unreadable;`,
    z.array(z.object({ schema: z.string(), name: z.string() })),
  );
}

export function readSequences(session: Session) {
  return session.json(
    `SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname) ORDER BY n.nspname, c.relname), '[]')
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${notSystem} AND ${notExtension("pg_class", "c")};`,
    z.array(z.object({ schema: z.string(), name: z.string() })),
  );
}

export function readExtensions(session: Session) {
  return session.json(
    `SELECT coalesce(json_agg(json_build_object('name', e.extname, 'version', e.extversion, 'schema', n.nspname) ORDER BY e.extname), '[]')
     FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql';`,
    z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  );
}

/** Owners of what has no grants of its own. */
const ownedIn = (catalogue: string, prefix: string) =>
  `UNION ALL SELECT o.${prefix}owner, NULL FROM pg_catalog.${catalogue} o JOIN pg_catalog.pg_namespace n ON n.oid = o.${prefix}namespace WHERE ${notSystem} AND ${notExtension(catalogue, "o")}`;

/** Roles a restore has to find: owners and grantees of the database and of anything in it, and those that policies are for. */
export function readRoles(session: Session) {
  return session.json(
    `WITH acls AS (
       SELECT c.relowner AS owner, c.relacl AS acl FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${notSystem} AND ${notExtension("pg_class", "c")}
       UNION ALL SELECT c.relowner, a.attacl FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${notSystem} AND ${notExtension("pg_class", "c")}
       UNION ALL SELECT n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE ${notSystem}
       UNION ALL SELECT p.proowner, p.proacl FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${notSystem} AND ${notExtension("pg_proc", "p")}
       UNION ALL SELECT t.typowner, t.typacl FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE ${notSystem} AND ${notExtension("pg_type", "t")}
       UNION ALL SELECT d.datdba, d.datacl FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
       UNION ALL SELECT a.defaclrole, a.defaclacl FROM pg_catalog.pg_default_acl a
       UNION ALL SELECT l.lomowner, l.lomacl FROM pg_catalog.pg_largeobject_metadata l
       UNION ALL SELECT s.srvowner, s.srvacl FROM pg_catalog.pg_foreign_server s
       UNION ALL SELECT w.fdwowner, w.fdwacl FROM pg_catalog.pg_foreign_data_wrapper w WHERE ${notExtension("pg_foreign_data_wrapper", "w")}
       UNION ALL SELECT p.pubowner, NULL FROM pg_catalog.pg_publication p
       UNION ALL SELECT e.evtowner, NULL FROM pg_catalog.pg_event_trigger e WHERE ${notExtension("pg_event_trigger", "e")}
       UNION ALL SELECT o.collowner, NULL FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace WHERE ${notSystem} AND ${notExtension("pg_collation", "o")}
       UNION ALL SELECT l.lanowner, l.lanacl FROM pg_catalog.pg_language l WHERE l.oid >= 16384 AND ${notExtension("pg_language", "l")}
       ${ownedIn("pg_operator", "opr")} ${ownedIn("pg_opclass", "opc")} ${ownedIn("pg_opfamily", "opf")} ${ownedIn("pg_conversion", "con")} ${ownedIn("pg_ts_config", "cfg")} ${ownedIn("pg_ts_dict", "dict")} ${ownedIn("pg_statistic_ext", "stx")}),
     named AS (
       SELECT owner AS role FROM acls UNION SELECT x.grantee FROM acls, pg_catalog.aclexplode(acls.acl) x
       UNION SELECT pg_catalog.unnest(p.polroles) FROM pg_catalog.pg_policy p
       UNION SELECT m.umuser FROM pg_catalog.pg_user_mappings m)
     SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_catalog.pg_roles
     WHERE rolname !~ '^pg_' AND oid IN (SELECT role FROM named);`,
    z.array(z.string()),
  );
}

export function readLargeObjects(session: Session) {
  return session.json(`SELECT to_json(count(*)) FROM pg_catalog.pg_largeobject_metadata;`, z.number().int());
}

/** Says how a fingerprint was made. Two of different makings cannot be compared. */
export const fingerprintMethod = "3:";

/** A definition without its casts; see `settled`. */
const uncast = (definition: string) => `pg_catalog.regexp_replace(${definition}, ${castName}, '', 'g')`;
/**
 * A definition without its brackets, casts and spaces. The server writes definitions from trees, and reading that text back gives
 * other trees: `IN` over a varchar moves its casts into the list, `BETWEEN` loses a pair of brackets. Without them both are the same.
 */
const settled = (definition: string) => `pg_catalog.regexp_replace(${uncast(definition)}, '[()[:space:]]+', '', 'g')`;
const castName = String.raw`'::("([^"]|"")*"|[a-z_][a-z0-9_$]*)(\.("([^"]|"")*"|[a-z_][a-z0-9_$]*))?( varying| precision)?(\([0-9]+(,-?[0-9]+)?\))?( with(out)? time zone)?(\[\])*'`;

export interface FingerprintOptions {
  /** OIDs of relations that are in no fact: they were left out of the dump on request. */
  leftOut?: readonly string[];
  /** Whether definitions of sequences are in it. Nothing tells which of them went with the tables that were left out. */
  sequences?: boolean;
}

/**
 * A SHA-256 over what makes the schema, each fact as a line in a fixed order: relations with their row-level security and their place
 * among partitions, columns, constraints, indexes, views, functions, types, triggers, rules, policies, event triggers, publications,
 * sequences, full-text search, operators with their classes, statistics, collations, schemas, and the comments on all of these. Columns
 * go by name: a restore may number them anew after one was dropped. A foreign key's copies on partitions are named in the order of their
 * making, so only the key itself counts. Roles are in `readAccess`: a restore may be asked to replace them.
 */
export function readFingerprint(session: Session, options: FingerprintOptions = {}) {
  return session.json(
    `${sayAlike}
     WITH facts(fact) AS (${schemaFacts(options)})
     SELECT to_json('${fingerprintMethod}' || pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(fact, E'\\n' ORDER BY fact COLLATE pg_catalog."C"), ''), 'UTF8')), 'hex')) FROM facts;`,
    z.string(),
  );
}

/**
 * What a database's own settings may be, and a throwaway server's are not: they change how moments and names are written. Compiling the
 * query takes longer than running it, also over ten thousand tables.
 */
const sayAlike = "SET TimeZone = 'UTC'; SET IntervalStyle = 'postgres'; SET quote_all_identifiers = off; SET jit = off;";

/** The comment on an object or one of its columns, so that no line break in it can look like another fact. */
const comment = (catalogue: string, oid: string, column = "0") =>
  `(SELECT pg_catalog.md5(said.description) FROM pg_catalog.pg_description said WHERE said.classoid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND said.objoid = ${oid} AND said.objsubid = ${column})`;
const accessMethod = (oid: string) => `(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = ${oid})`;
/** A name with its schema, of what has no `reg…` type. */
const qualifiedName = (catalogue: string, prefix: string, oid: string) =>
  `(SELECT pg_catalog.format('%I.%I', s.nspname, q.${prefix}name) FROM pg_catalog.${catalogue} q JOIN pg_catalog.pg_namespace s ON s.oid = q.${prefix}namespace WHERE q.oid = ${oid})`;
/** The name that ICU gives a locale becomes another one when it is read back by a later server; its language stays. */
const icuLanguage = `pg_catalog.regexp_replace(pg_catalog.substring(pg_catalog.lower(coalesce(pg_catalog.to_jsonb(o) ->> 'colllocale', pg_catalog.to_jsonb(o) ->> 'colliculocale', o.collcollate)), '^[a-z]*'), '^(root)?$', 'und')`;
const members = (text: string, from: string) => `(SELECT pg_catalog.string_agg(x, ',' ORDER BY x COLLATE pg_catalog."C") FROM (SELECT pg_catalog.concat_ws(' ', ${text}) FROM pg_catalog.${from}) members (x))`;

/** Only what pg_dump dumps: neither what follows from a parent, as copies of triggers and inherited checks, nor comments on those. */
const schemaFacts = ({ leftOut = [], sequences = true }: FingerprintOptions) => {
  const isIn = (oid: string) => (leftOut.length === 0 ? "true" : `${oid} <> ALL ('{${leftOut.map(Number).join(",")}}'::pg_catalog.oid[])`);
  return `
SELECT pg_catalog.concat_ws('|', 'relation', n.nspname, c.relname, c.relkind, CASE WHEN c.relkind <> 'p' THEN c.relpersistence END, c.relrowsecurity, c.relforcerowsecurity, ${settled("pg_catalog.pg_get_expr(c.relpartbound, c.oid)")},
    CASE WHEN c.relkind = 'p' THEN ${settled("pg_catalog.pg_get_partkeydef(c.oid)")} END, (SELECT pg_catalog.string_agg(h.inhparent::pg_catalog.regclass::text, ',' ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid),
    CASE WHEN c.relkind = 'v' THEN (SELECT pg_catalog.string_agg(x, ',' ORDER BY x COLLATE pg_catalog."C") FROM pg_catalog.unnest(c.reloptions) x) END, ${comment("pg_class", "c.oid")})
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${isIn("c.oid")} AND ${notSystem} AND ${notExtension("pg_class", "c")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'column', n.nspname, c.relname, c.relkind, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, ${settled("pg_catalog.pg_get_expr(d.adbin, d.adrelid)")},
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation END, ${comment("pg_class", "c.oid", "a.attnum")})
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relpersistence <> 't' AND ${isIn("c.oid")} AND ${notSystem} AND ${notExtension("pg_class", "c")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'constraint', n.nspname, o.conrelid::pg_catalog.regclass, o.conname, ${settled("pg_catalog.pg_get_constraintdef(o.oid)")}, CASE WHEN o.contype <> 't' AND o.conislocal AND o.conparentid = 0 THEN ${comment("pg_constraint", "o.oid")} END)
  FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace WHERE o.contype <> 'n' AND NOT (o.contype = 'f' AND o.conparentid <> 0) AND ${isIn("o.conrelid")} AND ${notSystem} AND ${notExtension("pg_constraint", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'index', n.nspname, c.relname, ${settled("pg_catalog.pg_get_indexdef(i.indexrelid)")}, ${comment("pg_class", "c.oid")})
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND ${isIn("i.indrelid")} AND ${notSystem} AND ${notExtension("pg_class", "c")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'view', n.nspname, c.relname, ${settled("pg_catalog.pg_get_viewdef(c.oid)")})
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND ${isIn("c.oid")} AND ${notSystem} AND ${notExtension("pg_class", "c")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'function', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), p.prokind, pg_catalog.md5(p.prosrc), CASE WHEN p.prokind <> 'a' THEN ${settled("pg_catalog.pg_get_functiondef(p.oid)")} END, ${comment("pg_proc", "p.oid")})
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${notSystem} AND ${notExtension("pg_proc", "p")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'type', n.nspname, t.typname, t.typtype, pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull,
    (SELECT pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), ${settled("pg_catalog.pg_get_expr(t.typdefaultbin, 0)")},
    (SELECT t.typcollation::pg_catalog.regcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype AND b.typcollation <> t.typcollation),
    (SELECT pg_catalog.concat_ws(' ', pg_catalog.format_type(r.rngsubtype, NULL), r.rngcollation::pg_catalog.regcollation, ${qualifiedName("pg_opclass", "opc", "r.rngsubopc")}, r.rngcanonical, r.rngsubdiff, pg_catalog.format_type((pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::pg_catalog.oid, NULL)) FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid), ${comment("pg_type", "t.oid")})
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))) AND ${notSystem} AND ${notExtension("pg_type", "t")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'trigger', n.nspname, c.relname, ${settled("pg_catalog.pg_get_triggerdef(g.oid)")}, g.tgenabled, CASE WHEN g.tgparentid = 0 THEN ${comment("pg_trigger", "g.oid")} END)
  FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal AND ${isIn("c.oid")} AND ${notSystem}
UNION ALL SELECT pg_catalog.concat_ws('|', 'rule', n.nspname, c.relname, ${settled("pg_catalog.pg_get_ruledef(r.oid)")}, r.ev_enabled, ${comment("pg_rewrite", "r.oid")})
  FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${isIn("c.oid")} AND ${notSystem} AND ${notExtension("pg_class", "c")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'policy', n.nspname, c.relname, p.polname, p.polcmd, p.polpermissive, ${settled("pg_catalog.pg_get_expr(p.polqual, p.polrelid)")}, ${settled("pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)")}, ${comment("pg_policy", "p.oid")})
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${isIn("c.oid")} AND ${notSystem}
UNION ALL SELECT pg_catalog.concat_ws('|', 'event trigger', e.evtname, e.evtevent, e.evtenabled, (SELECT pg_catalog.string_agg(x, ',' ORDER BY x COLLATE pg_catalog."C") FROM pg_catalog.unnest(e.evttags) x), e.evtfoid::pg_catalog.regprocedure, ${comment("pg_event_trigger", "e.oid")})
  FROM pg_catalog.pg_event_trigger e WHERE ${notExtension("pg_event_trigger", "e")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'publication', p.pubname, pg_catalog.to_jsonb(p) - ARRAY['oid', 'pubname', 'pubowner'], ${comment("pg_publication", "p.oid")})
  FROM pg_catalog.pg_publication p WHERE ${notExtension("pg_publication", "p")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'published', t.pubname, n.nspname, c.relname, ${settled("pg_catalog.to_jsonb(t) ->> 'rowfilter'")},
    (SELECT pg_catalog.string_agg(x, ',' ORDER BY x COLLATE pg_catalog."C") FROM pg_catalog.jsonb_array_elements_text(CASE WHEN pg_catalog.jsonb_typeof(pg_catalog.to_jsonb(t) -> 'attnames') = 'array' THEN pg_catalog.to_jsonb(t) -> 'attnames' ELSE '[]' END) x))
  FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname AND NOT p.puballtables
  JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
  WHERE ${isIn("c.oid")} AND ${notSystem} AND ${notExtension("pg_publication", "p")}
${sequences ? sequenceFacts : ""}
UNION ALL SELECT pg_catalog.concat_ws('|', 'text search configuration', n.nspname, o.cfgname, ${qualifiedName("pg_ts_parser", "prs", "o.cfgparser")}, (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', m.maptokentype, m.mapdict::pg_catalog.regdictionary), ',' ORDER BY m.maptokentype, m.mapseqno) FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = o.oid), ${comment("pg_ts_config", "o.oid")})
  FROM pg_catalog.pg_ts_config o JOIN pg_catalog.pg_namespace n ON n.oid = o.cfgnamespace WHERE ${notSystem} AND ${notExtension("pg_ts_config", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'text search dictionary', n.nspname, o.dictname, ${qualifiedName("pg_ts_template", "tmpl", "o.dicttemplate")}, pg_catalog.replace(o.dictinitoption, '''', ''), ${comment("pg_ts_dict", "o.oid")})
  FROM pg_catalog.pg_ts_dict o JOIN pg_catalog.pg_namespace n ON n.oid = o.dictnamespace WHERE ${notSystem} AND ${notExtension("pg_ts_dict", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'operator', n.nspname, o.oprname, pg_catalog.format_type(o.oprleft, NULL), pg_catalog.format_type(o.oprright, NULL), pg_catalog.format_type(o.oprresult, NULL), o.oprcom::pg_catalog.regoperator, o.oprnegate::pg_catalog.regoperator, o.oprcanmerge, o.oprcanhash, o.oprcode, o.oprrest, o.oprjoin, ${comment("pg_operator", "o.oid")})
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND ${notSystem} AND ${notExtension("pg_operator", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'operator class', n.nspname, o.opcname, ${accessMethod("o.opcmethod")}, ${qualifiedName("pg_opfamily", "opf", "o.opcfamily")}, pg_catalog.format_type(o.opcintype, NULL), o.opcdefault, pg_catalog.format_type(o.opckeytype, NULL), ${comment("pg_opclass", "o.oid")})
  FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace WHERE ${notSystem} AND ${notExtension("pg_opclass", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'operator family', n.nspname, o.opfname, ${accessMethod("o.opfmethod")}, ${members("a.amopstrategy, a.amoppurpose, a.amopopr::pg_catalog.regoperator", "pg_amop a WHERE a.amopfamily = o.oid")},
    ${members("a.amprocnum, pg_catalog.format_type(a.amproclefttype, NULL), pg_catalog.format_type(a.amprocrighttype, NULL), a.amproc::pg_catalog.regprocedure", "pg_amproc a WHERE a.amprocfamily = o.oid")}, ${comment("pg_opfamily", "o.oid")})
  FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace WHERE ${notSystem} AND ${notExtension("pg_opfamily", "o")}
-- Their columns stand in the order of their numbers.
UNION ALL SELECT pg_catalog.concat_ws('|', 'statistics', n.nspname, o.stxname, (SELECT pg_catalog.string_agg(x, ' ' ORDER BY x COLLATE pg_catalog."C") FROM pg_catalog.regexp_split_to_table(${uncast("pg_catalog.pg_get_statisticsobjdef(o.oid)")}, '[,()[:space:]]+') x), nullif(o.stxstattarget, -1), ${comment("pg_statistic_ext", "o.oid")})
  FROM pg_catalog.pg_statistic_ext o JOIN pg_catalog.pg_namespace n ON n.oid = o.stxnamespace WHERE ${isIn("o.stxrelid")} AND ${notSystem} AND ${notExtension("pg_statistic_ext", "o")}
UNION ALL SELECT pg_catalog.concat_ws('|', 'collation', n.nspname, o.collname, o.collprovider, o.collisdeterministic, CASE WHEN o.collprovider = 'i' THEN ${icuLanguage} ELSE pg_catalog.concat_ws('|', pg_catalog.to_jsonb(o) ->> 'colllocale', o.collcollate, o.collctype) END, pg_catalog.to_jsonb(o) ->> 'collicurules', ${comment("pg_collation", "o.oid")})
  FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace WHERE ${notSystem} AND ${notExtension("pg_collation", "o")}
-- An empty database has the schema public, with a comment that depends on its version.
UNION ALL SELECT pg_catalog.concat_ws('|', 'schema', n.nspname, ${comment("pg_namespace", "n.oid")}) FROM pg_catalog.pg_namespace n WHERE n.nspname <> 'public' AND ${notSystem} AND ${notExtension("pg_namespace", "n")}`;
};

const sequenceFacts = `
UNION ALL SELECT pg_catalog.concat_ws('|', 'sequence', n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
    (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', x.deptype, x.refobjid::pg_catalog.regclass, a.attname), ',') FROM pg_catalog.pg_depend x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.refobjid AND a.attnum = x.refobjsubid
      WHERE x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.objid = c.oid AND x.refclassid = x.classid AND x.deptype IN ('a', 'i')), ${comment("pg_class", "c.oid")})
  FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relpersistence <> 't' AND ${notSystem} AND ${notExtension("pg_class", "c")}`;
