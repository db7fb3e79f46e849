import { tableName, type TableRef } from "./schemas";

export interface TocEntry {
  id: string;
  type: string;
  /** "schema name owner", as pg_restore prints it: without quotes. */
  rest: string;
}

/** Definitions behind the data that are wanted all the same: keys and foreign keys, to know what refers to what. */
const keyTypes = ["FK CONSTRAINT", "CONSTRAINT", "INDEX ATTACH"];
/** Two words or more; every other type is one word or not asked for. */
const dataType = "TABLE DATA";

/** Reads what `pg_restore --list` prints, as far as data and constraints go. */
export function parseToc(text: string): TocEntry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^(\d+); \d+ \d+ (.+)$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const type = [...keyTypes, dataType].find((known) => match[2]?.startsWith(`${known} `));
    return type ? [{ id: match[1], type, rest: match[2].slice(type.length + 1) }] : [];
  });
}

/** The list for `pg_restore --use-list` that makes keys and foreign keys. */
export function keysList(entries: readonly TocEntry[]): string {
  return listOf(entries.filter((entry) => keyTypes.includes(entry.type)));
}

/**
 * The list that loads the rows of `tables`, and the tables that have no rows in the archive at all. Names with blanks in them can
 * fit more than one table; a row too many in a staging database does no harm.
 */
export function dataList(entries: readonly TocEntry[], tables: readonly TableRef[]): { list: string; missing: string[] } {
  const data = entries.filter((entry) => entry.type === dataType);
  const matches = (entry: TocEntry, { schema, name }: TableRef) => entry.rest.startsWith(`${oneLine(schema)} ${oneLine(name)} `);
  return {
    list: listOf(data.filter((entry) => tables.some((table) => matches(entry, table)))),
    missing: tables.filter((table) => !data.some((entry) => matches(entry, table))).map(tableName),
  };
}

/** pg_restore prints line breaks in names as blanks. */
function oneLine(name: string): string {
  return name.replace(/[\r\n]/g, " ");
}

/** Only the number of each line is read (manual page pg_restore, "--use-list"). */
function listOf(entries: readonly TocEntry[]): string {
  return entries.map((entry) => `${entry.id};\n`).join("");
}
