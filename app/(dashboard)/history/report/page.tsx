import type { Metadata } from "next";
import Link from "next/link";
import { BreachesTable } from "@/components/history/breaches-table";
import { RecoveryCharts, TrendCharts } from "@/components/history/history-charts";
import { ProceduresTable } from "@/components/history/procedures-table";
import { PrintButton } from "@/components/history/print-button";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { pageContext } from "@/lib/auth/page";
import { env } from "@/lib/env";
import { fullTime } from "@/lib/format/times";
import { chooseDatabase, readHistory } from "@/lib/history/read";
import { historyHref, HistoryExportParams } from "@/lib/history/search-params";
import { daysBetween, rangeWords } from "@/lib/history/words";
import type { Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "Recovery report" };

export default async function HistoryReportPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = HistoryExportParams.parse(await searchParams);
  const { chosen } = await chooseDatabase(ctx, params.database);
  const crumbs = [{ label: "History", href: historyHref({ ...params, table: null }, {}) }, { label: "Report" }];
  if (!chosen) {
    return (
      <Page crumbs={crumbs}>
        <PageHead title="Recovery report" />
        <EmptyState kind="nothing" title="No database is protected yet" action={<Button size="sm" asChild><Link href="/settings/databases">Choose a database</Link></Button>}>
          There is nothing to report on.
        </EmptyState>
      </Page>
    );
  }
  const history = await readHistory(ctx, chosen, params.range);
  const days = daysBetween(history.range);
  return (
    <Page crumbs={crumbs}>
      <PageHead
        title={`Recovery of ${chosen.name}, ${days}`}
        sub={`${env.installationName}. Drawn up ${fullTime(history.range.to)} by ${ctx.actor.name} from the record of Holdfast. All times in UTC; each target is the one of its day.`}
        actions={<div className="print:hidden"><PrintButton /></div>}
      />
      <div className="printed">
        <ProceduresTable procedures={history.procedures} now={history.range.to} id="procedures" />
        <div className="mt-10"><RecoveryCharts history={history} days={days} tables={null} /></div>
        <BreachesTable breaches={history.breaches} days={rangeWords[params.range]} id="breaches" />
        <TrendCharts history={history} days={days} tables={null} />
      </div>
    </Page>
  );
}
