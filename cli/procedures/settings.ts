import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseBackupConfig } from "@/lib/config/backup-config";

/** The variables of the procedures (config/backup_config.sh); null where nobody said. */
export interface ProcedureSettings {
  container: string | null;
  databaseName: string | null;
  role: string | null;
  directory: string | null;
  retentionDays: number | null;
  applicationContainer: string | null;
  /** Lines of the file that are no plain assignment, by their number and their variable: what they assign may be a secret. They are not run. */
  notUnderstood: string[];
}

const file = "config/backup_config.sh";

function readFile(home: string) {
  const place = path.join(home, file);
  return parseBackupConfig(existsSync(place) ? readFileSync(place, "utf8") : "");
}

const handedOn = ["HOLDFAST_HOME", "POSTGRES_CONTAINER", "POSTGRES_DB", "POSTGRES_USER", "BACKUP_DIR"] as const;

/**
 * What the line of a crontab or a unit has to hand on to the script: variables that nothing but this environment says. What stands in the
 * file is read from there at each run, so that a change of it counts. BACKUP_RETENTION_DAYS is never handed on: a line that nobody looks at
 * again would set the database's rule back to it every night, whatever the file or a person says by then. `daysLeftOut` is what it was, where the
 * file does not say the same.
 */
export function variablesToHandOn(home: string, env: Readonly<Record<string, string | undefined>>): { env: Record<string, string>; daysLeftOut: string | null } {
  const { values } = readFile(home);
  const isOnlyHere = (name: string) => Boolean(env[name]) && env[name] !== values[name];
  const days = "BACKUP_RETENTION_DAYS";
  return { env: Object.fromEntries(handedOn.filter(isOnlyHere).map((name) => [name, env[name] ?? ""])), daysLeftOut: isOnlyHere(days) ? (env[days] ?? null) : null };
}

/** Reads the procedures' variables: what the environment says wins over the file. The file is read, never run. */
export function readSettings(home: string, env: Readonly<Record<string, string | undefined>>): ProcedureSettings {
  const { values, problems } = readFile(home);
  const notUnderstood = problems.map(({ line, name }) => `line ${line}${name ? `, ${name}` : ""}`);
  const get = (name: string) => env[name] || values[name] || null;
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
