import "server-only";
import { z } from "zod";
import { queryJson, type Server } from "@/lib/postgres/server";

const Facts = z.object({
  isSuperuser: z.boolean(),
  mayCreate: z.boolean(),
  maySignal: z.boolean(),
  live: z.object({ oid: z.string(), sizeBytes: z.number(), owner: z.string(), ownedByRole: z.boolean(), encoding: z.string(), collation: z.string(), characterType: z.string() }).nullable(),
  sessions: z.array(z.object({ application: z.string(), role: z.string(), count: z.number(), idleSeconds: z.number().nullable(), inTransaction: z.number() })),
  preparedTransactions: z.array(z.string()),
  replicationSlots: z.array(z.string()),
  subscriptions: z.array(z.string()),
  availableExtensions: z.array(z.string()),
  existingRoles: z.array(z.string()),
  databaseNames: z.array(z.string()),
  wal: z.object({ mostBytes: z.number(), idleSlots: z.array(z.string()), archiving: z.enum(["off", "working", "failing"]) }),
});

/** What the server says of itself, of the role, and of the database `name`, in one query. */
export function readTarget(server: Server, name: string, signal: AbortSignal): Promise<z.output<typeof Facts>> {
  return queryJson(
    server,
    {
      what: "the target was looked at",
      schema: Facts,
      variables: { name },
      sql: `
SELECT pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'SELECT') AS reads_subscriptions \\gset
\\if :reads_subscriptions
  \\set subscriptions 'SELECT s.subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = ' :'name'
\\else
  \\set subscriptions 'SELECT NULL::name AS subname WHERE false'
\\endif
WITH me AS (SELECT * FROM pg_catalog.pg_roles WHERE rolname = current_user),
live AS (SELECT d.* FROM pg_catalog.pg_database d WHERE d.datname = :'name'),
idle AS (SELECT slot_name FROM pg_catalog.pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL)
SELECT json_build_object(
  'isSuperuser', (SELECT rolsuper FROM me),
  'mayCreate', (SELECT rolcreatedb OR rolsuper FROM me),
  'maySignal', (SELECT rolsuper OR pg_catalog.pg_has_role(oid, 'pg_signal_backend', 'USAGE') FROM me),
  'live', (SELECT json_build_object('oid', oid::text, 'sizeBytes', pg_catalog.pg_database_size(oid), 'owner', pg_catalog.pg_get_userbyid(datdba),
     'ownedByRole', pg_catalog.pg_has_role(datdba, 'MEMBER'), 'encoding', pg_catalog.pg_encoding_to_char(encoding), 'collation', datcollate, 'characterType', datctype) FROM live),
  'sessions', (SELECT coalesce(json_agg(s), '[]') FROM (
     SELECT application_name AS application, coalesce(usename::text, '') AS role, count(*)::int AS count,
       min(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - state_change)::int) FILTER (WHERE state = 'idle') AS "idleSeconds",
       (count(*) FILTER (WHERE state LIKE 'idle in transaction%' OR state = 'active'))::int AS "inTransaction"
     FROM pg_catalog.pg_stat_activity WHERE datname = :'name' AND backend_type = 'client backend' AND application_name NOT LIKE 'holdfast%' AND pid <> pg_catalog.pg_backend_pid()
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20) s),
  'preparedTransactions', (SELECT coalesce(json_agg(gid ORDER BY gid), '[]') FROM pg_catalog.pg_prepared_xacts WHERE database = :'name'),
  'replicationSlots', (SELECT coalesce(json_agg(slot_name ORDER BY slot_name), '[]') FROM pg_catalog.pg_replication_slots WHERE database = :'name'),
  'subscriptions', (SELECT coalesce(json_agg(subname ORDER BY subname), '[]') FROM (:subscriptions) u),
  'availableExtensions', (SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM pg_catalog.pg_available_extensions),
  'existingRoles', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'),
  'databaseNames', (SELECT json_agg(datname ORDER BY datname) FROM pg_catalog.pg_database),
  'wal', json_build_object(
    'mostBytes', (SELECT max(setting::bigint) * 1048576 FROM pg_catalog.pg_settings WHERE name IN ('max_wal_size', 'wal_keep_size') OR (name = 'max_slot_wal_keep_size' AND EXISTS (SELECT FROM idle))),
    'idleSlots', (SELECT coalesce(json_agg(slot_name ORDER BY slot_name), '[]') FROM idle WHERE current_setting('max_slot_wal_keep_size') = '-1'),
    'archiving', CASE WHEN current_setting('archive_mode') = 'off' THEN 'off'
      WHEN current_setting('archive_command') = '' AND coalesce(current_setting('archive_library', true), '') = '' THEN 'failing'
      WHEN (SELECT last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_catalog.pg_stat_archiver) THEN 'failing' ELSE 'working' END));`,
    },
    signal,
  );
}
