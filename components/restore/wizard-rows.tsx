import { Cell, Column, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { RowCount } from "@/components/restore/row-count";
import { Time } from "@/components/time/time";
import { cn } from "@/components/ui/cn";
import { ObjectName } from "@/components/ui/object-name";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { count, plural, signed } from "@/lib/format/counts";
import { planRowsPage, planRowsPerPage, planTotals, type RowsSentence, tableName, tablesWords } from "@/lib/restore/plan-rows";
import { effectOf } from "@/lib/restore/review-words";
import type { PlanRow, RestoreEvidence, RestorePlan } from "@/lib/restore/schemas";
import { wizardHref, type WizardParams } from "@/lib/restore/search-params";
import { href } from "@/lib/url/query";

/** Rows of each table as they are and as they will be, those that differ most first, and one sentence that counts. */
export function PlanRows({ plan, evidence, sentence, params }: { plan: RestorePlan; evidence: RestoreEvidence; sentence: RowsSentence; params: WizardParams }) {
  const { rows } = plan;
  const effect = effectOf(plan, evidence);
  const replaces = effect === "replaces";
  const title = { replaces: "Rows now, rows after", creates: "Rows in the new database", unknown: "Rows in the backup" }[effect];
  if (rows === null) {
    return (
      <Section first id="rows" title={title}>
        <p className="text-table text-ink-2">
          {evidence.backup.tables === null
            ? "Not known: the backup has no description that says what it must contain. What was restored is counted, and nothing can be compared with it."
            : effect === "unknown"
              ? "Not compared: the server could not be asked what it has now."
              : "Not known: the live database could not be counted."}
        </p>
      </Section>
    );
  }
  const shown = planRowsPage(rows, params);
  const totals = planTotals(rows);
  const address = new URL(wizardHref("review", params, { q: null, page: 1 }), "http://here");
  return (
    <Section
      first
      id="rows"
      title={title}
      note={replaces ? <>counted <Time at={plan.computedAt} format="time" /> UTC, differences are net</> : effect === "unknown" ? "what is live could not be counted" : "as the backup's manifest counts them"}
      end={rows.length > planRowsPerPage || params.q ? <SearchInput action="/restore/review" value={params.q} placeholder="Search tables" keep={Object.fromEntries(address.searchParams)} /> : null}
    >
      {shown.rows.length === 0 ? (
        <p className="text-table text-ink-2">{params.q ? `No table has \u201c${params.q}\u201d in its name.` : "There are no tables in the backup."}</p>
      ) : (
        <Table caption={title} rows="dense">
          <TableHead>
            <Column>Table</Column>
            {replaces ? <Column numeric>Now</Column> : null}
            <Column numeric>{replaces ? "After" : "Rows"}</Column>
            {replaces ? <Column numeric className="w-[120px]">Difference</Column> : null}
          </TableHead>
          <TableBody>
            {shown.rows.map((row) => (
              <Row key={tableName(row)} row={row} replaces={replaces} />
            ))}
          </TableBody>
          <TableFoot>
            <Cell>{replaces ? tablesWords(rows) : plural(rows.length, "table")}</Cell>
            {replaces ? <Cell numeric label="Now">{totals.now === null ? "not all counted" : count(totals.now)}</Cell> : null}
            <Cell numeric label={replaces ? "After" : "Rows"}>{totals.after === null ? "not all counted" : count(totals.after)}</Cell>
            {replaces ? <Cell numeric label="Difference">{signed(totals.difference)}</Cell> : null}
          </TableFoot>
        </Table>
      )}
      {shown.pages > 1 ? <Pagination page={shown.page} pages={shown.pages} href={(page) => wizardHref("review", params, { page })} /> : null}
      {replaces ? (
        <p className="mt-3 text-table text-ink-2">
          <span className="font-medium text-ink">{sentence.lead}</span>
          {sentence.rest}{" "}
          <TextLink href={href("/restore/tables", { backup: params.backup })}>Look at them</TextLink>
        </p>
      ) : null}
    </Section>
  );
}

function Row({ row, replaces }: { row: PlanRow; replaces: boolean }) {
  return (
    <TableRow className={cn("max-sm:gap-y-1! max-sm:py-2.5!", replaces ? "max-sm:grid-cols-3!" : "max-sm:grid-cols-[1fr_auto]!")}>
      <Cell {...(replaces ? { phone: "full" } : {})}>
        <ObjectName name={tableName(row)} />
      </Cell>
      {replaces ? <Cell numeric label="Now"><RowCount row={row} when="now" /></Cell> : null}
      <Cell numeric {...(replaces ? { label: "After" } : {})}><RowCount row={row} when="after" /></Cell>
      {replaces ? (
        <Cell numeric label="Difference" className={row.difference ? "font-medium" : "text-ink-3"}>
          {signed(row.difference)}
        </Cell>
      ) : null}
    </TableRow>
  );
}
