import { Cell, Column, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { RowCount } from "@/components/restore/row-count";
import { ObjectName } from "@/components/ui/object-name";
import { Pagination } from "@/components/ui/pagination";
import { Section } from "@/components/ui/section";
import { count, plural, signed } from "@/lib/format/counts";
import { byDifference, differenceOf, planRowsPage, planTotals, tableName, tablesWords } from "@/lib/restore/plan-rows";
import type { RestoreView } from "@/lib/restore/result";
import { comparedWords } from "@/lib/restore/result-words";
import type { PlanRow } from "@/lib/restore/schemas";

/** Each table's rows before and after, those that differ most first; a page of them at a time. */
export function ResultRows({ view, page }: { view: RestoreView; page: number }) {
  const rows = (view.outcome?.rows ?? []).map(({ schema, name, before: now, after, only }): PlanRow => ({ schema, name, now, after, difference: differenceOf({ now, after, only }), only }));
  const sorted = rows.sort(byDifference);
  const shown = planRowsPage(sorted, { q: null, page });
  const totals = planTotals(sorted);
  const isBeside = view.method === "beside";
  if (sorted.length === 0) {
    return (
      <Section first id="rows" title={isBeside ? "Rows" : "Rows before, rows after"}>
        <p className="text-table text-ink-2">Nothing was counted: {comparedWords(view)}.</p>
      </Section>
    );
  }
  return (
    <Section first id="rows" title={isBeside ? "Rows in it" : "Rows before, rows after"} note={comparedWords(view)}>
      <Table caption={isBeside ? "Rows of each table" : "Rows of each table before and after the restore"} rows="dense">
        <TableHead>
          <Column>Table</Column>
          {isBeside ? null : <Column numeric>Before</Column>}
          <Column numeric>{isBeside ? "Rows" : "After"}</Column>
          {isBeside ? null : <Column numeric className="w-[120px]">Difference</Column>}
        </TableHead>
        <TableBody>
          {shown.rows.map((row) => (
            <TableRow key={tableName(row)} className="max-sm:grid-cols-3! max-sm:gap-y-1! max-sm:py-2.5!">
              <Cell phone="full">
                <ObjectName name={tableName(row)} />
              </Cell>
              {isBeside ? null : <Cell numeric label="Before"><RowCount row={row} when="now" /></Cell>}
              <Cell numeric label={isBeside ? "Rows" : "After"}><RowCount row={row} when="after" /></Cell>
              {isBeside ? null : (
                <Cell numeric label="Difference">
                  <span className={row.difference ? "font-medium" : "text-ink-3"}>{signed(row.difference)}</span>
                </Cell>
              )}
            </TableRow>
          ))}
        </TableBody>
        <TableFoot>
          <Cell>{isBeside ? plural(sorted.length, "table") : tablesWords(sorted)}</Cell>
          {isBeside ? null : <Cell numeric label="Before">{count(totals.now)}</Cell>}
          <Cell numeric label={isBeside ? "Rows" : "After"}>{count(totals.after)}</Cell>
          {isBeside ? null : <Cell numeric label="Difference">{signed(totals.difference)}</Cell>}
        </TableFoot>
      </Table>
      {shown.pages > 1 ? <Pagination page={shown.page} pages={shown.pages} href={(to) => `/runs/${view.runId}?page=${to}#rows`} /> : null}
      {view.outcome && view.outcome.compared.notCompared.length > 0 ? <p className="mt-3 text-caption text-ink-2">Not compared: {view.outcome.compared.notCompared.join(" ")}</p> : null}
      {isBeside ? null : <p className="mt-3 text-caption text-ink-3">Differences are net: rows that were changed, or removed and added, in equal numbers do not show.</p>}
    </Section>
  );
}
