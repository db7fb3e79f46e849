import type { DumpFormat } from "@/lib/databases/schemas";

/**
 * Names keep the form of the procedures' script (Backup Procedures, 1): `<database>_postgres_backup_YYYYMMDD_HHMMSS.<ext>`, so
 * that existing files, greps and habits fit. The time is UTC. The `nth` of the same second, from the second on, says so: `…_HHMMSS_2.<ext>`.
 */
export function backupFileName(fileName: string, takenAt: Date, extension: string, nth = 1): string {
  const [date, time] = takenAt.toISOString().split("T");
  return `${fileName}_postgres_backup_${date?.replaceAll("-", "")}_${time?.slice(0, 8).replaceAll(":", "")}${nth > 1 ? `_${nth}` : ""}${extension}`;
}

/** The companion files of a backup, by its own name. */
export const sidecarName = (key: string) => `${key}.json`;
export const rolesName = (key: string) => `${key}.roles.sql`;

export type Unpacker = "zstd" | "gzip" | "none";

/** What a file's ending says of it. Order matters: the longest ending first. */
const endings: readonly { ending: string; format: DumpFormat; unpack: Unpacker }[] = [
  { ending: ".dump.zst", format: "custom", unpack: "zstd" },
  { ending: ".dir.tar", format: "directory", unpack: "none" },
  { ending: ".sql.gz", format: "plain", unpack: "gzip" },
  // pg_dump's tar form: pg_restore knows it from the custom one by itself.
  { ending: ".tar", format: "custom", unpack: "none" },
  { ending: ".dump", format: "custom", unpack: "none" },
  { ending: ".sql", format: "plain", unpack: "none" },
];

export interface NamedFile {
  /** The database's part of the name, or the whole stem when the name has another form. */
  databaseName: string;
  /** Null when the name does not say. The old script wrote local time, and so is it read. */
  takenAt: Date | null;
  format: DumpFormat;
  unpack: Unpacker;
}

/** Reads a file's name; null for one that is no backup by its ending. Companion files are not backups. */
export function readFileName(key: string): NamedFile | null {
  if (key.endsWith(".roles.sql")) return null;
  const name = key.split("/").at(-1) ?? key;
  const known = endings.find(({ ending }) => name.endsWith(ending) && name.length > ending.length);
  if (!known) return null;
  const stem = name.slice(0, -known.ending.length);
  const match = /^(.+)_postgres_backup_(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})(?:_\d{1,2})?$/.exec(stem);
  const { format, unpack } = known;
  if (!match) return { databaseName: stem, takenAt: null, format, unpack };
  const [, databaseName, ...digits] = match;
  const [year, month, day, hour, minute, second] = digits.map(Number) as [number, number, number, number, number, number];
  const takenAt = new Date(year, month - 1, day, hour, minute, second);
  return { databaseName: databaseName ?? stem, takenAt, format, unpack };
}

/**
 * A database's part of its files' names: letters, digits, dot, dash and underscore of any script; all else becomes an
 * underscore. Shortened, because a file name holds 255 bytes.
 */
export function toFileName(databaseName: string): string {
  const cleaned = databaseName.normalize("NFC").replace(/[^\p{L}\p{N}._-]/gu, "_").replace(/^[.-]+/, "_");
  return cleaned.slice(0, 60) || "database";
}
