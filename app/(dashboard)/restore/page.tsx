import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RestorePath } from "@/components/restore/wizard-path";
import { OngoingRestores } from "@/components/restore/wizard-ongoing";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { WizardBackups } from "@/components/restore/wizard-backups";
import { WizardSources } from "@/components/restore/wizard-sources";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { pageContext } from "@/lib/auth/page";
import type { Context } from "@/lib/context";
import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { listSourceBackups, readSource, readSources } from "@/lib/restore/read-choices";
import { readOngoing } from "@/lib/restore/read-ongoing";
import { FromParams, fromHref, wizardHref, WizardParams } from "@/lib/restore/search-params";
import type { Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "Restore" };

const blank = WizardParams.parse({});
/** From a chosen backup to the next step. */
const next = (backup: string) => wizardHref("what", blank, { backup });

export default async function RestorePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = FromParams.parse(await searchParams);
  const may = isAllowedToRestore(ctx);
  return params.of === null ? <Sources ctx={ctx} params={params} may={may} /> : <OneSource ctx={ctx} params={params} of={params.of} may={may} />;
}

interface Props {
  ctx: Context;
  params: FromParams;
  may: boolean;
}

async function Sources({ ctx, params, may }: Props) {
  const [list, ongoing] = await Promise.all([readSources(ctx, params), readOngoing(ctx)]);
  const now = ctx.clock.now().toISOString();
  const isEmpty = list.total === 0 && params.q === null;
  return (
    <Page crumbs={[{ label: "Restore" }]}>
      <PageHead title="Restore" sub="Choose what to go back to. Nothing live is touched before the restored copy was compared, and you have confirmed." />
      <RestorePath step="From" />
      {may ? null : <MayNotRestore className="mb-6" />}
      {isEmpty ? (
        <EmptyState
          kind="nothing"
          title="There is nothing to restore from yet"
          action={
            <Button size="sm" asChild>
              <Link href="/settings/databases">Choose a database</Link>
            </Button>
          }
        >
          Protect a database and take its first backup. Files that lie in a store already are found by a rescan, on the page Backups.
        </EmptyState>
      ) : (
        <>
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
            <span className="text-table text-ink-3">{plural(list.total, "database")}</span>
            <SearchInput action="/restore" value={params.q} placeholder="Search databases" />
          </div>
          {list.sources.length === 0 ? (
            <EmptyState
              kind="filtered"
              title="No database matches"
              action={
                <Button size="sm" asChild>
                  <Link href="/restore">Clear search</Link>
                </Button>
              }
            >
              {`No name has \u201c${params.q ?? ""}\u201d in it.`}
            </EmptyState>
          ) : (
            <WizardSources sources={list.sources} now={now} next={may ? next : null} />
          )}
          {list.pages > 1 ? <Pagination page={list.page} pages={list.pages} href={(page) => fromHref(params, { page })} /> : null}
        </>
      )}
      <OngoingRestores restores={ongoing} now={now} />
    </Page>
  );
}

async function OneSource({ ctx, params, of, may }: Props & { of: string }) {
  const source = await readSource(ctx, of);
  if (!source) notFound();
  const list = await listSourceBackups(ctx, of, params);
  const now = ctx.clock.now().toISOString();
  const { backup, why, isProven } = source.recommendation;
  return (
    <Page crumbs={[{ label: "Restore", href: "/restore" }, { label: source.name }]}>
      <PageHead
        title={`Restore ${source.name}`}
        sub={isProven || backup === null || backup.foreign ? why : `${why} Restoring it is possible; whether it holds is found out on the way, before anything live is touched.`}
        actions={
          <>
            <Button asChild>
              <Link href="/restore">Back</Link>
            </Button>
            {backup && !backup.foreign && may ? (
              <Button variant="primary" asChild>
                <Link href={next(backup.id)}>Take {shortTime(backup.takenAt, now)}</Link>
              </Button>
            ) : null}
          </>
        }
      />
      <RestorePath step="From" />
      {may ? null : <MayNotRestore className="mb-6" />}
      {source.total === 0 ? (
        <EmptyState
          kind="nothing"
          title="No backups yet"
          action={
            <Button size="sm" asChild>
              <Link href={`/backups?database=${encodeURIComponent(source.key)}`}>Back up now</Link>
            </Button>
          }
        >
          {why}
        </EmptyState>
      ) : (
        <>
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
            <span className="text-table text-ink-3">{plural(list.total, "backup")}</span>
            <SearchInput action="/restore" value={params.q} placeholder="Search labels and notes" keep={{ of }} />
          </div>
          {list.rows.length === 0 ? (
            <EmptyState
              kind="filtered"
              title="No backup matches"
              action={
                <Button size="sm" asChild>
                  <Link href={fromHref(params, { q: null })}>Clear search</Link>
                </Button>
              }
            >
              {`No label or note has \u201c${params.q ?? ""}\u201d in it.`}
            </EmptyState>
          ) : (
            <WizardBackups rows={list.rows} recommendedId={backup?.id ?? null} now={now} next={may ? next : null} />
          )}
          {list.pages > 1 ? <Pagination page={list.page} pages={list.pages} href={(page) => fromHref(params, { page })} /> : null}
        </>
      )}
    </Page>
  );
}
