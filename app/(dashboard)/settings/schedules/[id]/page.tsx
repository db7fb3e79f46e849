import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { OccurrencesTable } from "@/components/schedules/occurrences-table";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { Section } from "@/components/ui/section";
import { SettingsNav } from "@/components/ui/settings-nav";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { managedOf, readManaged } from "@/lib/config/managed";
import { findSchedule, listOccurrences } from "@/lib/schedule/list";
import { scheduleKinds, type ScheduleKind } from "@/lib/schedule/schemas";
import { scheduleWords } from "@/lib/schedule/words";
import { choice, href, type Query } from "@/lib/url/query";
import { atLeast, type Role } from "@/lib/users/schemas";
import { sections } from "../../sections";
import { PauseCard, PausedBanner, RemoveSchedule } from "./pause-card";
import { ScheduleCard } from "./schedule-card";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

const shown = 60;

async function find({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const kind = choice(scheduleKinds).parse((await searchParams)["kind"]) ?? "backup";
  return { ctx, kind, database: await findSchedule(ctx, (await params).id, kind) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { database, kind } = await find(props);
  return { title: database ? `${database.name}, ${scheduleWords[kind].adjective}schedule` : "Not found" };
}

export default async function SchedulePage(props: Props) {
  const { ctx, kind, database } = await find(props);
  if (!database) notFound();
  const occurrences = await listOccurrences(ctx, database.databaseId, kind, shown);
  const managed = managedOf(await readManaged(ctx), database.databaseId);
  const managedBy = managed?.parts.includes(`schedules.${kind}`) ? managed.file : null;
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const now = ctx.clock.now().toISOString();
  const { noun, does } = scheduleWords[kind];
  return (
    <Page crumbs={[{ label: "Settings", href: sections[0].href }, { label: "Schedules", href: "/settings/schedules" }, { label: database.name }]}>
      <PageHead title={database.name} sub={<>{does} <More kind={kind} databaseId={database.databaseId} /></>} actions={database.schedule && managedBy === null && atLeast(role, "admin") ? <RemoveSchedule database={database} /> : null} />
      <SettingsNav label="Settings" items={sections}>
        <nav aria-label={`Schedules of ${database.name}`} className="mb-4 flex flex-wrap gap-2">
          {scheduleKinds.map((one) => (
            <Button key={one} size="sm" asChild className={one === kind ? "bg-accent-soft text-accent" : undefined}>
              <Link href={href(`/settings/schedules/${database.databaseId}`, { kind: one }, { kind: "backup" })} aria-current={one === kind ? "page" : undefined}>{scheduleWords[one].title}</Link>
            </Button>
          ))}
        </nav>
        <div className="grid gap-4">
          <PausedBanner database={database} mayResume={atLeast(role, "operator")} />
          <ScheduleCard key={kind} database={database} zones={["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")]} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} after={database.pause?.until ?? now} mayChange={atLeast(role, "admin")} managedBy={managedBy} />
          {database.schedule && !database.pause ? <PauseCard key={`pause-${kind}`} database={database} mayPause={atLeast(role, "operator")} /> : null}
        </div>
        <Section id="occurrences" title="What became of each time" note={occurrences.length === shown ? `the last ${shown}` : undefined}>
          {occurrences.length > 0 ? <OccurrencesTable rows={occurrences} noun={noun} now={now} /> : <p className="text-table text-ink-3">{database.schedule ? "Its first time is still to come." : "It never had a schedule that was due."}</p>}
        </Section>
      </SettingsNav>
    </Page>
  );
}

/** Where the rest of it is decided. */
function More({ kind, databaseId }: { kind: ScheduleKind; databaseId: string }) {
  if (kind === "drill") return <TextLink href={`/drills/databases/${databaseId}`}>Which backup it takes</TextLink>;
  if (kind === "clean_up") return <TextLink href={href("/settings/retention", { database: databaseId })}>What is kept</TextLink>;
  return null;
}
