import { count } from "@/lib/format/counts";
import { isThere, notThere } from "@/lib/restore/plan-rows";
import type { PlanRow } from "@/lib/restore/schemas";

/** A table's rows at one of the two times: a count, words where the table is not there, an em dash where nobody counted. */
export function RowCount({ row, when }: { row: PlanRow; when: "now" | "after" }) {
  if (!isThere(row, when)) return <span className="text-ink-3">{notThere}</span>;
  return row[when] === null ? <span title="Not counted">{count(null)}</span> : count(row[when]);
}
