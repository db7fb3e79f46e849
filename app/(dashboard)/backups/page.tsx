import type { Metadata } from "next";
import Link from "next/link";
import { BackupsFilters, filterWords } from "@/components/backups/backups-filters";
import { BackupsTable } from "@/components/backups/backups-table";
import { RunsWithoutBackup } from "@/components/backups/runs-without-backup";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { pageContext } from "@/lib/auth/page";
import { backupChoices } from "@/lib/backup/choices";
import { movesBack, storesOf } from "@/lib/backup/deletion";
import { type BackupRow, backupsPerPage, listBackups } from "@/lib/backup/list";
import { newestReadable, type ReadablePoint } from "@/lib/backup/newest-readable";
import { BackupsParams, backupsHref, clearHref } from "@/lib/backup/search-params";
import { summariseBackups } from "@/lib/backup/summary";
import { summarySentence } from "@/lib/backup/summary-sentence";
import type { Context } from "@/lib/context";
import { count } from "@/lib/format/counts";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { runsWithoutBackup } from "@/lib/runs/list";
import type { Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { BackUpNow } from "./back-up-now";
import { RescanStore } from "./rescan-store";
import { BackupRowActions } from "./row-actions";
import { UploadFile } from "./upload-file";

export const metadata: Metadata = { title: "Backups" };

export default async function BackupsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = BackupsParams.parse(await searchParams);
  const role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const mayOperate = atLeast(role, "operator");
  const [list, summary, without, choices, databases, stores] = await Promise.all([
    listBackups(ctx, params),
    summariseBackups(ctx),
    runsWithoutBackup(ctx, params.database),
    mayOperate ? backupChoices(ctx) : [],
    ctx.db.database.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } }),
    ctx.db.store.findMany({ where: { removedAt: null }, select: { id: true, name: true }, orderBy: { name: "asc" } }),
  ]);
  const newest = mayOperate ? await newestOf(ctx, list.rows) : new Map<string, ReadablePoint[]>();
  const now = ctx.clock.now().toISOString();
  const start = (size?: "sm") => (mayOperate && choices.length > 0 ? <BackUpNow choices={choices} preset={params.database} {...(size ? { size } : {})} /> : null);
  const named = (all: readonly { id: string; name: string }[], id: string | null) => all.find((one) => one.id === id)?.name ?? null;
  return (
    <Page crumbs={[{ label: "Backups" }]}>
      <PageHead
        title="Backups"
        sub={summarySentence(summary)}
        actions={
          <>
            {role === "admin" && stores.length > 0 ? <UploadFile stores={stores} /> : null}
            {mayOperate && stores.length > 0 ? <RescanStore stores={stores} /> : null}
            {start()}
          </>
        }
      />
      {summary.total === 0 ? (
        <NothingYet hasDatabases={databases.length > 0} mayOperate={mayOperate} action={start("sm")} />
      ) : (
        <>
          <BackupsFilters params={params} databases={databases} stores={stores} summary={shownOf(list)} />
          {list.rows.length === 0 ? (
            <EmptyState
              kind="filtered"
              title="No backup matches"
              action={
                <Button size="sm" asChild>
                  <Link href={clearHref(params) ?? "/backups"}>Clear filters</Link>
                </Button>
              }
            >
              {filterWords(params, { database: named(databases, params.database), store: named(stores, params.store) })}
            </EmptyState>
          ) : (
            <>
              <BackupsTable rows={list.rows} params={params} now={now} actions={mayOperate ? (row) => <BackupRowActions backup={actionsOf(row, newest)} mayDelete={role === "admin"} mayRestore={isAllowedToRestore(ctx)} /> : null} />
              {list.pages > 1 ? <Pagination page={list.page} pages={list.pages} href={(page) => backupsHref(params, { page })} /> : null}
            </>
          )}
        </>
      )}
      {summary.total > 0 || without.total > 0 ? <RunsWithoutBackup rows={without.rows} total={without.total} /> : null}
    </Page>
  );
}

function NothingYet({ hasDatabases, mayOperate, action }: { hasDatabases: boolean; mayOperate: boolean; action: React.ReactNode }) {
  if (!hasDatabases) {
    const settings = (
      <Button size="sm" asChild>
        <Link href="/settings/databases">Choose a database</Link>
      </Button>
    );
    return (
      <EmptyState kind="nothing" title="No database is protected yet" action={mayOperate ? settings : null}>
        Holdfast backs up PostgreSQL databases that run in Docker. Choose the first one, and its backups are listed here.
      </EmptyState>
    );
  }
  return (
    <EmptyState kind="nothing" title="No backups yet" action={action}>
      A backup is taken in one snapshot, read back byte by byte and decoded before it counts as readable. Files that lie in a store already are found by a rescan.
    </EmptyState>
  );
}

function shownOf({ rows, total, page }: { rows: readonly unknown[]; total: number; page: number }): string {
  if (total === 0) return "0 of 0";
  const first = (page - 1) * backupsPerPage + 1;
  return `${count(first)} to ${count(first + rows.length - 1)} of ${count(total)}`;
}

/** The newest readable backups of every database on this page. */
async function newestOf(ctx: Context, rows: readonly BackupRow[]): Promise<Map<string, ReadablePoint[]>> {
  const ids = [...new Set(rows.flatMap((row) => row.databaseId ?? []))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await newestReadable(ctx, id)] as const)));
}

function actionsOf(row: BackupRow, newest: ReadonlyMap<string, ReadablePoint[]>) {
  const { id, takenAt, databaseName, keep, legalHold, foreign, sizeBytes, rows } = row;
  const deletion = { databaseName, sizeBytes, rows, ...storesOf(row), movesBack: movesBack(id, newest.get(row.databaseId ?? "") ?? []) };
  return { id, takenAt, databaseName, keep, legalHold, foreign, present: row.copies.some((copy) => !copy.missing), deletion };
}
