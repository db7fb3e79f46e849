import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { LookTables } from "@/components/look/look-tables";
import { Page } from "@/components/shell/page";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Section } from "@/components/ui/section";
import { guardedPage } from "@/lib/auth/page";
import { shortTime } from "@/lib/format/times";
import { readLook, type LookView } from "@/lib/look/read";
import { pageNumber, text, type Query } from "@/lib/url/query";
import { AskLook } from "./ask-look";
import { CloseLook } from "./close-look";
import { OpenLook } from "./open-look";
import { Opening } from "./opening";

export const metadata: Metadata = { title: "Look inside" };

const Params = z.object({
  q: text(200),
  page: pageNumber,
  /** The table that is read: schema, name, and which page of its rows. */
  schema: text(64),
  table: text(64),
  rows: pageNumber,
});

export default async function LookPage({ params, searchParams }: { params: Promise<{ id: string }>; searchParams: Promise<Query> }) {
  const { id } = await params;
  const guarded = await guardedPage({ role: "operator", attempt: "look.open" });
  if (!guarded.ok) return <Refused id={id} title={guarded.error.message} hint={guarded.error.hint} />;
  const { ctx } = guarded;
  const backup = await ctx.db.backup.findUnique({ where: { id, deletedAt: null }, select: { id: true, databaseName: true, takenAt: true, origin: true } });
  if (!backup) notFound();
  const look = await readLook(ctx, id);
  const now = ctx.clock.now();
  const name = `${backup.databaseName}, ${shortTime(backup.takenAt, now)}`;
  const chosen = Params.parse(await searchParams);
  return (
    <Page crumbs={[{ label: "Backups", href: "/backups" }, { label: name, href: `/backups/${id}` }, { label: "Look inside" }]}>
      <PageHead
        title={`Inside ${name} UTC`}
        sub="A copy in a throwaway server without network. It can be read and not written; the live database is not asked."
        actions={look?.state === "open" ? <CloseLook lookId={look.id} /> : null}
      />
      {look?.state === "open" && look.contents ? (
        <Open backupId={id} look={look} chosen={chosen} />
      ) : look?.state === "opening" ? (
        <Opening runId={look.runId} />
      ) : (
        <Closed backupId={id} look={look} foreign={backup.origin === "foreign"} />
      )}
    </Page>
  );
}

function Open({ backupId, look, chosen }: { backupId: string; look: LookView; chosen: z.output<typeof Params> }) {
  if (!look.contents) return null;
  const { contents } = look;
  return (
    <>
      <p className="mb-6 text-table text-ink-2">
        PostgreSQL {contents.serverVersion}. Opened by {look.openedBy}; it closes by itself after 15 minutes without a question. Opening, closing and every query are on record.
      </p>
      {contents.notes.length > 0 ? (
        <Banner tone="warning" className="mb-6" title={contents.notes.length === 1 ? "One thing is not in this copy." : `${contents.notes.length} things are not in this copy.`}>
          {contents.notes.slice(0, 5).join(" ")}
        </Banner>
      ) : null}
      <div className="grid grid-cols-[300px_minmax(0,1fr)] gap-x-10 gap-y-10 max-lg:grid-cols-1">
        <Section first id="tables" title="Tables">
          <LookTables backupId={backupId} contents={contents} params={chosen} />
        </Section>
        <AskLook
          key={`${look.id}/${chosen.schema ?? ""}/${chosen.table ?? ""}/${chosen.rows}`}
          backupId={backupId}
          lookId={look.id}
          table={chosen.schema !== null && chosen.table !== null ? { schema: chosen.schema, name: chosen.table, page: chosen.rows } : null}
          search={{ q: chosen.q, page: chosen.page }}
        />
      </div>
    </>
  );
}

function Closed({ backupId, look, foreign }: { backupId: string; look: LookView | null; foreign: boolean }) {
  return (
    <>
      {look?.state === "failed" ? (
        <Banner tone="danger" className="mb-6" title={look.problem ?? "It could not be opened."} action={<Link className="font-medium text-accent" href={`/runs/${look.runId}`}>Open run {look.runId}</Link>}>
          The backup itself is unchanged.
        </Banner>
      ) : null}
      <EmptyState kind="nothing" title={look?.state === "closed" ? "This look is closed" : "Not open yet"} action={<OpenLook backupId={backupId} />}>
        {look?.state === "closed" ? `${look.problem ?? "It was closed by hand."} Its throwaway server and all that was loaded are gone. ` : null}
        Opening loads the backup into a throwaway server on this machine, which takes about as long as a restore. You will see the data of the backup: that is on record.
        {foreign ? " This file was not made by Holdfast, so it is loaded under guard." : null}
      </EmptyState>
    </>
  );
}

function Refused({ id, title, hint }: { id: string; title: string; hint: string | undefined }) {
  return (
    <Page crumbs={[{ label: "Backups", href: "/backups" }, { label: "Look inside" }]}>
      <PageHead title="Look inside" />
      <EmptyState kind="failed" title={title} action={<Button size="sm" asChild><Link href={`/backups/${id}`}>Open the backup</Link></Button>}>
        {hint} A look shows the data of a backup, so it needs the role operator.
      </EmptyState>
    </Page>
  );
}
