import { pagesOf } from "@/lib/url/query";
import type { LookContents } from "./schemas";

export const tablesPerPage = 50;

/** One page of the tables whose name has `q` in it. */
export function tablesShown(contents: LookContents, { q, page }: { q: string | null; page: number }) {
  const wanted = q?.toLowerCase() ?? "";
  const matching = contents.tables.filter((table) => `${table.schema}.${table.name}`.toLowerCase().includes(wanted));
  const pages = pagesOf(matching.length, tablesPerPage);
  const shown = Math.min(page, pages);
  return { rows: matching.slice((shown - 1) * tablesPerPage, shown * tablesPerPage), total: matching.length, page: shown, pages };
}
