import "server-only";
import { z } from "zod";
import { execute } from "./maintenance";
import { psqlSet, queryJson, type Server } from "./server";

/**
 * What hangs on a database itself and is not inside a dump of its contents (manual page pg_dump, "--create"): a restored database
 * gets all of it from the one whose place it takes.
 */
export const DatabaseProperties = z.object({
  owner: z.string(),
  encoding: z.string(),
  collation: z.string(),
  characterType: z.string(),
  /** c: libc, i: ICU, b: builtin. */
  provider: z.enum(["c", "i", "b"]),
  locale: z.string().nullable(),
  icuRules: z.string().nullable(),
  tablespace: z.string(),
  connectionLimit: z.number().int(),
  isTemplate: z.boolean(),
  comment: z.string().nullable(),
  /** Null: the defaults, which are not the same as no grants. Of a grantor that the role cannot act for, nothing is said. */
  grants: z.array(z.object({ grantor: z.string().nullable(), grantee: z.string().nullable(), privilege: z.string(), grantable: z.boolean() })).nullable(),
  /** ALTER DATABASE … SET, and settings of roles in this database; a null role is every role. An application may keep secrets there. */
  settings: z.array(z.object({ role: z.string().nullable(), name: z.string(), value: z.string() })),
});
export type DatabaseProperties = z.output<typeof DatabaseProperties>;

/** Reads a database's own properties. Null when there is no database of that name. */
export function readProperties(server: Server, name: string, signal?: AbortSignal): Promise<DatabaseProperties | null> {
  return queryJson(
    server,
    {
      what: "a database's properties were read",
      schema: DatabaseProperties.nullable(),
      variables: { name },
      sql: `
SELECT coalesce((SELECT json_build_object(
  'owner', pg_catalog.pg_get_userbyid(d.datdba),
  'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
  'collation', d.datcollate, 'characterType', d.datctype,
  'provider', coalesce(j->>'datlocprovider', 'c'),
  'locale', coalesce(j->>'datlocale', j->>'daticulocale'), 'icuRules', j->>'daticurules',
  'tablespace', t.spcname, 'connectionLimit', d.datconnlimit, 'isTemplate', d.datistemplate,
  'comment', pg_catalog.shobj_description(d.oid, 'pg_database'),
  'grants', CASE WHEN d.datacl IS NULL THEN NULL ELSE (SELECT coalesce(json_agg(json_build_object(
      'grantor', CASE WHEN pg_catalog.pg_has_role(a.grantor, 'MEMBER') THEN pg_catalog.pg_get_userbyid(a.grantor) END,
      'grantee', CASE WHEN a.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END, 'privilege', a.privilege_type, 'grantable', a.is_grantable)
      ORDER BY a.place), '[]') FROM pg_catalog.aclexplode(d.datacl) WITH ORDINALITY a (grantor, grantee, privilege_type, is_grantable, place)) END,
  'settings', (SELECT coalesce(json_agg(json_build_object('role', CASE WHEN s.setrole = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(s.setrole) END,
      'name', pg_catalog.split_part(c, '=', 1), 'value', pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)) ORDER BY s.setrole = 0 DESC, pg_catalog.pg_get_userbyid(s.setrole), c), '[]')
    FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c WHERE s.setdatabase = d.oid))
 FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace, LATERAL (SELECT pg_catalog.to_jsonb(d) AS j) x
 WHERE d.datname = :'name'), 'null');`,
    },
    signal,
  );
}

/**
 * Creates an empty database with the encoding, locale, owner and tablespace of `like`, from template0, and returns its OID. `server`
 * is connected to another database. The rest of the properties comes later (`applyProperties`): settings would act on the load.
 */
export async function createLike(server: Server, name: string, like: DatabaseProperties, signal?: AbortSignal): Promise<string> {
  await execute(
    server,
    "the staging database was created",
    `${psqlSet({ properties: JSON.stringify(like) })}SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L%s%s%s', :'name', p->>'owner', p->>'encoding', p->>'collation', p->>'characterType',
  CASE WHEN current_setting('server_version_num')::int < 150000 THEN ''
       WHEN p->>'provider' = 'i' THEN pg_catalog.format(' LOCALE_PROVIDER icu ICU_LOCALE %L', p->>'locale')
       WHEN p->>'provider' = 'b' THEN pg_catalog.format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', p->>'locale')
       ELSE ' LOCALE_PROVIDER libc' END,
  CASE WHEN p->>'icuRules' IS NULL THEN '' ELSE pg_catalog.format(' ICU_RULES %L', p->>'icuRules') END,
  -- To name it, even the one it would get anyway, takes a right on it that only a superuser has of himself.
  CASE WHEN p->>'tablespace' = (SELECT t.spcname FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = 'template0') THEN ''
       ELSE pg_catalog.format(' TABLESPACE %I', p->>'tablespace') END)
FROM (SELECT :'properties'::jsonb AS p) x \\gexec`,
    { name },
    signal,
  );
  return queryJson(
    server,
    { what: "the staging database was looked up", sql: `SELECT to_json(oid::text) FROM pg_catalog.pg_database WHERE datname = :'name';`, schema: z.string(), variables: { name } },
    signal,
  );
}

/** Gives a database what `createLike` left out: comment, grants, settings, connection limit. Roles that are gone are left out. */
export async function applyProperties(server: Server, name: string, like: DatabaseProperties, signal?: AbortSignal): Promise<void> {
  await execute(
    server,
    "the database's own properties were set",
    `${psqlSet({ properties: JSON.stringify(like) })}SELECT pg_catalog.format('ALTER DATABASE %I CONNECTION LIMIT %s', :'name', p->>'connectionLimit') FROM (SELECT :'properties'::jsonb AS p) x
UNION ALL SELECT pg_catalog.format('COMMENT ON DATABASE %I IS %L', :'name', p->>'comment') FROM (SELECT :'properties'::jsonb AS p) x WHERE p->>'comment' IS NOT NULL
UNION ALL SELECT pg_catalog.format('ALTER DATABASE %I IS_TEMPLATE true', :'name') FROM (SELECT :'properties'::jsonb AS p) x WHERE (p->>'isTemplate')::boolean
UNION ALL SELECT pg_catalog.format(revoked, :'name', p->>'owner') FROM (SELECT :'properties'::jsonb AS p) x,
  (VALUES ('REVOKE ALL ON DATABASE %1$I FROM PUBLIC'), ('REVOKE ALL ON DATABASE %1$I FROM %2$I')) r(revoked) WHERE p->'grants' <> 'null'
\\gexec
-- In the order of the list: whoever passes a grant on has been given it before.
SELECT CASE WHEN g->>'grantor' <> :'properties'::jsonb->>'owner' THEN pg_catalog.format('SET ROLE %I', g->>'grantor') END,
  pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', g->>'privilege', :'name', CASE WHEN g->>'grantee' IS NULL THEN 'PUBLIC' ELSE pg_catalog.quote_ident(g->>'grantee') END,
  CASE WHEN (g->>'grantable')::boolean THEN ' WITH GRANT OPTION' ELSE '' END),
  CASE WHEN g->>'grantor' <> :'properties'::jsonb->>'owner' THEN 'RESET ROLE' END
FROM pg_catalog.jsonb_array_elements(CASE WHEN :'properties'::jsonb->'grants' = 'null' THEN '[]' ELSE :'properties'::jsonb->'grants' END) WITH ORDINALITY e (g, place)
WHERE g->>'grantee' IS NULL OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = g->>'grantee') ORDER BY place \\gexec
SELECT CASE WHEN s->>'role' IS NULL THEN pg_catalog.format('ALTER DATABASE %I SET %I TO ', :'name', s->>'name')
    ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I SET %I TO ', s->>'role', :'name', s->>'name') END
  || CASE WHEN pg_catalog.lower(s->>'name') = ANY (:list_settings) THEN s->>'value' ELSE pg_catalog.quote_literal(s->>'value') END
FROM pg_catalog.jsonb_array_elements(:'properties'::jsonb->'settings') s
WHERE s->>'role' IS NULL OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = s->>'role') \\gexec`,
    { name, list_settings: listSettings },
    signal,
  );
}

/**
 * Settings whose value is a list of quoted names: their stored text is SQL already, and quoting it whole would make one name of it.
 * The same list that pg_dump keeps (its variable_is_guc_list_quote).
 */
const listSettings = `ARRAY['local_preload_libraries','search_path','session_preload_libraries','shared_preload_libraries','temp_tablespaces','unix_socket_directories','restrict_nonsystem_relation_kind']`;

/** What differs between two databases' own properties, by name. Empty: they are alike. */
export function differingProperties(a: DatabaseProperties, b: DatabaseProperties): string[] {
  return (Object.keys(a) as (keyof DatabaseProperties)[]).filter((name) => comparable(a, name) !== comparable(b, name));
}

/** Grants as a set: their order is that of their making. */
function comparable(properties: DatabaseProperties, name: keyof DatabaseProperties): string {
  return JSON.stringify(name === "grants" ? (properties.grants?.map((grant) => JSON.stringify(grant)).sort() ?? null) : properties[name]);
}
