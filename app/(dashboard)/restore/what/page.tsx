import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { RestorePath } from "@/components/restore/wizard-path";
import { ChosenFacts, ChosenNotices } from "@/components/restore/wizard-backup";
import { BackupGone } from "@/components/restore/wizard-gone";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { Page } from "@/components/shell/page";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { Columns } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { readChosen, sourceKey } from "@/lib/restore/read-choices";
import { fromHref, wizardHref, WizardParams } from "@/lib/restore/search-params";
import { href, type Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "What to restore" };

export default async function WhatPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = WizardParams.parse(await searchParams);
  const backup = await readChosen(ctx, params.backup);
  const crumbs = [{ label: "Restore", href: "/restore" }];
  if (!backup) {
    return (
      <Page crumbs={[...crumbs, { label: "What" }]}>
        <PageHead title="What to restore" />
        <BackupGone chosen={params.backup !== null} />
      </Page>
    );
  }
  const now = ctx.clock.now().toISOString();
  const may = isAllowedToRestore(ctx);
  const other = fromHref({ of: sourceKey(backup), q: null, page: 1 });
  return (
    <Page crumbs={[...crumbs, { label: backup.databaseName, href: other }, { label: "What" }]}>
      <PageHead
        title={`What to restore of ${backup.databaseName}, ${shortTime(backup.takenAt, now)} UTC`}
        sub="The whole database is the way after a loss. Some tables are the way when the rest has gone on and must stay."
        actions={
          <Button asChild>
            <Link href={other}>Back</Link>
          </Button>
        }
      />
      <RestorePath step="What" />
      <ChosenNotices backup={backup} />
      {may ? null : <MayNotRestore className="mb-6" />}
      <Columns>
        {backup.foreign ? (
          <Banner title="This file was not made by Holdfast." action={<TextLink href={`/restore/convert/${backup.id}`}>Convert it</TextLink>}>
            It is taken in first: loaded in a container without network, as a role that may do nothing else, and dumped again. The result is a backup that can be restored like any other.
          </Banner>
        ) : (
          <ul className="self-start overflow-clip rounded-panel border border-line">
            <Choice title="The whole database" action={may ? { label: "Restore all of it", href: wizardHref("to", params), primary: true } : null}>
              {backup.tables === null ? "Everything in the backup" : `All ${plural(backup.tables, "table")}`}, with views, functions, sequences and grants. Replaces the live database by a swap that can be undone, or goes beside it.
            </Choice>
            <Choice title="Some tables" action={may ? { label: "Choose tables", href: href("/restore/tables", { backup: backup.id }), primary: false } : null}>
              They are restored apart and compared with the live ones row by row; then you replace, insert what is missing, keep a copy beside, or export.
            </Choice>
          </ul>
        )}
        <ChosenFacts backup={backup} now={now} other={other} />
      </Columns>
    </Page>
  );
}

function Choice({ title, action, children }: { title: string; action: { label: string; href: string; primary: boolean } | null; children: ReactNode }) {
  return (
    <li className="flex items-center gap-6 border-b border-line px-[18px] py-4 last:border-b-0 max-sm:block">
      <div className="min-w-0">
        <h2>{title}</h2>
        <p className="mt-0.5 text-table text-ink-2">{children}</p>
      </div>
      {action ? (
        <Button variant={action.primary ? "primary" : "default"} asChild className="ml-auto max-sm:mt-3 max-sm:w-full">
          <Link href={action.href}>{action.label}</Link>
        </Button>
      ) : null}
    </li>
  );
}
