import { z } from "zod";
import { href, pageNumber, text } from "@/lib/url/query";

/** The address of the page on which tables are chosen; without a backup it lists what was restored before. */
export const ChooseParams = z.object({
  backup: text(100),
  q: text(200),
  page: pageNumber,
  /** A run: leads to the restore that it belongs to. */
  run: z.preprocess((value) => (value === undefined || value === "" ? null : value), z.coerce.number().int().positive().nullable()).catch(null),
});
export type ChooseParams = z.output<typeof ChooseParams>;

export function chooseHref(params: Pick<ChooseParams, "backup" | "q" | "page">, change: Partial<Pick<ChooseParams, "q" | "page">> = {}): string {
  return href("/restore/tables", { backup: params.backup, q: params.q, page: 1, ...change }, { page: 1 });
}

/** The page of one restore of tables, whatever it is at. */
export function tablesHref(id: string): string {
  return `/restore/tables/${id}`;
}
