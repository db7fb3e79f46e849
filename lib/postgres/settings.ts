import "server-only";
import { ServerSettings } from "./schemas";
import { queryJson, type Server } from "./server";

/** Settings that decide how a dump writes a value: the same row has another text under another time zone. */
const shownInValues = ["TimeZone", "timezone_abbreviations", "bytea_output", "lc_monetary", "lc_numeric", "lc_time", "xmlbinary", "array_nulls", "default_text_search_config"];

/**
 * Reads what a scratch server must have to be like this one. Settings are those that a session of this role in this database gets,
 * because a dump ran in such a session. Those of libraries that are not loaded show only in the server's files, and a role may be
 * allowed to see neither these nor the libraries. Settings that an application made for itself are left out: they may be secrets.
 */
export function readServerSettings(server: Server, signal?: AbortSignal): Promise<ServerSettings> {
  return queryJson(
    server,
    {
      what: "its settings were read",
      schema: ServerSettings,
      variables: { shown: shownInValues.map((name) => name.toLowerCase()).join(",") },
      sql: `
SELECT pg_catalog.has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') AND pg_catalog.has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE') AS reads_files \\gset
\\if :reads_files
  \\set in_files 'SELECT name, setting FROM pg_catalog.pg_file_settings WHERE name LIKE ''%.%'' AND error IS NULL'
\\else
  \\set in_files 'SELECT NULL::text AS name, NULL::text AS setting WHERE false'
\\endif
WITH own AS (
  (:in_files)
  UNION ALL
  SELECT name, setting FROM pg_catalog.pg_settings
  WHERE (name LIKE '%.%' AND source IN ('configuration file', 'command line', 'environment variable', 'database'))
     OR pg_catalog.lower(name) = ANY (pg_catalog.string_to_array(:'shown', ','))
  UNION ALL
  SELECT pg_catalog.split_part(c, '=', 1), pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)
  FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
  WHERE s.setrole = 0 AND s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND pg_catalog.split_part(c, '=', 1) LIKE '%.%'
), extensions AS (
  SELECT extname::text AS name FROM pg_catalog.pg_extension
  UNION SELECT pg_catalog.regexp_replace(pg_catalog.btrim(library), '^.*/', '') FROM pg_catalog.pg_settings, pg_catalog.regexp_split_to_table(setting, ',') library WHERE name IN ('shared_preload_libraries', 'session_preload_libraries')
), wanted AS (
  SELECT own.* FROM own WHERE own.setting IS NOT NULL AND (own.name NOT LIKE '%.%' OR EXISTS (
    SELECT 1 FROM extensions e, pg_catalog.split_part(own.name, '.', 1) prefix
    WHERE prefix = e.name OR 'pg_' || prefix = e.name OR pg_catalog.strpos(prefix, e.name || '_') = 1))
), db AS (SELECT pg_catalog.to_jsonb(d) AS d FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
SELECT json_build_object(
  'preload', coalesce((SELECT setting FROM pg_catalog.pg_settings WHERE name = 'shared_preload_libraries'), ''),
  'sessionPreload', coalesce((SELECT setting FROM pg_catalog.pg_settings WHERE name = 'session_preload_libraries'), ''),
  'settings', (SELECT coalesce(pg_catalog.jsonb_object_agg(name, setting), '{}') FROM wanted),
  'encoding', pg_catalog.pg_encoding_to_char((d->>'encoding')::int),
  'provider', coalesce(d->>'datlocprovider', 'c'),
  'collation', d->>'datcollate',
  'characterType', d->>'datctype',
  'locale', coalesce(d->>'datlocale', d->>'daticulocale'),
  'icuRules', d->>'daticurules') FROM db;`,
    },
    signal,
  );
}
