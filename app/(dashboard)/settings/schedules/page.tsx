import type { Metadata } from "next";
import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { OccurrenceBadge, OccurrenceTrail } from "@/components/schedules/occurrence-state";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { nbsp } from "@/lib/format/symbols";
import { day, minuteTime } from "@/lib/format/times";
import { listSchedules, type DatabaseSchedule } from "@/lib/schedule/list";
import { cronSentence } from "@/lib/schedule/sentence";
import { scheduleWords } from "@/lib/schedule/words";
import { href } from "@/lib/url/query";
import { atLeast } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";
import { UsualSchedule } from "./usual-schedule";

export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage() {
  const ctx = await pageContext();
  const databases = await listSchedules(ctx);
  const mayChange = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "admin");
  const now = ctx.clock.now().toISOString();
  return (
    <SettingsPage title="Schedules">
      {databases.length === 0 ? (
        <EmptyState kind="nothing" title="No database yet">
          Add one under Databases. Then say here when it is backed up, drilled and cleaned up by itself.
        </EmptyState>
      ) : (
        databases.map(({ databaseId, name, kinds }, index) => (
          <Section key={databaseId} first={index === 0} id={databaseId} title={name}>
            <Table caption={`What is done with ${name} by itself, and when`} rows="two">
              <TableHead>
                <Column>What</Column>
                <Column>When</Column>
                <Column>Next (UTC)</Column>
                <Column>Last times</Column>
              </TableHead>
              <TableBody>
                {kinds.map((one) => (
                  <Row key={one.kind} schedule={one} mayChange={mayChange} now={now} />
                ))}
              </TableBody>
            </Table>
          </Section>
        ))
      )}
    </SettingsPage>
  );
}

function Row({ schedule: one, mayChange, now }: { schedule: DatabaseSchedule; mayChange: boolean; now: string }) {
  const { databaseId, kind, last: [newest], last } = one;
  return (
    <TableRow>
      <Cell phone="full" className="max-w-44 py-2">
        <RowLink href={href(`/settings/schedules/${databaseId}`, { kind }, { kind: "backup" })}>{scheduleWords[kind].title}</RowLink>
      </Cell>
      <Cell phone="full" className="max-w-72 py-2 [overflow-wrap:anywhere]">
        <When schedule={one} mayChange={mayChange} />
      </Cell>
      <Cell label="Next (UTC)" className="py-2">
        <Next schedule={one} now={now} />
      </Cell>
      <Cell label="Last times" className="py-2">
        {newest ? <span className="flex items-center gap-2"><OccurrenceBadge state={newest.state} /><OccurrenceTrail states={last.slice(1).map(({ state }) => state)} /></span> : <span className="text-ink-3">None yet</span>}
        {newest ? <CellSub>due <Time at={newest.dueAt} format="minute" />{nbsp}UTC</CellSub> : null}
      </Cell>
    </TableRow>
  );
}

function When({ schedule: { databaseId, name, kind, schedule, otherwise }, mayChange }: { schedule: DatabaseSchedule; mayChange: boolean }) {
  if (!schedule) return kind === "backup" && mayChange ? <UsualSchedule databaseId={databaseId} name={name} /> : <span className="text-ink-3">{otherwise}</span>;
  return (
    <>
      {cronSentence(schedule.cron)}
      <CellSub>
        {schedule.timeZone} · <code>{schedule.cron}</code>
      </CellSub>
    </>
  );
}

/** With its year where the day alone would not tell it. */
function timeWithin(at: string, now: string): string {
  return at.slice(0, 4) === now.slice(0, 4) || Date.parse(at) - Date.parse(now) < 300 * 86_400_000 ? minuteTime(at) : day(at);
}

function Next({ schedule: { schedule, pause, next: [first, ...then] }, now }: { schedule: DatabaseSchedule; now: string }) {
  if (!schedule) return <span className="text-ink-3">No time of its own</span>;
  if (!first) return <><span className="font-medium">Paused</span><CellSub>by {pause?.by ?? "somebody"}</CellSub></>;
  return (
    <>
      <Time at={first} format="minute" /> <span className="text-caption text-ink-3"><Age at={first} now={now} /></span>
      <CellSub>{pause ? `paused by ${pause.by} until then` : `then ${then.map((at) => timeWithin(at, now)).join(" and ")}`}</CellSub>
    </>
  );
}
