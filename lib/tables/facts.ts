import "server-only";
import { z } from "zod";
import { queryJson, type Server } from "@/lib/postgres/server";
import type { TableRef } from "./schemas";

const Column = z.object({
  name: z.string(),
  /** As the server quotes it: SQL is made of these, never of names. */
  quoted: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  isGenerated: z.boolean(),
  /** A default, or an identity. */
  hasDefault: z.boolean(),
});
export type Column = z.output<typeof Column>;

const Switched = z.object({ quoted: z.string(), name: z.string(), enabled: z.enum(["O", "A", "R", "D"]) });

const TableFacts = z.object({
  schema: z.string(),
  name: z.string(),
  oid: z.string(),
  kind: z.string(),
  /** `schema.name`, quoted by the server. */
  quoted: z.string(),
  quotedSchema: z.string(),
  owner: z.string(),
  isOwner: z.boolean(),
  sizeBytes: z.number(),
  columns: z.array(Column),
  /** Columns of the primary key with the operator that its index calls equal. */
  key: z.array(z.object({ name: z.string(), quoted: z.string(), equals: z.string() })),
  userTriggers: z.array(Switched),
  /** The triggers that enforce foreign keys. */
  foreignKeyTriggers: z.array(Switched),
  rules: z.array(Switched),
  /** Sequences that fill columns of it. */
  sequences: z.array(z.object({ name: z.string(), quoted: z.string(), literal: z.string(), column: z.string(), descending: z.boolean() })),
});
export type TableFacts = z.output<typeof TableFacts>;

/** What one database knows of the wanted tables, in the order they were asked for; one that is not there is left out. */
export async function readTableFacts(server: Server, tables: readonly TableRef[], signal?: AbortSignal): Promise<TableFacts[]> {
  const all: TableFacts[] = [];
  // A variable is an argument of psql, and an argument has at most 128 KiB.
  for (let start = 0; start < tables.length; start += 200) {
    const part = tables.slice(start, start + 200).map(({ schema, name }) => ({ schema, name }));
    all.push(...(await queryJson(server, { what: "the tables were read", sql: factsSql, schema: z.array(TableFacts), variables: { tables: JSON.stringify(part) } }, signal)));
  }
  return all;
}

const enabled = `'quoted', pg_catalog.quote_ident(g.tgname), 'name', g.tgname, 'enabled', g.tgenabled`;

const factsSql = `
SET search_path = '';
SELECT coalesce(json_agg(json_build_object(
  'schema', n.nspname, 'name', c.relname, 'oid', c.oid::text, 'kind', c.relkind,
  'quoted', pg_catalog.format('%I.%I', n.nspname, c.relname), 'quotedSchema', pg_catalog.quote_ident(n.nspname),
  'owner', pg_catalog.pg_get_userbyid(c.relowner), 'isOwner', pg_catalog.pg_has_role(c.relowner, 'USAGE'),
  'sizeBytes', CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_total_relation_size(c.oid) ELSE 0 END,
  'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'quoted', pg_catalog.quote_ident(a.attname), 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull, 'isGenerated', a.attgenerated <> '', 'hasDefault', a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum), '[]')
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'key', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'quoted', pg_catalog.quote_ident(a.attname),
      'equals', pg_catalog.format('OPERATOR(%I.%s)', pn.nspname, p.oprname)) ORDER BY k.position), '[]')
    FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY k(attnum, opclass, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    JOIN pg_catalog.pg_opclass oc ON oc.oid = k.opclass JOIN pg_catalog.pg_am am ON am.oid = oc.opcmethod AND am.amname = 'btree'
    JOIN pg_catalog.pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype AND ao.amopstrategy = 3
    JOIN pg_catalog.pg_operator p ON p.oid = ao.amopopr JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace
    WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts),
  'userTriggers', (SELECT coalesce(json_agg(json_build_object(${enabled}) ORDER BY g.tgname), '[]') FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal),
  'foreignKeyTriggers', (SELECT coalesce(json_agg(json_build_object(${enabled}) ORDER BY g.tgname), '[]') FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_constraint o ON o.oid = g.tgconstraint
    WHERE g.tgrelid = c.oid AND g.tgisinternal AND o.contype = 'f'),
  'rules', (SELECT coalesce(json_agg(json_build_object('quoted', pg_catalog.quote_ident(r.rulename), 'name', r.rulename, 'enabled', r.ev_enabled) ORDER BY r.rulename), '[]')
    FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1'),
  'sequences', (SELECT coalesce(json_agg(DISTINCT pg_catalog.jsonb_build_object('name', sn.nspname || '.' || s.relname, 'quoted', pg_catalog.format('%I.%I', sn.nspname, s.relname),
      'literal', pg_catalog.quote_literal(pg_catalog.format('%I.%I', sn.nspname, s.relname)), 'column', pg_catalog.quote_ident(a.attname), 'descending', sq.seqincrement < 0)), '[]')
    FROM pg_catalog.pg_attribute a JOIN (
      SELECT d.refobjid AS relation, d.refobjsubid AS attnum, d.objid AS sequence FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
      UNION SELECT f.adrelid, f.adnum, d.refobjid FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass) used ON used.relation = a.attrelid AND used.attnum = a.attnum
    JOIN pg_catalog.pg_class s ON s.oid = used.sequence AND s.relkind = 'S' JOIN pg_catalog.pg_sequence sq ON sq.seqrelid = s.oid JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN (20, 21, 23, 1700))
) ORDER BY w.position), '[]')
FROM json_array_elements(:'tables'::json) WITH ORDINALITY w(wanted, position)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.wanted->>'schema' JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.wanted->>'name'
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f');`;

const Key = z.object({
  oid: z.string(),
  name: z.string(),
  isEnforced: z.boolean(),
  from: z.object({ schema: z.string(), name: z.string(), oid: z.string(), quoted: z.string(), columns: z.array(z.string()) }),
  to: z.object({ schema: z.string(), name: z.string(), oid: z.string(), quoted: z.string(), columns: z.array(z.string()) }),
  /** By position: "referenced column equals referring column". */
  equals: z.array(z.string()),
  /** Tables, by OID, that this key stands for: its own and their partitions. */
  fromOids: z.array(z.string()),
  toOids: z.array(z.string()),
});
export type KeyFacts = z.output<typeof Key>;

/** Every foreign key of a database, by its topmost definition. A table that is not partitioned is read without its children. */
export function readForeignKeys(server: Server, signal?: AbortSignal): Promise<KeyFacts[]> {
  return queryJson(server, { what: "the foreign keys were read", sql: keysSql, schema: z.array(Key) }, signal);
}

const side = (relation: string, columns: string) => `
  SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'oid', c.oid::text,
    'quoted', CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY ' END || pg_catalog.format('%I.%I', n.nspname, c.relname),
    'columns', (SELECT json_agg(pg_catalog.quote_ident(a.attname) ORDER BY k.position) FROM pg_catalog.unnest(o.${columns}) WITH ORDINALITY k(attnum, position)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = o.${relation}`;

const keysSql = `
SET search_path = '';
WITH RECURSIVE tree AS (
  SELECT o.oid, o.oid AS root, o.conrelid, o.confrelid FROM pg_catalog.pg_constraint o WHERE o.contype = 'f' AND o.conparentid = 0
  UNION ALL SELECT o.oid, t.root, o.conrelid, o.confrelid FROM pg_catalog.pg_constraint o JOIN tree t ON o.conparentid = t.oid WHERE o.contype = 'f')
SELECT coalesce(json_agg(json_build_object('oid', o.oid::text, 'name', o.conname, 'isEnforced', coalesce((pg_catalog.to_jsonb(o)->>'conenforced')::boolean, true),
  'from', (${side("conrelid", "conkey")}), 'to', (${side("confrelid", "confkey")}),
  'equals', (SELECT json_agg(pg_catalog.format('OPERATOR(%I.%s)', n.nspname, p.oprname) ORDER BY e.position)
    FROM pg_catalog.unnest(o.conpfeqop) WITH ORDINALITY e(operator, position) JOIN pg_catalog.pg_operator p ON p.oid = e.operator JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace),
  'fromOids', (SELECT json_agg(DISTINCT t.conrelid::text) FROM tree t WHERE t.root = o.oid),
  'toOids', (SELECT json_agg(DISTINCT t.confrelid::text) FROM tree t WHERE t.root = o.oid)) ORDER BY o.conname, o.oid), '[]')
FROM pg_catalog.pg_constraint o WHERE o.contype = 'f' AND o.conparentid = 0;`;

const Rights = z.object({ isSuperuser: z.boolean(), mayCreate: z.boolean() });

/** What the role may do on its server. */
export function readRights(server: Server, signal?: AbortSignal): Promise<z.output<typeof Rights>> {
  const sql = `SELECT json_build_object('isSuperuser', r.rolsuper, 'mayCreate', r.rolsuper OR r.rolcreatedb) FROM pg_catalog.pg_roles r WHERE r.rolname = current_user;`;
  return queryJson(server, { what: "the role's rights were read", sql, schema: Rights }, signal);
}
