import { Page } from "@/components/shell/page";
import { Time } from "@/components/time/time";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { TextLink } from "@/components/ui/text-link";
import type { DeletedBackup } from "@/lib/backup/read";
import { fullTime, shortTime } from "@/lib/format/times";

/** The place of a backup that was deleted: that it existed, and where it went. */
export function Deleted({ backup }: { backup: DeletedBackup }) {
  const { databaseName, takenAt, deletedAt, by, runId } = backup;
  return (
    <Page crumbs={[{ label: "Backups", href: "/backups" }, { label: `${databaseName}, ${shortTime(takenAt)}` }]}>
      <PageHead title={`${databaseName}, ${fullTime(takenAt)}`} />
      <EmptyState kind="nothing" title="This backup was deleted" action={<TextLink href="/backups">All backups</TextLink>}>
        {by ?? "Somebody"} deleted it on <Time at={deletedAt} format="full" />
        {runId === null ? null : (
          <>
            , in <TextLink href={`/runs/${runId}`}>run {runId}</TextLink>
          </>
        )}
        . Its file, its roles and its description are gone from the store; the audit log keeps that it existed.
      </EmptyState>
    </Page>
  );
}
