import { type ForeignKey, tableName, type TableRef } from "./schemas";

/** What a table refers to and what refers to it, without itself. */
export interface Dependencies {
  refersTo: TableRef[];
  referredBy: TableRef[];
}

export function dependenciesOf(table: TableRef, keys: readonly ForeignKey[]): Dependencies {
  const name = tableName(table);
  const others = (tables: readonly TableRef[]) => [...new Map(tables.filter((one) => tableName(one) !== name).map((one) => [tableName(one), one])).values()];
  return {
    refersTo: others(keys.filter((key) => tableName(key.from) === name).map((key) => key.to)),
    referredBy: others(keys.filter((key) => tableName(key.to) === name).map((key) => key.from)),
  };
}

/** Tables that are not chosen and that a foreign key ties to a chosen one: without them a replacement may be refused. */
export function tiedTo(chosen: readonly TableRef[], keys: readonly ForeignKey[], offered: (table: TableRef) => boolean): TableRef[] {
  const own = new Set(chosen.map(tableName));
  const tied = chosen.flatMap((table) => {
    const { refersTo, referredBy } = dependenciesOf(table, keys);
    return [...referredBy, ...refersTo];
  });
  return [...new Map(tied.filter((table) => !own.has(tableName(table)) && offered(table)).map((table) => [tableName(table), table])).values()];
}
