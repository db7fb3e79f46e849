import { FlaskConical } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { DrillDatabasesTable } from "@/components/drills/databases-table";
import { DrillsList } from "@/components/drills/drills-list";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { listDatabaseDrills, listDrills } from "@/lib/drill/list";
import { drillsSentence } from "@/lib/drill/sentence";
import { plural } from "@/lib/format/counts";
import { href, pageNumber, type Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { DisasterDrill } from "./disaster-drill";
import { DrillNow } from "./drill-now";

export const metadata: Metadata = { title: "Drills" };

export default async function DrillsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const page = pageNumber.parse((await searchParams)["page"]);
  const [databases, drills] = await Promise.all([listDatabaseDrills(ctx), listDrills(ctx, { page })]);
  const mayOperate = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "operator");
  const now = ctx.clock.now().toISOString();
  return (
    <Page crumbs={[{ label: "Drills" }]}>
      <PageHead title="Drills" sub={drillsSentence(databases)} actions={mayOperate && databases.length > 0 ? <DisasterDrill databases={databases.map(({ id, name, active }) => ({ id, name, isBusy: active !== null }))} /> : null} />
      {databases.length === 0 ? (
        <EmptyState kind="nothing" title="No database is protected yet" action={mayOperate ? <Button size="sm" asChild><Link href="/settings/databases">Choose a database</Link></Button> : null}>
          A drill restores a backup in a throwaway server and compares what comes back with what was backed up. Choose a database first.
        </EmptyState>
      ) : (
        <DrillDatabasesTable databases={databases} now={now} actions={mayOperate ? ({ name, newest, active }) => (active ? null : <DrillNow backupId={newest?.backupId ?? null} name={name} />) : null} />
      )}
      {databases.length > 0 || drills.total > 0 ? (
        <Section title="All drills" note={drills.total > 0 ? plural(drills.total, "drill") : null} id="all">
          {drills.rows.length > 0 ? (
            <>
              <DrillsList rows={drills.rows} now={now} withDatabase />
              {drills.pages > 1 ? <Pagination page={drills.page} pages={drills.pages} href={(to) => href("/drills", { page: to }, { page: 1 })} /> : null}
            </>
          ) : (
            <EmptyState kind="nothing" icon={<FlaskConical size={18} strokeWidth={1.75} aria-hidden />} title="No drill has run yet">
              A backup is proven once a drill restored it. It runs beside your databases, without network, and touches none of them.
            </EmptyState>
          )}
        </Section>
      ) : null}
    </Page>
  );
}
