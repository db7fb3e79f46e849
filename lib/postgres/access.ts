import "server-only";
import { z } from "zod";
import { notExtension, notSystem } from "./catalogue";
import { AccessGroup } from "./schemas";
import type { Session } from "./session";

/**
 * Who owns what and who was granted what, of every kind of object that a dump carries both for. Objects of one schema with the same
 * owner and the same grants are one group, so that ten thousand alike tables are ten thousand names and one entry. Privileges of
 * the database itself are not in a dump, and members of an extension come with it.
 */
export function readAccess(session: Session): Promise<AccessGroup[]> {
  return session.json(accessSql, z.array(AccessGroup));
}

/** An ACL as who may do what. Who granted it, and in what order, says nothing of what may be done. */
const granted = (acl: string) => `
  (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('to', grantee, 'may', may) ORDER BY grantee COLLATE "C" NULLS FIRST), '[]')
   FROM (SELECT CASE WHEN one.grantee <> 0 THEN pg_catalog.pg_get_userbyid(one.grantee)::text END AS grantee, pg_catalog.string_agg(one.privilege_type || CASE WHEN one.passes_on THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY one.privilege_type COLLATE "C") AS may
         FROM (SELECT a.grantee, a.privilege_type, pg_catalog.bool_or(a.is_grantable) AS passes_on FROM pg_catalog.aclexplode(${acl}) a GROUP BY 1, 2) one GROUP BY one.grantee) each_one)`;

/** A type of its own: no row type of a table, no array, no multirange that comes with its range. */
const isOwnType = `t.typtype IN ('b', 'c', 'd', 'e', 'r') AND t.typisdefined AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
    AND (t.typrelid = 0 OR EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))`;

/** Objects in schemas that have an owner and, as far as this says, no grants. */
const ownedOnly = (kind: string, catalogue: string, prefix: string, name = `o.${prefix}name::text`) => `
  UNION ALL SELECT '${kind}', n.nspname, ${name}, o.${prefix}owner, NULL, NULL FROM pg_catalog.${catalogue} o JOIN pg_catalog.pg_namespace n ON n.oid = o.${prefix}namespace WHERE ${notSystem} AND ${notExtension(catalogue, "o")}`;

/** `standard` is what acldefault calls the kind of object; null where there are no default privileges to compare with. */
const accessSql = `
WITH objects(kind, schema, name, owner, acl, standard) AS (
  SELECT 'schema', NULL::name, n.nspname::text, n.nspowner, n.nspacl, 'n' FROM pg_catalog.pg_namespace n WHERE ${notSystem} AND ${notExtension("pg_namespace", "n")}
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END, n.nspname, c.relname::text, c.relowner, c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${notSystem} AND ${notExtension("pg_class", "c")}
  UNION ALL SELECT 'column', n.nspname, c.relname || '.' || a.attname, NULL, a.attacl, NULL
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped AND c.relpersistence <> 't' AND ${notSystem} AND ${notExtension("pg_class", "c")}
  UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, n.nspname, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', p.proowner, p.proacl, 'f'
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${notSystem} AND ${notExtension("pg_proc", "p")}
      -- A range type makes its constructors itself.
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND i.objid = p.oid AND i.deptype = 'i')
  UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, n.nspname, t.typname::text, t.typowner, t.typacl, 'T'
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE ${isOwnType} AND ${notSystem} AND ${notExtension("pg_type", "t")}
  ${ownedOnly("operator", "pg_operator", "opr", `o.oprname || '(' || pg_catalog.format_type(o.oprleft, NULL) || ', ' || pg_catalog.format_type(o.oprright, NULL) || ')'`)}
  ${ownedOnly("operator class", "pg_opclass", "opc", `o.opcname || ' using ' || (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = o.opcmethod)`)}
  ${ownedOnly("operator family", "pg_opfamily", "opf", `o.opfname || ' using ' || (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = o.opfmethod)`)}
  ${ownedOnly("collation", "pg_collation", "coll")}
  ${ownedOnly("conversion", "pg_conversion", "con")}
  ${ownedOnly("text search configuration", "pg_ts_config", "cfg")}
  ${ownedOnly("text search dictionary", "pg_ts_dict", "dict")}
  ${ownedOnly("statistics", "pg_statistic_ext", "stx")}
  UNION ALL SELECT 'language', NULL, l.lanname::text, l.lanowner, l.lanacl, 'l' FROM pg_catalog.pg_language l WHERE l.oid >= 16384 AND ${notExtension("pg_language", "l")}
  UNION ALL SELECT 'foreign data wrapper', NULL, w.fdwname::text, w.fdwowner, w.fdwacl, 'F' FROM pg_catalog.pg_foreign_data_wrapper w WHERE ${notExtension("pg_foreign_data_wrapper", "w")}
  UNION ALL SELECT 'foreign server', NULL, s.srvname::text, s.srvowner, s.srvacl, 'S' FROM pg_catalog.pg_foreign_server s WHERE ${notExtension("pg_foreign_server", "s")}
  UNION ALL SELECT 'publication', NULL, p.pubname::text, p.pubowner, NULL, NULL FROM pg_catalog.pg_publication p
  UNION ALL SELECT 'event trigger', NULL, e.evtname::text, e.evtowner, NULL, NULL FROM pg_catalog.pg_event_trigger e WHERE ${notExtension("pg_event_trigger", "e")}
  UNION ALL SELECT 'default privileges', n.nspname, 'of ' || pg_catalog.pg_get_userbyid(d.defaclrole) || ' on ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE d.defaclobjtype::text END, d.defaclrole, d.defaclacl, NULL
    FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
  -- There may be millions: those alike are one, with how many and which.
  UNION ALL SELECT 'large objects', NULL, pg_catalog.count(*) || ' with OIDs that add up to ' || pg_catalog.sum(l.oid::bigint), l.lomowner, l.lomacl, 'L' FROM pg_catalog.pg_largeobject_metadata l GROUP BY l.lomowner, l.lomacl),
-- An ACL can be compared but not sorted, so its text makes the groups and the first of each stands for all.
numbered AS (SELECT o.*, pg_catalog.row_number() OVER () AS number FROM objects o),
groups AS (SELECT pg_catalog.min(number) AS number, pg_catalog.jsonb_agg(name ORDER BY name COLLATE "C") AS names FROM numbered GROUP BY kind, schema, owner, acl::text, standard),
alike AS (SELECT n.kind, n.schema, n.owner, n.acl, n.standard, g.names FROM groups g JOIN numbered n USING (number)),
described AS (
  SELECT kind, schema, CASE WHEN owner IS NOT NULL THEN pg_catalog.pg_get_userbyid(owner)::text END AS owner, names,
    CASE WHEN acl IS NOT NULL THEN ${granted("acl")} END AS grants, CASE WHEN acl IS NOT NULL AND standard IS NOT NULL THEN ${granted(`pg_catalog.acldefault(standard::"char", owner)`)} END AS standard
  FROM alike
  UNION ALL
  SELECT 'policy', n.nspname, NULL, pg_catalog.jsonb_build_array(c.relname || '.' || p.polname),
    (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('to', who, 'may', 'APPLIES') ORDER BY who COLLATE "C" NULLS FIRST) FROM (SELECT CASE WHEN r <> 0 THEN pg_catalog.pg_get_userbyid(r)::text END AS who FROM pg_catalog.unnest(p.polroles) r) roles), NULL
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${notSystem} AND ${notExtension("pg_class", "c")})
SELECT coalesce(json_agg(json_build_object('kind', kind, 'schema', schema, 'owner', owner, 'names', names, 'grants', CASE WHEN grants IS DISTINCT FROM standard THEN grants END)
  ORDER BY kind COLLATE "C", schema COLLATE "C" NULLS FIRST, (names ->> 0) COLLATE "C"), '[]') FROM described;`;
