import { Download, Printer } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { BreachesTable } from "@/components/history/breaches-table";
import { RecoveryCharts, TrendCharts } from "@/components/history/history-charts";
import { ProceduresTable } from "@/components/history/procedures-table";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar, FilterPill } from "@/components/ui/filter-pill";
import { PageHead } from "@/components/ui/page-head";
import { pageContext } from "@/lib/auth/page";
import { chooseDatabase, readHistory } from "@/lib/history/read";
import { defaultRange, historyExportHref, historyHref, HistoryParams, historyRanges, historyReportHref, rangeOf } from "@/lib/history/search-params";
import { daysBetween, rangeWords } from "@/lib/history/words";
import type { Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "History" };

const sub = "How much could have been lost, and how long it would have taken. Each target is drawn as it was on the day.";

export default async function HistoryPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = HistoryParams.parse(await searchParams);
  const { all, chosen } = await chooseDatabase(ctx, params.database);
  if (!chosen) {
    return (
      <Page crumbs={[{ label: "History" }]}>
        <PageHead title="History" sub={sub} />
        <EmptyState kind="nothing" title="No database is protected yet" action={<Button size="sm" asChild><Link href="/settings/databases">Choose a database</Link></Button>}>
          Once one is, what could have been lost is drawn here day by day, and how long each drill and restore took.
        </EmptyState>
      </Page>
    );
  }
  const history = await readHistory(ctx, chosen, params.range);
  const now = ctx.clock.now();
  const days = daysBetween(history.range);
  const tables = { shown: params.table, href: (table: HistoryParams["table"]) => historyHref(params, { table }) };
  const exported = { database: chosen.id, range: params.range };
  return (
    <Page crumbs={[{ label: "History" }]}>
      <PageHead
        title="History"
        sub={sub}
        actions={
          <>
            <Button asChild>
              <a href={historyExportHref(exported)} download>
                <Download size={16} strokeWidth={1.75} aria-hidden />
                CSV
              </a>
            </Button>
            <Button asChild>
              <Link href={historyReportHref(exported)}>
                <Printer size={16} strokeWidth={1.75} aria-hidden />
                Report
              </Link>
            </Button>
          </>
        }
      />
      <div className="mb-6">
        <FilterBar>
          <FilterPill label="Database" value={chosen.id} anyLabel={null} options={all.map(({ id, name }) => ({ value: id, label: name, href: historyHref(params, { database: id }) }))} clearHref={historyHref(params, { database: null })} />
          <FilterPill label="Range" value={params.range} anyLabel={null} quiet={params.range === defaultRange} options={historyRanges.map((range) => ({ value: range, label: daysBetween(rangeOf(range, now)), href: historyHref(params, { range }) }))} clearHref={historyHref(params, { range: defaultRange })} />
          <span className="ml-1.5 shrink-0 text-table text-ink-3">times in UTC</span>
        </FilterBar>
      </div>
      <RecoveryCharts history={history} days={days} tables={tables} />
      <BreachesTable breaches={history.breaches} days={rangeWords[params.range]} id="breaches" />
      <ProceduresTable procedures={history.procedures} now={history.range.to} id="procedures" />
      <TrendCharts history={history} days={days} tables={tables} />
    </Page>
  );
}
