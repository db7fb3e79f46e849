import type { Metadata } from "next";
import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { OccurrenceBadge } from "@/components/schedules/occurrence-state";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { nbsp } from "@/lib/format/symbols";
import { listSchedules, type ScheduledDatabase } from "@/lib/schedule/list";
import { cronSentence } from "@/lib/schedule/sentence";
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
          Add one under Databases. Then say here when it is backed up by itself.
        </EmptyState>
      ) : (
        <Section first id="schedules" title="When databases are backed up by themselves">
          <Table caption="Databases and their schedules" rows="two">
            <TableHead>
              <Column>Database</Column>
              <Column>When</Column>
              <Column>Next (UTC)</Column>
              <Column>Last time</Column>
            </TableHead>
            <TableBody>
              {databases.map((database) => (
                <TableRow key={database.databaseId}>
                  <Cell phone="full" className="max-w-52 py-2 [overflow-wrap:anywhere]">
                    <RowLink href={`/settings/schedules/${database.databaseId}`}>{database.name}</RowLink>
                  </Cell>
                  <Cell phone="full" className="max-w-72 py-2 [overflow-wrap:anywhere]">
                    <When database={database} mayChange={mayChange} />
                  </Cell>
                  <Cell label="Next (UTC)" className="py-2">
                    <Next database={database} now={now} />
                  </Cell>
                  <Cell label="Last time" className="py-2">
                    {database.last ? <OccurrenceBadge state={database.last.state} /> : <span className="text-ink-3">None yet</span>}
                    {database.last ? <CellSub>due <Time at={database.last.dueAt} format="minute" />{nbsp}UTC</CellSub> : null}
                  </Cell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Section>
      )}
    </SettingsPage>
  );
}

function When({ database: { databaseId, name, schedule }, mayChange }: { database: ScheduledDatabase; mayChange: boolean }) {
  if (!schedule) return mayChange ? <UsualSchedule databaseId={databaseId} name={name} /> : <span className="text-ink-3">By hand only</span>;
  return (
    <>
      {cronSentence(schedule.cron)}
      <CellSub>
        {schedule.timeZone} · <code>{schedule.cron}</code>
      </CellSub>
    </>
  );
}

function Next({ database: { schedule, pause, nextAt }, now }: { database: ScheduledDatabase; now: string }) {
  if (!schedule) return <span className="text-ink-3">By hand</span>;
  if (pause && !nextAt) return <><span className="font-medium">Paused</span><CellSub>by {pause.by}</CellSub></>;
  return (
    <>
      <Time at={nextAt} format="minute" />
      <CellSub>{pause ? `paused by ${pause.by} until then` : nextAt ? <Age at={nextAt} now={now} /> : null}</CellSub>
    </>
  );
}
