import { plural } from "@/lib/format/counts";
import { type ComparedTable, tableName, type TableChoice, type TableRef, type TableRestoreState } from "./schemas";

/** What each choice is called, and what it does, in the list of choices. */
export const choiceWords = {
  none: "Leave it as it is",
  replace: "Replace its rows",
  insert: "Insert missing rows",
  copy: "Keep a copy beside it",
} as const satisfies Record<TableChoice, string>;

const words = {
  staging: "Being staged",
  staged: "Waits for your choice",
  applying: "Being put in place",
  applied: "Restored, can be undone",
  undoing: "Being undone",
  undone: "Undone",
  failed: "Came to nothing",
  dropped: "Removed unused",
} as const satisfies Record<TableRestoreState, string>;

/** Where a restore of tables is, for lists. */
export function stateWords({ state, removedAt, isElsewhere }: { state: TableRestoreState; removedAt: string | null; isElsewhere: boolean }): string {
  if (state === "applied" && isElsewhere) return "Restored, cannot be undone now";
  if (state === "staged" && isElsewhere) return "Put aside with its database";
  if (removedAt === null) return words[state];
  return state === "applied" ? "Restored" : state === "staged" ? words.dropped : words[state];
}

/** "public.orders", "public.orders and public.lines", "public.orders and 4 more". */
export function tablesPhrase(tables: readonly TableRef[]): string {
  const [first, second] = tables.map(tableName);
  if (first === undefined) return "no tables";
  if (second === undefined) return first;
  return tables.length === 2 ? `${first} and ${second}` : `${first} and ${tables.length - 1} more`;
}

/** "Change 2 tables, keep a copy of 1": what a confirmation is about. */
export function changePhrase(choices: readonly TableChoice[]): string {
  const many = (what: TableChoice) => choices.filter((one) => one === what).length;
  const [replaced, inserted, copied] = [many("replace"), many("insert"), many("copy")];
  const changed = replaced + inserted;
  if (changed === 0) return `Keep a copy of ${plural(copied, "table")}`;
  const change = inserted === 0 ? `Replace rows of ${plural(replaced, "table")}` : replaced === 0 ? `Insert missing rows into ${plural(inserted, "table")}` : `Change ${plural(changed, "table")}`;
  return copied > 0 ? `${change}, keep a copy of ${copied}` : change;
}

/** Which choices a table offers: one that is not an ordinary live table can only be copied. */
export function choicesFor(table: Pick<ComparedTable, "live">): TableChoice[] {
  return table.live === "table" ? ["none", "replace", "insert", "copy"] : ["none", "copy"];
}

/** What comparing found, in one sentence without a full stop. */
export function differenceSentence(table: ComparedTable): string {
  if (table.live === "missing") return "not in the live database any more";
  if (table.live === "other") return "no ordinary table in the live database any more";
  const parts = [
    ...(table.onlyBackup > 0 ? [`${plural(table.onlyBackup, "row")} only in the backup`] : []),
    ...(table.onlyLive > 0 ? [`${plural(table.onlyLive, "row")} only in live`] : []),
    ...(table.changed > 0 ? [`${plural(table.changed, "row")} changed`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "equal, row by row";
}
