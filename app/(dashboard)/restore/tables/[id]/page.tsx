import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { Page } from "@/components/shell/page";
import { TablesPath } from "@/components/tables/path";
import { AppliedResult } from "@/components/tables/result";
import { RunProblem } from "@/components/tables/run-problem";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { FactRow, PageHead } from "@/components/ui/page-head";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { readRun } from "@/lib/runs/read";
import { isActive } from "@/lib/runs/schemas";
import { readTableRestore, type TableRestoreView } from "@/lib/tables/read";
import { stateWords, tablesPhrase } from "@/lib/tables/words";
import { href } from "@/lib/url/query";
import { DecideTables } from "./decide-tables";
import { DropKept, UndoTables } from "./kept-actions";
import { LiveStaging } from "./live-staging";

interface Props {
  params: Promise<{ id: string }>;
}

/** Once for the title and the page. */
const find = cache(async (id: string) => {
  const ctx = await pageContext();
  return { ctx, view: await readTableRestore(ctx, id) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view } = await find((await params).id);
  return { title: view ? `${stateWords(view)} · ${tablesPhrase(tablesOf(view))}` : "Not found" };
}

export default async function TableRestorePage({ params }: Props) {
  const { ctx, view } = await find((await params).id);
  if (!view) notFound();
  const may = isAllowedToRestore(ctx);
  const now = ctx.clock.now().toISOString();
  const run = isActive(view.run.status) ? await readRun(ctx, { id: view.run.id }) : null;
  const again = href("/restore/tables", { backup: view.backup.id });
  return (
    <Page crumbs={[{ label: "Restore", href: "/restore" }, { label: view.database.name, href: again }, { label: tablesPhrase(tablesOf(view)) }]}>
      <PageHead
        title={titleOf(view)}
        sub={
          <FactRow>
            <span>{plural(tablesOf(view).length, "table")} of {view.database.name}</span>
            <span>
              from the backup of{" "}
              <TextLink href={`/backups/${view.backup.id}`}>
                <Time at={view.backup.takenAt} format="full" />
              </TextLink>
            </span>
            <span>
              <TextLink href={`/runs/${view.run.id}`}>Run {view.run.id}</TextLink>
            </span>
          </FactRow>
        }
        actions={
          run ? null : (
            <Button asChild>
              <Link href={again}>Choose other tables</Link>
            </Button>
          )
        }
      />
      {run ? (
        <>
          <TablesPath step={view.run.kind === "stage_tables" ? "Stage" : "Result"} />
          <LiveStaging initial={run} mayCancel={may} />
        </>
      ) : (
        <Settled view={view} now={now} may={may} />
      )}
    </Page>
  );
}

/** What the page is about: once rows were put in place, only the tables they were put into. */
function tablesOf(view: TableRestoreView) {
  return view.applied?.tables ?? view.tables;
}

function titleOf(view: TableRestoreView): string {
  const what = tablesPhrase(tablesOf(view));
  switch (view.state) {
    case "staging":
      return `Staging ${what}`;
    case "staged":
      return view.removedAt ? `${what}: staged, then removed` : `Backup and live: ${what}`;
    case "applying":
      return `Putting rows of ${what} in place`;
    case "applied":
      return `${what}: restored`;
    case "undoing":
      return `Undoing ${what}`;
    case "undone":
      return `${what}: the restore was undone`;
    case "dropped":
      return `${what}: staged, then removed`;
    case "failed":
      return `${what}: came to nothing`;
  }
}

/** Nothing runs at this moment: decide, look at what was done, or see why there is nothing. */
function Settled({ view, now, may }: { view: TableRestoreView; now: string; may: boolean }) {
  const { state, comparison, applied, removedAt, isElsewhere } = view;
  if (state === "staging" || state === "applying" || state === "undoing") {
    return <Banner title="Its run is over, and how it ended is being found out.">Either all of it happened or nothing did. The worker asks the database itself; look again in a moment.</Banner>;
  }
  if (applied && (state === "applied" || state === "undone")) {
    const canUndo = state === "applied" && removedAt === null;
    const mayAct = may && !isElsewhere;
    return (
      <>
        <TablesPath step="Result" />
        <RunProblem run={view.run} what={view.run.kind === "drop_tables" ? "The kept rows were not removed." : "Nothing was undone."} />
        <AppliedResult
          view={view}
          applied={applied}
          now={now}
          actions={
            mayAct && canUndo ? (
              <>
                <UndoTables view={view} applied={applied} conflict={view.run.error?.code === "tables.undo_conflict" ? view.run.error.message : null} />
                <DropKept id={view.id} wasApplied />
              </>
            ) : mayAct && removedAt === null ? (
              <DropKept id={view.id} wasApplied={false} />
            ) : null
          }
        />
      </>
    );
  }
  if (state === "staged" && isElsewhere && removedAt === null) {
    return <Banner title="The staged rows are not in the live database any more.">A restore replaced the database that they lie in. They go with it, or are back when that restore is undone. Stage the tables again.</Banner>;
  }
  if (state === "staged" && comparison && removedAt === null) {
    return (
      <>
        <TablesPath step="Compare" />
        {may ? null : <MayNotRestore className="mb-6" />}
        <RunProblem run={view.run} what="The live tables are as they were, and the staged rows are still here." />
        {view.keptUntil ? (
          <Banner className="mb-6" title={`Staged rows wait until ${shortTime(view.keptUntil, now)} UTC.`} action={may ? <DropKept id={view.id} wasApplied={false} /> : null}>
            They lie in a schema of their own inside {view.database.databaseName} and are in no backup. Then they are removed by themselves.
          </Banner>
        ) : null}
        {may ? <DecideTables id={view.id} databaseName={view.database.databaseName} comparison={comparison} takenAt={view.backup.takenAt} /> : null}
      </>
    );
  }
  return (
    <>
      <RunProblem run={view.run} what="No live table was touched." />
      {state === "failed" && view.run.error ? null : <Banner title="Nothing of it is kept any more.">{state === "dropped" || removedAt ? "The staged rows were removed; the live tables were not touched by that." : "Stage the tables again."}</Banner>}
    </>
  );
}
