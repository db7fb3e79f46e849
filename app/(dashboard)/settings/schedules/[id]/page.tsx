import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { OccurrencesTable } from "@/components/schedules/occurrences-table";
import { Page } from "@/components/shell/page";
import { PageHead } from "@/components/ui/page-head";
import { Section } from "@/components/ui/section";
import { SettingsNav } from "@/components/ui/settings-nav";
import { pageContext } from "@/lib/auth/page";
import { findSchedule, listOccurrences } from "@/lib/schedule/list";
import { atLeast, type Role } from "@/lib/users/schemas";
import { sections } from "../../sections";
import { PauseCard, PausedBanner, RemoveSchedule } from "./pause-card";
import { ScheduleCard } from "./schedule-card";

type Params = { params: Promise<{ id: string }> };

const shown = 60;

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const database = await findSchedule(await pageContext(), (await params).id);
  return { title: database ? `${database.name}, schedule` : "Not found" };
}

export default async function SchedulePage({ params }: Params) {
  const ctx = await pageContext();
  const database = await findSchedule(ctx, (await params).id);
  if (!database) notFound();
  const occurrences = await listOccurrences(ctx, database.databaseId, shown);
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const now = ctx.clock.now().toISOString();
  return (
    <Page crumbs={[{ label: "Settings", href: sections[0].href }, { label: "Schedules", href: "/settings/schedules" }, { label: database.name }]}>
      <PageHead title={database.name} sub="When it is backed up by itself" actions={database.schedule && atLeast(role, "admin") ? <RemoveSchedule database={database} /> : null} />
      <SettingsNav label="Settings" items={sections}>
        <div className="grid gap-4">
          <PausedBanner database={database} mayResume={atLeast(role, "operator")} />
          <ScheduleCard database={database} zones={["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")]} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} after={database.pause?.until ?? now} mayChange={atLeast(role, "admin")} />
          {database.schedule && !database.pause ? <PauseCard database={database} mayPause={atLeast(role, "operator")} /> : null}
        </div>
        <Section id="occurrences" title="What became of each time" note={occurrences.length === shown ? `the last ${shown}` : undefined}>
          {occurrences.length > 0 ? <OccurrencesTable rows={occurrences} now={now} /> : <p className="text-table text-ink-3">{database.schedule ? "Its first time is still to come." : "It never had a schedule that was due."}</p>}
        </Section>
      </SettingsNav>
    </Page>
  );
}
