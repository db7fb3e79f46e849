import "server-only";
import { execute } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import type { MissingRole } from "./schemas";

/** What says of a role that it exists only so that a load can name it. */
const placeholderComment = (tag: string) => `Made by Holdfast for ${tag}`;

type Choices = Readonly<Record<string, MissingRole>>;

/**
 * Creates the roles that the backup names and the server lacks, without the right to sign in. Those that are to be left out or mapped
 * are placeholders: the load needs them, and `settleRoles` takes them away again.
 */
export async function createRoles(server: Server, choices: Choices, tag: string, signal: AbortSignal): Promise<void> {
  for (const [role, choice] of Object.entries(choices)) {
    await execute(
      server,
      "a role was created",
      `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :'role') AS is_there, :'comment' <> '' AS is_placeholder \\gset
\\if :is_there
\\else
CREATE ROLE :"role" NOLOGIN;
\\if :is_placeholder
COMMENT ON ROLE :"role" IS :'comment';
\\endif
\\endif`,
      { role, comment: choice.do === "create" ? "" : placeholderComment(tag) },
      signal,
    );
  }
}

/**
 * Gives what the placeholders own to the role they are mapped to, or to the database's owner, with the grants a mapped one had, and
 * removes them. `server` is connected to the restored database.
 */
export async function settleRoles(server: Server, choices: Choices, owner: string, signal: AbortSignal): Promise<void> {
  for (const [role, choice] of Object.entries(choices)) {
    if (choice.do === "create") continue;
    await execute(
      server,
      "a missing role was replaced",
      `${choice.do === "map" ? `${copyGrants}\n${copyPolicies}` : ""}
REASSIGN OWNED BY :"role" TO :"heir";
DROP OWNED BY :"role";
DROP ROLE :"role";`,
      { role, heir: choice.do === "map" ? choice.to : owner },
      signal,
    );
  }
}

/** Every grant of the mapped role on schemas, relations, columns' relations and functions, once more for its heir. */
const copyGrants = `
SELECT pg_catalog.format('GRANT %s ON SCHEMA %I TO %I', a.privilege_type, n.nspname, :'heir')
FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a WHERE a.grantee = :'role'::pg_catalog.regrole
UNION ALL
SELECT pg_catalog.format('GRANT %s ON %s %I.%I TO %I', a.privilege_type, CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, :'heir')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, pg_catalog.aclexplode(c.relacl) a
WHERE a.grantee = :'role'::pg_catalog.regrole AND a.privilege_type <> 'MAINTAIN'
UNION ALL
SELECT pg_catalog.format('GRANT %s (%I) ON TABLE %I.%I TO %I', a.privilege_type, t.attname, n.nspname, c.relname, :'heir')
FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, pg_catalog.aclexplode(t.attacl) a
WHERE a.grantee = :'role'::pg_catalog.regrole
UNION ALL
SELECT pg_catalog.format('GRANT %s ON ROUTINE %I.%I(%s) TO %I', a.privilege_type, n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), :'heir')
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace, pg_catalog.aclexplode(p.proacl) a
WHERE a.grantee = :'role'::pg_catalog.regrole \\gexec`;

/** A policy for the mapped role becomes one for its heir; DROP OWNED would take the role off it, or drop a policy for nobody else. */
const copyPolicies = `
SELECT pg_catalog.format('ALTER POLICY %I ON %I.%I TO %s', p.polname, n.nspname, c.relname,
  (SELECT pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(CASE WHEN r.rolname = :'role' THEN :'heir' ELSE r.rolname END), ', ') FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles)))
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE :'role'::pg_catalog.regrole = ANY (p.polroles) \\gexec`;

/** Removes placeholders that a restore which ended early left. One that something still needs stays. */
export async function removePlaceholders(server: Server, choices: Choices, tag: string): Promise<void> {
  for (const [role, choice] of Object.entries(choices)) {
    if (choice.do === "create") continue;
    await execute(
      server,
      "a placeholder role was removed",
      `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles r WHERE r.rolname = :'role' AND pg_catalog.shobj_description(r.oid, 'pg_authid') = :'comment'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_shdepend d WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.refobjid = r.oid)) AS is_ours \\gset
\\if :is_ours
DROP ROLE :"role";
\\endif`,
      { role, comment: placeholderComment(tag) },
    );
  }
}
