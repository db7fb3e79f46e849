/** What one line of the procedures' log says. `null` is understood and says nothing that is kept. */
export type LogLine =
  | { says: "begin"; kind: "backup" | "restore" }
  | { says: "file"; file: string; size: string | null; packed: boolean }
  | { says: "database_size"; text: string }
  | { says: "count"; of: string; count: number }
  | { says: "verified" }
  | { says: "complete"; kind: "backup" | "restore" }
  | { says: "cancelled" }
  | { says: "problem"; text: string }
  | { says: "nothing" };

const size = /\((\d+(?:[.,]\d+)?\s?[KMGT]?i?B?)\)\s*$/;
const backupFile = /([^\s/\\]+_(\d{8})_(\d{6})\.sql(?:\.gz)?)(?=[\s)]|$)/;

/** Steps that are announced, and what the scripts say on their way (Backup Procedures, "Output Example"). */
const remarks = [
  /^checking database size/i, /^counting records/i, /^creating backup/i, /^compressing backup/i, /^verifying backup integrity/i, /^clean(ing|ed)?( up)? old backups/i,
  /^(removed|deleted|deleting|removing)\b/i, /^no old backups/i, /^nothing to remove/i, /^current backups:?$/i, /^total (backups|size):/i, /^current database stats:?$/i, /^warning: this will replace/i, /^are you sure you want to continue/i,
  /^(stopping|starting) application/i, /^dropping existing database/i, /^creating fresh database/i, /^restoring backup/i, /^verifying restoration/i, /^waiting for application/i, /^application is responding/i, /^web ui:/i,
  /^(upload|copy): \S+ to s3:/i, /^sending incremental file list$/i, /^completed [\d.]+ \S+iB/i,
] as const;

/** Words with which the scripts, pg_dump, psql, gzip and the shell say that something went wrong. */
const troubles = [
  /^error\b/i, /^fatal\b/i, /^failed\b/i, /\bfailed$/i, /\bfailed[:!.]/i, /\bis not running\b/i, /no space left on device/i, /^(pg_dump|pg_restore|psql|gzip|gunzip|docker):/i, /no such container/i, /permission denied/i, /cannot connect to the docker daemon/i,
  /unexpected end of file/i, /connection to server .* failed/i, /the backup file is (empty|corrupt)/i, /integrity check failed/i,
] as const;

/** Understands one line, whatever signs stand before its words; null for one that it does not know. */
export function readLogLine(written: string): LogLine | null {
  const isCross = /[❌✖✗]/u.test(written);
  const line = written.replace(/^[^\p{L}\p{N}./\\=_-]+/u, "").trim();
  if (line === "" || /^[=_\-─━]{3,}$/u.test(line)) return { says: "nothing" };
  const begin = /^(?:.*\s)?postgresql (backup|restore)(?:\s*\(docker\))?$/i.exec(line);
  if (begin) return { says: "begin", kind: begin[1]?.toLowerCase() === "restore" ? "restore" : "backup" };
  const complete = /^(backup|restore) completed?(?::\s.*)?$/i.exec(line);
  if (complete) return { says: "complete", kind: complete[1]?.toLowerCase() === "restore" ? "restore" : "backup" };
  if (/^(restore|backup) (cancelled|canceled|aborted)/i.test(line)) return { says: "cancelled" };
  if (isCross || troubles.some((words) => words.test(line))) return { says: "problem", text: line };
  if (/^backup integrity verified/i.test(line)) return { says: "verified" };
  const made = /^(backup created|compressed|backup file):\s/i.exec(line);
  const [, file] = backupFile.exec(line) ?? [];
  if (made && file) return { says: "file", file, size: size.exec(line)?.[1] ?? null, packed: made[1]?.toLowerCase() === "compressed" };
  // An entry of the list of present backups.
  if (file && new RegExp(`^\\S*${file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(\\s*\\(.*\\))?$`).test(line)) return { says: "nothing" };
  const database = /^database size:\s*(.+)$/i.exec(line);
  if (database?.[1]) return { says: "database_size", text: database[1] };
  if (remarks.some((words) => words.test(line))) return { says: "nothing" };
  const counted = /^([\p{L}][\p{L}\p{N} _-]{0,60}):\s*(\d{1,3}(?:[,.' ]?\d{3})*|\d+)$/u.exec(line);
  if (counted?.[1] && counted[2]) return { says: "count", of: counted[1].trim(), count: Number(counted[2].replace(/\D/g, "")) };
  return null;
}

/** A size as `du -h` and `ls -lh` write it, which is rounded, in bytes; null for what is none. The letters are those of every locale. */
export function bytesOf(written: string): number | null {
  const [, figure, unit = ""] = /^(\d+(?:[.,]\d+)?)\s?([KMGT]?)i?B?$/i.exec(written.trim()) ?? [];
  return figure === undefined ? null : Math.round(Number(figure.replace(",", ".")) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase()));
}
