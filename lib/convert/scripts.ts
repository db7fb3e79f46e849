import { blameless } from "@/lib/postgres/scripts";

/**
 * Turns an archive from standard input into SQL text with pg_restore. $1 is "zstd", "none" or "tar" (a directory dump in a tar, laid
 * into the directory $2). Exit codes: 3 it does not unpack, 4 pg_restore failed, 6 no room, 7 that says nothing of the file.
 */
export const archiveToSql = `${blameless}
umask 077
if [ "$1" = tar ]; then
  mkdir "$2" || exit 6
  tar -C "$2" -xf - || { codes="tar=$?"; blameless tar; exit 3; }
  pg_restore -f - "$2"
  codes="pg_restore=$?"
  rm -rf "$2"
  blameless pg_restore
  [ "$codes" = pg_restore=0 ] || exit 4
  exit 0
fi
unpack=cat
if [ "$1" = zstd ]; then unpack=zstd; fi
exec 4>&1
codes=$( {
  { if [ $unpack = zstd ]; then zstd -q -d -c; else cat; fi 3>&- 4>&-; echo "$unpack=$?" >&3; } |
  { pg_restore -f - >&4 3>&- 4>&-; echo "pg_restore=$?" >&3; }
} 3>&1 )
exec 4>&-
blameless $unpack pg_restore
case $codes in *pg_restore=0*) ;; *) exit 4 ;; esac
case $codes in *"$unpack=0"*) ;; *) exit 3 ;; esac
`;

/**
 * Prepares a throwaway server for a foreign file, as its superuser. Variables: loader, hub, boot (a name for the superuser where the
 * file wants its own), admin, wanted (a JSON list of roles), extensions (a JSON list), database.
 *
 * Every owner that the file names becomes a role without the right to sign in and the loader a member of it. Schemas belong to the hub
 * while the file is loaded, and every role is a member of that: PostgreSQL lets a table be given only to a role that may create in its
 * schema, and a dump grants that right at its end.
 */
export const prepareServer = `
SELECT 'ALTER ROLE postgres RENAME TO ' || pg_catalog.quote_ident(:'boot')
  WHERE 'postgres' = :'loader' OR :'wanted'::jsonb ? 'postgres' \\gexec
CREATE ROLE :"hub" NOLOGIN;
CREATE ROLE :"loader" LOGIN BYPASSRLS;
SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN', name) FROM pg_catalog.jsonb_array_elements_text(:'wanted') name
  WHERE name <> :'loader' AND name !~ '^pg_' AND name NOT IN ('public', 'none') \\gexec
SELECT pg_catalog.format('GRANT %I TO %I', r.rolname, :'loader') FROM pg_catalog.pg_roles r
  WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname <> :'loader' \\gexec
SELECT pg_catalog.format('GRANT %I TO %I', :'hub', r.rolname) FROM pg_catalog.pg_roles r
  WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname NOT IN (:'hub', :'loader') \\gexec
SELECT pg_catalog.format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', datname) FROM pg_catalog.pg_database WHERE datname <> :'database' \\gexec
ALTER DATABASE :"database" OWNER TO :"loader";
ALTER SCHEMA public OWNER TO :"hub";
SELECT pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', s, :'hub') FROM pg_catalog.jsonb_array_elements_text(:'schemas') s WHERE s <> 'public' AND s !~ '^pg_' \\gexec
SELECT pg_catalog.format('CREATE EXTENSION IF NOT EXISTS %I %s CASCADE', e->>'name', CASE WHEN e->>'schema' IS NULL THEN '' ELSE pg_catalog.format('SCHEMA %I', e->>'schema') END)
  FROM pg_catalog.jsonb_array_elements(:'extensions') e WHERE e->>'name' <> 'plpgsql' \\gexec
SELECT pg_catalog.format('ALTER TABLE %s OWNER TO %I', c.oid::pg_catalog.regclass, :'loader')
  FROM pg_catalog.pg_extension x, pg_catalog.unnest(x.extconfig) AS t(oid) JOIN pg_catalog.pg_class c USING (oid) WHERE c.relkind = 'r' \\gexec
ALTER SYSTEM SET log_min_messages = fatal;
ALTER SYSTEM SET log_min_error_statement = panic;
ALTER SYSTEM SET log_statement = none;
ALTER SYSTEM SET log_min_duration_statement = -1;
`;

/** Lets nobody in any more except those named by role: a list of lines for pg_hba.conf as JSON in `lines`. */
export const lockServer = `
SELECT pg_catalog.current_setting('hba_file') AS file \\gset
COPY (SELECT line FROM pg_catalog.jsonb_array_elements_text(:'lines') line) TO :'file';
SELECT pg_catalog.pg_reload_conf() \\g /dev/null
`;

/**
 * Becomes the command it was given, as a process that can start no other and write nothing into a file (setrlimit(2), RLIMIT_NPROC and RLIMIT_FSIZE):
 * psql's own commands come to nothing then, also where psql does not know how to be restricted. dash calls the limit of processes -p.
 */
export const confined = `
ulimit -f 0 || exit 9
ulimit -u 0 2>/dev/null || ulimit -p 0 || exit 9
exec "$@"
`;
