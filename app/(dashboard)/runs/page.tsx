import type { Metadata } from "next";
import Link from "next/link";
import { RunsTable } from "@/components/runs/runs-table";
import { Page } from "@/components/shell/page";
import { runStatusWord } from "@/components/status/run-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar, FilterPill } from "@/components/ui/filter-pill";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { pageContext } from "@/lib/auth/page";
import { count, plural } from "@/lib/format/counts";
import { listRuns, runsPerPage } from "@/lib/runs/list";
import { type RunKind, runKinds, runStatuses } from "@/lib/runs/schemas";
import { clearRunsHref, RunsParams, runsHref } from "@/lib/runs/search-params";
import { runKindWords } from "@/lib/runs/words";
import type { Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "Runs" };

/** Questions to the worker are runs too, but nobody looks for them in a list. */
const unlisted: readonly RunKind[] = ["discover", "check_database", "check_application", "check_store", "plan_restore", "start_container", "plan_tables", "export_table", "inspect_foreign", "query_look", "close_look"];
const listedKinds = runKinds.filter((kind) => !unlisted.includes(kind));

export default async function RunsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = RunsParams.parse(await searchParams);
  const [list, active, databases] = await Promise.all([
    listRuns(ctx, params),
    ctx.db.run.count({ where: { status: { in: ["queued", "running"] }, interactive: false } }),
    ctx.db.database.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } }),
  ]);
  const first = (list.page - 1) * runsPerPage + 1;
  const clear = clearRunsHref(params);
  return (
    <Page crumbs={[{ label: "Runs" }]}>
      <PageHead title="Runs" sub={active === 0 ? "Nothing is running. Everything Holdfast did, and how it ended." : `${plural(active, "run")} ${active === 1 ? "is" : "are"} under way or waiting. Everything Holdfast did, and how it ended.`} />
      {list.total === 0 && !clear ? (
        <EmptyState kind="nothing" title="Nothing has run yet">
          The first backup appears here the moment it is asked for.
        </EmptyState>
      ) : (
        <>
          <FilterBar clearHref={clear} summary={list.total === 0 ? "0 of 0" : `${count(first)} to ${count(first + list.rows.length - 1)} of ${count(list.total)}`}>
            <FilterPill label="State" value={params.status} options={runStatuses.map((value) => ({ value, label: runStatusWord(value), href: runsHref(params, { status: value }) }))} clearHref={runsHref(params, { status: null })} />
            <FilterPill label="Kind" value={params.kind} options={listedKinds.map((value) => ({ value, label: runKindWords[value], href: runsHref(params, { kind: value }) }))} clearHref={runsHref(params, { kind: null })} />
            <FilterPill label="Database" value={params.database} options={databases.map((one) => ({ value: one.id, label: one.name, href: runsHref(params, { database: one.id }) }))} clearHref={runsHref(params, { database: null })} />
          </FilterBar>
          {list.rows.length === 0 ? (
            <EmptyState
              kind="filtered"
              title="No run matches"
              action={
                <Button size="sm" asChild>
                  <Link href={clear ?? "/runs"}>Clear filters</Link>
                </Button>
              }
            >
              No run has this state, kind and database.
            </EmptyState>
          ) : (
            <>
              <RunsTable rows={list.rows} now={ctx.clock.now().toISOString()} />
              {list.pages > 1 ? <Pagination page={list.page} pages={list.pages} href={(page) => runsHref(params, { page })} /> : null}
            </>
          )}
        </>
      )}
    </Page>
  );
}
