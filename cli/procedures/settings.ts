import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The variables of the procedures (config/backup_config.sh); null where nobody said. */
export interface ProcedureSettings {
  container: string | null;
  databaseName: string | null;
  role: string | null;
  directory: string | null;
  retentionDays: number | null;
  applicationContainer: string | null;
  /** Lines of the file that are no plain assignment. They are not run. */
  notUnderstood: string[];
}

const file = "config/backup_config.sh";
const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

/** Reads the procedures' variables: what the environment says wins over the file. The file is read, never run. */
export function readSettings(home: string, env: Readonly<Record<string, string | undefined>>): ProcedureSettings {
  const place = path.join(home, file);
  const { values, notUnderstood } = existsSync(place) ? parseAssignments(readFileSync(place, "utf8")) : { values: new Map<string, string>(), notUnderstood: [] };
  const get = (name: string) => env[name] || values.get(name) || null;
  const days = get("BACKUP_RETENTION_DAYS");
  const isDays = days !== null && /^\d{1,4}$/.test(days) && Number(days) > 0;
  const directory = get("BACKUP_DIR");
  return {
    container: get("POSTGRES_CONTAINER"),
    databaseName: get("POSTGRES_DB"),
    role: get("POSTGRES_USER"),
    // As the script did: from the directory that it lies under.
    directory: directory === null ? null : path.resolve(home, directory),
    retentionDays: isDays ? Number(days) : null,
    applicationContainer: get("APP_CONTAINER"),
    notUnderstood: days !== null && !isDays ? [...notUnderstood, `BACKUP_RETENTION_DAYS=${days}`] : notUnderstood,
  };
}

/** `export NAME=value` and `NAME=value`, with or without quotes, with a comment behind. What a shell would have to work out is not understood. */
export function parseAssignments(text: string): { values: Map<string, string>; notUnderstood: string[] } {
  const values = new Map<string, string>();
  const notUnderstood: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, written] = assignment.exec(line) ?? [];
    const value = name === undefined ? null : valueOf(written ?? "");
    if (name === undefined || value === null) notUnderstood.push(line.trim());
    else values.set(name, value);
  }
  return { values, notUnderstood };
}

const rest = String.raw`\s*(?:;\s*)?(?:#.*)?$`;
const single = new RegExp(`^'([^']*)'${rest}`);
const double = new RegExp(String.raw`^"((?:[^"\\$\`]|\\["\\$\`])*)"` + rest);
const bare = new RegExp(String.raw`^([^\s'"\\$\`;|&<>()#]*)` + rest);

function valueOf(written: string): string | null {
  const text = written.trimStart();
  if (text !== written) return null; // `NAME= value` runs a command in a shell.
  const quoted = single.exec(text) ?? bare.exec(text);
  if (quoted) return quoted[1] ?? "";
  const inDouble = double.exec(text);
  return inDouble ? (inDouble[1] ?? "").replace(/\\(["\\$`])/g, "$1") : null;
}
