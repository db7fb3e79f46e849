import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { BackupCopies } from "@/components/backups/backup-copies";
import { BackupFacts } from "@/components/backups/backup-facts";
import { BackupTables } from "@/components/backups/backup-tables";
import { BackupLadder } from "@/components/backups/proof-ladder";
import { ProofChip } from "@/components/backups/proof-state";
import { RestoreWithout } from "@/components/backups/restore-without";
import { Page } from "@/components/shell/page";
import { Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { FactRow, PageHead } from "@/components/ui/page-head";
import { Columns, Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { Timeline, TimelineItem } from "@/components/ui/timeline";
import { pageContext } from "@/lib/auth/page";
import { deletionSummary } from "@/lib/backup/deletion";
import { kindWords } from "@/lib/backup/initiators";
import { type BackupView, readBackup } from "@/lib/backup/read";
import { bytes, ratio } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { fullTime, shortDay, shortTime, timeOfDay } from "@/lib/format/times";
import { whyKept } from "@/lib/retention/why";
import { pageNumber, text, type Query } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { DeleteBackup } from "../delete-backup";
import { Deleted } from "./deleted";
import { HeadActions } from "./head-actions";
import { LegalHold } from "./legal-hold";
import { DescribeBackup, KeepToggle } from "./why-kept";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

const TablesParams = z.object({ q: text(200), page: pageNumber });

/** Once for the title and the page. */
const find = cache(async (id: string) => {
  const ctx = await pageContext();
  return { ctx, found: await readBackup(ctx, id) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { ctx, found } = await find((await params).id);
  return { title: found ? `${found.backup.databaseName}, ${shortTime(found.backup.takenAt, ctx.clock.now())}` : "Not found" };
}

export default async function BackupPage({ params, searchParams }: Props) {
  const { ctx, found } = await find((await params).id);
  if (!found) notFound();
  if (found.state === "deleted") return <Deleted backup={found.backup} />;
  const { backup } = found;
  const role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const mayOperate = atLeast(role, "operator");
  const now = ctx.clock.now().toISOString();
  const name = `${backup.databaseName}, ${shortTime(backup.takenAt, now)}`;
  const present = backup.copyList.some((copy) => copy.missingAt === null);
  const verifyFirst = backup.trust.state !== "checked" || backup.trust.rung === "stored" || backup.trust.rung === "intact";
  return (
    <Page crumbs={[{ label: "Backups", href: "/backups" }, { label: name }]}>
      <PageHead
        title={`${backup.databaseName}, ${fullTime(backup.takenAt)}`}
        sub={<Line backup={backup} now={now} />}
        actions={mayOperate ? <HeadActions backup={{ id: backup.id, name, keep: backup.keep, present, foreign: backup.foreign, activeRunId: backup.activeRunId }} verifyFirst={verifyFirst} /> : null}
      />
      <Notices backup={backup} />
      <Columns>
        <div>
          <Section first id="proof" title="Proof" note="each rung that was reached, with its time">
            <BackupLadder backup={backup} />
          </Section>
          {backup.manifest ? (
            <BackupTables backupId={backup.id} manifest={backup.manifest} provenBy={backup.trust.state === "checked" ? backup.provenBy : null} params={TablesParams.parse(await searchParams)} />
          ) : (
            <Section id="tables" title="Tables">
              <p className="text-table text-ink-2">What is in it is not known: the file has no description beside it. Verifying decodes it to its last byte; counts need a restore.</p>
            </Section>
          )}
          <RestoreWithout backup={backup} />
          {role === "admin" ? <Danger backup={backup} /> : null}
        </div>
        <div>
          <Section first id="facts" title="Facts">
            <BackupFacts backup={backup} mayDownload={mayOperate} />
          </Section>
          <Section id="copies" title="Copies" note={backup.copyList.length > 0 ? `${backup.copyList.filter((copy) => !copy.missingAt && !copy.problem && !copy.storeProblem).length} of ${backup.copyList.length}` : null}>
            <BackupCopies copies={backup.copyList} />
          </Section>
          <Section id="kept" title="Why it is kept">
            <p className="text-table text-ink-2 [overflow-wrap:anywhere]">{await whyKept(ctx, backup)}</p>
            {mayOperate ? <KeepToggle backup={{ id: backup.id, name, keep: backup.keep }} /> : null}
            {role === "admin" ? <LegalHold backup={{ id: backup.id, legalHold: backup.legalHold }} /> : null}
          </Section>
          <Section id="described" title="Label and note">
            {backup.label ? <p className="text-table font-medium [overflow-wrap:anywhere]">{backup.label}</p> : null}
            {backup.note ? <p className="text-table whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">{backup.note}</p> : null}
            {!backup.label && !backup.note ? <p className="text-table text-ink-3">None.</p> : null}
            {mayOperate ? <DescribeBackup backup={{ id: backup.id, label: backup.label, note: backup.note }} /> : null}
          </Section>
          {backup.moments.length > 0 ? <History backup={backup} /> : null}
        </div>
      </Columns>
    </Page>
  );
}

function Line({ backup, now }: { backup: BackupView; now: string }) {
  const share = ratio(backup.sizeBytes, backup.databaseBytes);
  return (
    <FactRow>
      <ProofChip trust={backup.trust} now={now} />
      {backup.partial ? <Tag>partial</Tag> : null}
      <span>{backup.foreign ? "Found in a store, not made by Holdfast" : `${kindWords[backup.kind]}, ${backup.by}`}</span>
      <span>{backup.rows === null ? "records not known" : plural(backup.rows, "record")}</span>
      <span>
        {bytes(backup.sizeBytes)} stored{backup.databaseBytes === null ? "" : `, ${share}`}
      </span>
      {backup.legalHold !== null ? <span>On legal hold</span> : backup.keep ? <span>Kept until removed</span> : null}
    </FactRow>
  );
}

function Notices({ backup }: { backup: BackupView }) {
  const { trust, manifest } = backup;
  return (
    <div className="mb-6 grid gap-2.5 empty:hidden">
      {trust.state === "damaged" || trust.state === "missing" ? (
        <Banner tone="danger" title={trust.state === "missing" ? "There is no file to restore from." : "Do not restore from this backup."}>What failed is marked on the ladder, with what to do.</Banner>
      ) : null}
      {trust.state === "unknown" ? <Banner title={`This backup cannot be looked at now: ${trust.why}.`}>What was proven before is history until the store answers again.</Banner> : null}
      {backup.foreign && trust.state === "checked" && trust.rung === "stored" ? <Banner title="Nothing is known of this file besides its name.">Verify it: every byte is read, and it is decoded to its end.</Banner> : null}
      {backup.partial ? <Banner tone="warning" title="This backup is partial.">Tables or rows were left out on request; they are marked in the list of tables.</Banner> : null}
      {manifest?.warnings.map((warning) => (
        <Banner key={warning} tone="warning" title={warning} />
      ))}
    </div>
  );
}

const momentsShown = 16;

function History({ backup }: { backup: BackupView }) {
  const day = shortDay(backup.takenAt);
  const earlier = backup.moments.slice(momentsShown);
  return (
    <Section id="timeline" title="Timeline" note="UTC" end={backup.run ? <TextLink href={`/runs/${backup.run.id}`}>Log</TextLink> : null}>
      <Moments moments={backup.moments.slice(0, momentsShown)} day={day} ownRun={backup.run?.id} />
      {earlier.length > 0 ? (
        <details className="mt-1 text-table">
          <summary className="w-fit rounded-[3px] py-1">{plural(earlier.length, "earlier moment")}</summary>
          <Moments moments={earlier} day={day} ownRun={backup.run?.id} />
        </details>
      ) : null}
    </Section>
  );
}

function Moments({ moments, day, ownRun }: { moments: BackupView["moments"]; day: string; ownRun: number | undefined }) {
  return (
    <Timeline>
      {moments.map((moment, index) => (
        <TimelineItem key={index} mark={moment.mark} time={<time dateTime={moment.at} title={fullTime(moment.at)}>{shortDay(moment.at) === day ? timeOfDay(moment.at) : shortDay(moment.at)}</time>}>
          {moment.text}
          {/* Once for what a run did in one go, at its newest moment; to the run that made it leads "Log". */}
          {moment.runId === null || moment.runId === ownRun || moment.runId === moments[index - 1]?.runId ? null : <>, <TextLink href={`/runs/${moment.runId}`}>run {count(moment.runId)}</TextLink></>}
        </TimelineItem>
      ))}
    </Timeline>
  );
}

function Danger({ backup }: { backup: BackupView }) {
  return (
    <Section id="danger" title="Danger">
      <div className="flex items-center gap-4 rounded-panel border border-line px-[18px] py-4 text-table max-sm:block">
        <div className="min-w-0">
          <p className="font-semibold">Delete this backup</p>
          <p className="text-ink-2 [overflow-wrap:anywhere]">{backup.legalHold !== null ? "It is on legal hold. Lift that first, under \u201cWhy it is kept\u201d." : backup.keep ? "It is kept until removed. Stop keeping it first, under \u201cWhy it is kept\u201d." : deletionSummary(backup.deletion)}</p>
        </div>
        {backup.keep || backup.legalHold !== null ? null : (
          <div className="ml-auto shrink-0 max-sm:mt-3">
            <DeleteBackup backup={{ id: backup.id, takenAt: backup.takenAt, deletion: backup.deletion }} trigger={<Button variant="danger-quiet">Delete backup</Button>} />
          </div>
        )}
      </div>
    </Section>
  );
}
