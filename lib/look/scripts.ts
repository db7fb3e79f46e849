/**
 * Makes the role that people ask with, in a throwaway server. Variables: reader, database, wanted (a JSON list of roles), seconds.
 * It writes nowhere, and what it is not allowed to it cannot get: nobody else can sign in once the server is locked.
 */
export const prepareReader = `
CREATE ROLE :"reader" LOGIN BYPASSRLS;
ALTER ROLE :"reader" SET default_transaction_read_only = on;
ALTER ROLE :"reader" SET synchronize_seqscans = off;
SELECT pg_catalog.format('ALTER ROLE %I SET statement_timeout = %L', :'reader', :'seconds' || 's') \\gexec
SELECT pg_catalog.format('GRANT pg_read_all_data TO %I', :'reader') WHERE pg_catalog.current_setting('server_version_num')::int >= 140000 \\gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE :"database" FROM PUBLIC;
`;

/** Roles that own something in a backup of Holdfast's own. None may sign in. */
export const createOwners = `
SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN', name) FROM pg_catalog.jsonb_array_elements_text(:'wanted') name
  WHERE name !~ '^pg_' AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) \\gexec
`;

/** PostgreSQL 13 has no role that reads everything. What cannot be granted stays unreadable. */
export const grantReading = `
SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', nspname, :'reader') FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' \\gexec
SELECT pg_catalog.format('GRANT SELECT ON %I.%I TO %I', n.nspname, c.relname, :'reader') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \\gexec
`;

/** A page of a table in the order its rows lie, which does not change in a database that nobody writes. */
export const readPage = `SELECT * FROM :"schema".:"name" LIMIT :limit OFFSET :offset;`;
