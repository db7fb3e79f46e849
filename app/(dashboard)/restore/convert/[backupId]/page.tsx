import type { Metadata } from "next";
import Link from "next/link";
import { FileFacts } from "@/components/convert/file-facts";
import { Page } from "@/components/shell/page";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Columns, Section } from "@/components/ui/section";
import { guardedPage } from "@/lib/auth/page";
import { readConvertTargets, readForeignView, type ForeignView } from "@/lib/convert/read";
import { AppError } from "@/lib/errors";
import { shortTime } from "@/lib/format/times";
import { href } from "@/lib/url/query";
import { ConvertFile } from "./convert-file";

export const metadata: Metadata = { title: "Convert a file" };

const crumbs = [{ label: "Restore", href: "/restore" }, { label: "Convert a file" }];

export default async function ConvertPage({ params }: { params: Promise<{ backupId: string }> }) {
  const page = await guardedPage({ role: "admin", attempt: "backup.convert" });
  if (!page.ok) return <Refused title={page.error.message} hint={page.error.hint} />;
  const { backupId } = await params;
  const found = await readForeignView(page.ctx, backupId).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (found instanceof AppError) return <Refused title={found.message} hint={found.hint} backupId={backupId} />;
  const targets = await readConvertTargets(page.ctx);
  return (
    <Page crumbs={[{ label: "Restore", href: "/restore" }, { label: found.fileName, href: `/backups/${found.id}` }, { label: "Convert" }]}>
      <PageHead
        title={`Convert ${found.fileName}`}
        sub="The file is loaded in a throwaway server without network, as a role that may do nothing else. What comes of it is dumped anew, and only that can be restored."
      />
      <Done view={found} />
      <Columns>
        <div>
          {targets.length === 0 ? (
            <EmptyState kind="nothing" title="No image to load it with" action={<Button size="sm" asChild><Link href="/settings/databases">Settings, Databases</Link></Button>}>
              The file is loaded by the image of a registered database, so that extensions and versions fit. Add the database it belongs to, and test it once.
            </EmptyState>
          ) : (
            <ConvertFile view={found} targets={targets} />
          )}
        </div>
        <Section first id="file" title="The file">
          <FileFacts view={found} />
        </Section>
      </Columns>
    </Page>
  );
}

function Done({ view }: { view: ForeignView }) {
  const [newest] = view.conversions;
  if (view.activeRunId !== null) {
    return (
      <Banner className="mb-6" title="It is being converted." action={<Link className="font-medium text-accent" href={`/runs/${view.activeRunId}`}>Open run {view.activeRunId}</Link>}>
        Leaving this page is safe.
      </Banner>
    );
  }
  if (!newest) return null;
  return (
    <Banner
      tone="done"
      className="mb-6"
      title={`It was converted to a backup of ${newest.database}${newest.storedAt ? `, ${shortTime(newest.storedAt)} UTC` : ""}.`}
      action={<Link className="font-medium text-accent" href={href("/restore/what", { backup: newest.id })}>Restore it</Link>}
    >
      <Link className="font-medium text-accent" href={`/backups/${newest.id}`}>Open the backup</Link> to see what is in it.
    </Banner>
  );
}

function Refused({ title, hint, backupId }: { title: string; hint: string | undefined; backupId?: string }) {
  return (
    <Page crumbs={crumbs}>
      <PageHead title="Convert a file" />
      <EmptyState kind="failed" title={title} action={<Button size="sm" asChild><Link href={backupId ? `/backups/${backupId}` : "/backups"}>{backupId ? "Open the backup" : "Backups"}</Link></Button>}>
        {hint}
      </EmptyState>
    </Page>
  );
}
