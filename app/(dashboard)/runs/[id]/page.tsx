import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { Page } from "@/components/shell/page";
import { runStatusWord } from "@/components/status/run-status";
import { Banner } from "@/components/ui/banner";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { findDrillOfRun } from "@/lib/drill/read";
import { AppError } from "@/lib/errors";
import { count } from "@/lib/format/counts";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { readRestoreOfRun } from "@/lib/restore/read-result";
import { isOver, type RestoreView } from "@/lib/restore/result";
import { resultTitle } from "@/lib/restore/result-words";
import { readRun } from "@/lib/runs/read";
import { isActive, type RunStatus } from "@/lib/runs/schemas";
import { pageNumber, type Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { LiveRun } from "./live-run";
import { RestoreAside } from "./restore-aside";
import { RestoreResult } from "./restore-result";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

/** Once for the title and the page. */
const find = cache(async (text: string, wholeLog: boolean) => {
  const ctx = await pageContext();
  const id = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  try {
    const view = await readRun(ctx, { id, log: wholeLog ? "all" : undefined });
    const isDrill = view.kind === "drill" || view.kind === "disaster_drill";
    return { ctx, view, restore: view.restore ? await readRestoreOfRun(ctx, id) : null, drill: isDrill ? await findDrillOfRun(ctx, id) : null };
  } catch (error) {
    if (error instanceof AppError && error.kind === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { view, restore } = await find((await params).id, (await searchParams)["log"] === "all");
  if (restore && isResult(view.id, view.status, restore)) return { title: resultTitle(restore) };
  return { title: `${runStatusWord(view.status)} · ${view.title}` };
}

/** The run that restored, with its data in place: its page is the result. */
function isResult(runId: number, status: RunStatus, restore: RestoreView): boolean {
  return restore.runId === runId && !isActive(status) && isOver(restore);
}

export default async function RunPage({ params, searchParams }: Props) {
  const query = await searchParams;
  const wholeLog = query["log"] === "all";
  const { ctx, view, restore, drill } = await find((await params).id, wholeLog);
  const mayOperate = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "operator");
  const mayRestore = isAllowedToRestore(ctx);
  const crumbs = restore ? [{ label: "Restore", href: "/restore" }, { label: restore.database.name, href: `/runs?database=${restore.database.id}` }] : [{ label: "Runs", href: "/runs" }];
  return (
    <Page crumbs={[...crumbs, { label: restore ? `Run ${count(view.id)}` : count(view.id) }]}>
      {restore && isResult(view.id, view.status, restore) ? (
        <RestoreResult view={view} restore={restore} mayRestore={mayRestore} wholeLog={wholeLog} page={pageNumber.parse(query["page"])} />
      ) : (
        <LiveRun key={view.id} initial={view} wholeLog={wholeLog} mayOperate={restore ? mayRestore : mayOperate} next={restore ? <RestoreAside view={view} restore={restore} mayRestore={mayRestore} /> : drill ? <DrillNext drillId={drill.drillId} /> : null} />
      )}
    </Page>
  );
}

/** What the drill asked and what it got stands on a page of its own. */
function DrillNext({ drillId }: { drillId: string }) {
  return (
    <Banner title="The drill is over." action={<TextLink href={`/drills/${drillId}`}>Open the drill</TextLink>}>
      Each check with what was expected and what came back, the time by phase, and that nothing is left of it.
    </Banner>
  );
}
