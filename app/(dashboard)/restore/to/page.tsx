import type { Metadata } from "next";
import Link from "next/link";
import { RestorePath } from "@/components/restore/wizard-path";
import { ChosenFacts, ChosenNotices } from "@/components/restore/wizard-backup";
import { BackupGone } from "@/components/restore/wizard-gone";
import { MayNotRestore } from "@/components/restore/wizard-refusal";
import { WizardTo } from "@/components/restore/wizard-to";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Columns } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { shortTime } from "@/lib/format/times";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { readChosen, sourceKey } from "@/lib/restore/read-choices";
import { readTargets, targetOf } from "@/lib/restore/read-targets";
import { fromHref, WizardParams } from "@/lib/restore/search-params";
import type { Query } from "@/lib/url/query";

export const metadata: Metadata = { title: "Where to restore to" };

export default async function ToPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const params = WizardParams.parse(await searchParams);
  const [backup, targets] = await Promise.all([readChosen(ctx, params.backup), readTargets(ctx)]);
  const crumbs = [{ label: "Restore", href: "/restore" }];
  if (!backup) {
    return (
      <Page crumbs={[...crumbs, { label: "To" }]}>
        <PageHead title="Where to restore to" />
        <BackupGone chosen={params.backup !== null} />
      </Page>
    );
  }
  const now = ctx.clock.now().toISOString();
  const other = fromHref({ of: sourceKey(backup), q: null, page: 1 });
  return (
    <Page crumbs={[...crumbs, { label: backup.databaseName, href: other }, { label: "To" }]}>
      <PageHead title={`Where ${backup.databaseName} from ${shortTime(backup.takenAt, now)} UTC goes`} sub="Replacing goes through a copy that is compared first, and can be undone." />
      <RestorePath step="To" />
      <ChosenNotices backup={backup} />
      <Columns>
        {!isAllowedToRestore(ctx) ? (
          <MayNotRestore className="self-start" />
        ) : targets.length === 0 ? (
          <EmptyState
            kind="nothing"
            title="There is no server to restore to"
            action={
              <Button size="sm" asChild>
                <Link href="/settings/databases/new">Add a database</Link>
              </Button>
            }
          >
            Register a database of the server that this backup should go to. Without Holdfast, the commands on the backup&apos;s page restore it anywhere.
          </EmptyState>
        ) : (
          <WizardTo key={backup.id} params={params} backup={{ databaseName: backup.databaseName, takenAt: backup.takenAt }} targets={targets} ownId={targetOf(targets, null, backup.databaseId)?.id ?? null} />
        )}
        <ChosenFacts backup={backup} now={now} other={other} />
      </Columns>
    </Page>
  );
}
