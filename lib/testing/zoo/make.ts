import type { PostgresContainer } from "../containers";
import { codeParts } from "./code";
import type { ZooPart } from "./part";
import { largeValue, manyTables, rowParts } from "./rows";
import { createZooDatabase, zooDatabaseProperties, zooRoles } from "./server";
import { tableParts } from "./tables";
import { typeParts } from "./types";

export interface ZooOptions {
  /** A value of so many MB besides. */
  largeValueMegabytes?: number;
  /** So many tables besides. */
  tables?: number;
}

export interface Zoo {
  database: string;
  major: number;
  /** What this server cannot have, by name. */
  skipped: string[];
}

/** Names a database so that neither a shell, nor SQL, nor libpq may take the name for something else. */
export const zooName = `Zoo "Ü"; $HOME 'x' = \\1`;

/** Makes a database with every kind of object that people use. A second one on the same server shares the roles. */
export async function makeZoo(server: PostgresContainer, database = zooName, options: ZooOptions = {}): Promise<Zoo> {
  const { major } = await makeEmptyZoo(server, database);
  const available = new Set((await server.psql("SELECT name FROM pg_available_extensions")).split("\n"));
  const parts = [...typeParts, ...tableParts, ...codeParts, ...rowParts];
  const skipped = new Map(parts.flatMap((part) => (why(part, major, available) ? [[part, why(part, major, available)] as const] : [])));
  const chosen = parts.filter((part) => !skipped.has(part)).map(({ name, sql }) => `\\echo ${name}\n${sql}`);
  if (options.largeValueMegabytes) chosen.push(largeValue(options.largeValueMegabytes));
  if (options.tables) chosen.push(manyTables(options.tables));
  await server.psql(["SET client_min_messages = warning;", ...chosen, "RESET search_path;"].join("\n"), { database: connectionTo(database) });
  return { database, major, skipped: [...skipped].map(([part, reason]) => `${part.name}: ${reason}`) };
}

/** Roles, tablespace and an empty database with all properties of the zoo's: what contents can be restored into by hand. */
export async function makeEmptyZoo(server: PostgresContainer, database: string): Promise<{ major: number }> {
  const major = Math.floor(Number(await server.psql("SHOW server_version_num")) / 10_000);
  const { exitCode, stderr } = await server.exec(["sh", "-c", "mkdir -p /var/lib/postgresql/zoo-space"], { user: "postgres" });
  if (exitCode !== 0) throw new Error(`The zoo has no place for its tablespace: ${stderr}`);
  await server.psql(`\\set zoo ${psqlWord(database)}\n${zooRoles}\n${createZooDatabase(major)}\n${zooDatabaseProperties}`);
  return { major };
}

function why(part: ZooPart, major: number, available: ReadonlySet<string>): string | null {
  if (part.since !== undefined && major < part.since) return `PostgreSQL ${major} does not know them`;
  if (part.extension !== undefined && !available.has(part.extension)) return "the image does not have it";
  return null;
}

/** What psql's -d needs for a name with `=` in it. */
export function connectionTo(name: string): string {
  return name.includes("=") ? `dbname='${name.replace(/[\\']/g, (character) => `\\${character}`)}'` : name;
}

/** An argument of a psql meta-command that means exactly `value`. */
function psqlWord(value: string): string {
  return `'${value.replace(/[\\']/g, (character) => (character === "'" ? "''" : "\\\\"))}'`;
}
