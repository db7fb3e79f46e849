import { Strip } from "@/components/charts/strip";
import { CouldLose } from "@/components/overview/could-lose";
import { WouldTake } from "@/components/overview/would-take";
import { LadderSmall } from "@/components/proof/ladder-small";
import { stateWords } from "@/components/status/state";
import { StatusIcon, stateText } from "@/components/status/status";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { cn } from "@/components/ui/cn";
import { TextLink } from "@/components/ui/text-link";
import type { OverviewDatabase } from "@/lib/monitoring/schemas";

/** A row per database, worst first. */
export function DatabaseTable({ databases, now }: { databases: readonly OverviewDatabase[]; now: string }) {
  return (
    // Fixed, so that ticking figures and long names do not move the columns.
    <Table caption="Databases, worst first" rows="tall" className="table-fixed max-sm:[&_td]:pt-0 [&_td]:pt-0.5">
      <TableHead>
        <Column className="w-[212px]">Database</Column>
        <Column className="w-[188px]">Newest restorable</Column>
        <Column className="w-[196px]">Could lose now</Column>
        <Column className="w-[150px]">Would take</Column>
        <Column>Next run</Column>
        <Column className="w-[238px]">Last 30 days</Column>
      </TableHead>
      <TableBody>
        {databases.map((database) => (
          <Row key={database.id} database={database} now={now} />
        ))}
      </TableBody>
    </Table>
  );
}

/** When it is backed up by itself the next time, in words of its schedule. */
function NextRun({ database: { id, nextRun } }: { database: OverviewDatabase }) {
  const href = `/settings/schedules/${encodeURIComponent(id)}`;
  if (!nextRun) {
    return (
      <>
        <span className="font-medium">By hand</span>
        <CellSub>
          <TextLink href={href} className="py-0.5">No schedule yet</TextLink>
        </CellSub>
      </>
    );
  }
  const { at, sentence, pausedBy } = nextRun;
  return (
    <>
      {at ? <Time at={at} format="minute" className="font-medium" /> : <span className="font-medium text-unknown">Paused</span>}
      <CellSub className="line-clamp-2" title={sentence}>
        <TextLink href={href} className="py-0.5">{pausedBy ? `Paused by ${pausedBy}` : sentence}</TextLink>
      </CellSub>
    </>
  );
}

function Row({ database, now }: { database: OverviewDatabase; now: string }) {
  const { id, name, state, serverVersion, newest, unknownWhy, activeRunId } = database;
  const server = serverVersion ? `PostgreSQL ${serverVersion}` : undefined;
  return (
    <TableRow>
      <Cell phone="full">
        <div className="flex items-start gap-3">
          <span className="pt-0.5">
            <StatusIcon state={state} size={17} />
          </span>
          <div className="min-w-0">
            <RowLink href={`/backups?database=${encodeURIComponent(id)}`} title={name} className="line-clamp-2 py-0 text-[15px]/5 font-semibold tracking-[-0.01em] [overflow-wrap:anywhere]">
              {name}
            </RowLink>
            <CellSub className="truncate" title={server}>
              <span className={cn("font-medium", stateText(state))}>{stateWords[state]}</span>
              {server ? ` · ${server}` : null}
            </CellSub>
          </div>
        </div>
      </Cell>
      <Cell label="Newest restorable">
        {newest ? (
          <LadderSmall rung={newest.rung} sub={<><Age at={newest.takenAt} now={now} /> · <Time at={newest.takenAt} format="minute" /></>} />
        ) : (
          <>
            <span className={cn("font-medium", state === "exposed" ? "text-exposed" : "text-unknown")}>{state === "exposed" ? "None" : "Not known"}</span>
            {unknownWhy ? <CellSub className="truncate" title={unknownWhy}>{unknownWhy}</CellSub> : null}
          </>
        )}
      </Cell>
      <Cell label="Could lose now">
        <CouldLose database={database} now={now} />
      </Cell>
      <Cell label="Would take">
        <WouldTake database={database} />
      </Cell>
      <Cell label="Next run">
        {activeRunId ? (
          <>
            {/* Without evidence nobody knows whether it still runs. */}
            {state === "unknown" ? <span className="font-medium text-unknown">Not known</span> : <span className="font-medium text-running">Running now</span>}
            <CellSub>
              <TextLink href={`/runs/${activeRunId}`} className="py-0.5">{state === "unknown" ? "A run was under way" : "Follow it"}</TextLink>
            </CellSub>
          </>
        ) : (
          <NextRun database={database} />
        )}
      </Cell>
      <Cell phone="full">
        <Strip label={name} days={database.days} />
      </Cell>
    </TableRow>
  );
}
