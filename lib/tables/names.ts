import { tableName, type TableRef } from "./schemas";

/** PostgreSQL's limit for an identifier (NAMEDATALEN - 1). */
const longestName = 63;

/** `base` shortened so that it fits with `suffix`, without cutting a character in two. */
export function fitted(base: string, suffix: string): string {
  const room = longestName - Buffer.byteLength(suffix);
  let end = base.length;
  while (Buffer.byteLength(base.slice(0, end)) > room) end -= 1;
  // Half of a surrogate pair is no character.
  if (/[\uD800-\uDBFF]$/.test(base.slice(0, end))) end -= 1;
  return base.slice(0, end) + suffix;
}

/** The database that a run loads the chosen tables into. */
export function stagingName(databaseName: string, runId: number): string {
  return fitted(databaseName, `__tables_r${runId}`);
}

/** The schema inside the live database that holds staged rows, and rows from before. Backups leave it out. */
export function keptSchema(runId: number): string {
  return `holdfast_restore_r${runId}`;
}

/** `orders_restored_20260922`, with a number behind it where that name is taken (`schema.name`). */
export function copyName(table: TableRef, at: Date, taken: ReadonlySet<string>): string {
  const suffix = `_restored_${at.toISOString().slice(0, 10).replaceAll("-", "")}`;
  for (let number = 1; ; number += 1) {
    const name = fitted(table.name, number === 1 ? suffix : `${suffix}_${number}`);
    if (!taken.has(tableName({ schema: table.schema, name }))) return name;
  }
}

/** What marks a staging database and a schema as this run's own: names alone could belong to another installation. */
export function markOf(tag: string): string {
  return `holdfast ${tag}`;
}
