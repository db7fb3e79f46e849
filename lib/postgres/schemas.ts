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
