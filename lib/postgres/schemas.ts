import { z } from "zod";

/**
 * What a server and a database must have for a backup of them to load and to read the same: libraries that have to be loaded at the
 * start, settings of extensions, settings that show in the text of values, the database's locale and encoding.
 */
export const ServerSettings = z.object({
  /** shared_preload_libraries and session_preload_libraries, as the server has them. */
  preload: z.string(),
  sessionPreload: z.string(),
  /** By name, in the server's base unit: settings of extensions, and those that decide how values look as text. */
  settings: z.record(z.string(), z.string()),
  encoding: z.string(),
  /** c: the system's library, i: ICU, b: built in. */
  provider: z.enum(["c", "i", "b"]),
  collation: z.string(),
  characterType: z.string(),
  /** The locale of ICU or of the built-in provider. */
  locale: z.string().nullable(),
  icuRules: z.string().nullable(),
});
export type ServerSettings = z.output<typeof ServerSettings>;

/** Objects of one kind and schema that belong to the same role and are open to the same roles. */
export const AccessGroup = z.object({
  /** What PostgreSQL calls it: "table", "default privileges". */
  kind: z.string(),
  /** Null for what is in no schema. */
  schema: z.string().nullable(),
  names: z.array(z.string()),
  /** Null for what has none of its own, such as a column. */
  owner: z.string().nullable(),
  /** Null: the default privileges, written out or not. `to` null is PUBLIC. */
  grants: z.array(z.object({ to: z.string().nullable(), may: z.string() })).nullable(),
});
export type AccessGroup = z.output<typeof AccessGroup>;
