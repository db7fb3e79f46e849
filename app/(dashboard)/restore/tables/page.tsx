import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { ChosenNotices } from "@/components/restore/wizard-backup";
import { BackupGone } from "@/components/restore/wizard-gone";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { Page } from "@/components/shell/page";
import { TablesPath } from "@/components/tables/path";
import { TableRestoreList } from "@/components/tables/restore-list";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { tablesPage } from "@/lib/backup/tables";
import { Manifest } from "@/lib/backup/schemas";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { shortTime } from "@/lib/format/times";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { readChosen } from "@/lib/restore/read-choices";
import { findByRun, listTableRestores } from "@/lib/tables/read";
import { ChooseParams, tablesHref } from "@/lib/tables/search-params";
import { href, type Query } from "@/lib/url/query";
import { ChooseTables } from "./choose-tables";

export const metadata: Metadata = { title: "Choose tables to restore" };

export default async function TablesPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = ChooseParams.parse(await searchParams);
  if (params.run !== null) {
    const id = await findByRun(ctx, params.run);
    if (id) redirect(tablesHref(id));
  }
  return params.backup === null ? <Earlier ctx={ctx} /> : <Choose ctx={ctx} params={params} backupId={params.backup} />;
}

/** Without a backup: what was restored of tables before, to go on with or to undo. */
async function Earlier({ ctx }: { ctx: Context }) {
  const rows = await listTableRestores(ctx, null);
  const now = ctx.clock.now().toISOString();
  return (
    <Page crumbs={[{ label: "Restore", href: "/restore" }, { label: "Tables" }]}>
      <PageHead
        title="Restored tables"
        sub="Rows from before a restore are kept for a while, so that it can be undone."
        actions={
          <Button asChild>
            <Link href="/restore">Choose a backup</Link>
          </Button>
        }
      />
      {rows.length > 0 ? (
        <TableRestoreList rows={rows} now={now} />
      ) : (
        <EmptyState
          kind="nothing"
          title="No tables were restored yet"
          action={
            <Button size="sm" asChild>
              <Link href="/restore">Choose a backup</Link>
            </Button>
          }
        >
          Choose a backup, then some of its tables. They are staged and compared with the live ones before anything is decided.
        </EmptyState>
      )}
    </Page>
  );
}

async function Choose({ ctx, params, backupId }: { ctx: Context; params: ChooseParams; backupId: string }) {
  const backup = await readChosen(ctx, backupId);
  const crumbs = [{ label: "Restore", href: "/restore" }];
  if (!backup) {
    return (
      <Page crumbs={[...crumbs, { label: "Tables" }]}>
        <PageHead title="Choose tables to restore" />
        <BackupGone chosen />
      </Page>
    );
  }
  const stored = await ctx.db.manifest.findUnique({ where: { backupId }, select: { content: true } });
  const manifest = readJson(Manifest, stored?.content ?? null);
  const now = ctx.clock.now().toISOString();
  const may = isAllowedToRestore(ctx);
  const what = href("/restore/what", { backup: backup.id });
  const earlier = backup.databaseId ? (await listTableRestores(ctx, backup.databaseId)).filter((row) => row.removedAt === null) : [];
  return (
    <Page crumbs={[...crumbs, { label: backup.databaseName, href: what }, { label: "Tables" }]}>
      <PageHead
        title={`Choose tables of ${backup.databaseName}, ${shortTime(backup.takenAt, now)} UTC`}
        sub="They are loaded beside the live tables and compared row by row. You decide what happens after you have seen the difference."
        actions={
          <Button asChild>
            <Link href={what}>Back</Link>
          </Button>
        }
      />
      <TablesPath step="Choose" />
      <ChosenNotices backup={backup} />
      {may ? null : <MayNotRestore className="mb-6" />}
      {backup.foreign || !manifest || backup.databaseId === null ? (
        <Unfit foreign={backup.foreign} backupId={backup.id} isKnown={manifest !== null} />
      ) : (
        <ChooseTables
          backup={{ id: backup.id, databaseId: backup.databaseId, databaseName: backup.databaseName }}
          list={tablesPage({ ...manifest, tables: manifest.tables.filter((table) => table.kind === "table") }, params)}
          names={manifest.tables.filter((table) => table.kind === "table" && table.excluded === "no").map(({ schema, name, sizeBytes }) => ({ schema, name, sizeBytes }))}
          params={{ backup: params.backup, q: params.q, page: params.page }}
          may={may}
        />
      )}
      {earlier.length > 0 ? (
        <Section id="earlier" title="Not over yet" note="staged, or still to be undone" end={<TextLink href="/restore/tables">All</TextLink>}>
          <TableRestoreList rows={earlier} now={now} />
        </Section>
      ) : null}
    </Page>
  );
}

/** Why single tables cannot be taken of this backup. */
function Unfit({ foreign, backupId, isKnown }: { foreign: boolean; backupId: string; isKnown: boolean }) {
  const open = <TextLink href={`/backups/${backupId}`}>Open the backup</TextLink>;
  if (foreign) return <Banner title="Single tables are restored from Holdfast&rsquo;s own backups only." action={open}>Convert this file first: it is loaded in a scratch container, and dumped again as a backup like any other.</Banner>;
  if (!isKnown) return <Banner title="Nothing says which tables this backup holds." action={open}>Its description is missing. Put the .json file back beside it and rescan the store, or restore the whole database.</Banner>;
  return <Banner title="This backup belongs to no registered database." action={<TextLink href="/settings/databases">Databases</TextLink>}>Register the database that its tables should be compared with, then rescan the store.</Banner>;
}
