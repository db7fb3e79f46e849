import type { ReactNode } from "react";
import { Gauge } from "@/components/charts/gauge";
import { DrillOutcomeBadge } from "@/components/drills/drill-outcome";
import { policySentence } from "@/components/drills/words";
import { Cell, CellSub, Column, HiddenColumn, RowActions, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { LadderSmall } from "@/components/proof/ladder-small";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Badge } from "@/components/ui/badge";
import { Triangle } from "@/components/ui/shapes";
import { Figure } from "@/components/ui/stat-bar";
import { TextLink } from "@/components/ui/text-link";
import type { DatabaseDrills } from "@/lib/drill/list";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";

/** When each database was last proven to restore, and how long that took. Overdue ones come first. */
export function DrillDatabasesTable({ databases, now, actions }: { databases: readonly DatabaseDrills[]; now: string; actions: ((database: DatabaseDrills) => ReactNode) | null }) {
  return (
    <Table caption="Databases with their last proven restore, overdue ones first" rows="tall">
      <TableHead>
        <Column>Database</Column>
        <Column>Last proven restore</Column>
        <Column>Took</Column>
        <Column>Last drill</Column>
        <Column>By policy</Column>
        {actions ? <HiddenColumn>Actions</HiddenColumn> : null}
      </TableHead>
      <TableBody>
        {databases.map((database) => (
          <Row key={database.id} database={database} now={now} actions={actions} />
        ))}
      </TableBody>
    </Table>
  );
}

function Row({ database, now, actions }: { database: DatabaseDrills; now: string; actions: ((database: DatabaseDrills) => ReactNode) | null }) {
  const { id, name, proven, last, active, isOverdue, objectiveRtoSeconds, policy, nextAt } = database;
  const took = proven?.drill?.totalMs ?? null;
  return (
    <TableRow>
      <Cell phone="full">
        <RowLink href={`/drills/databases/${id}`}>{name}</RowLink>
        {isOverdue ? <Badge tone="warning" className="flex" icon={<Triangle size={14} />}>Overdue</Badge> : <CellSub>within {span(database.objectiveRpoSeconds)}</CellSub>}
      </Cell>
      <Cell label="Last proven restore">
        {proven ? (
          <LadderSmall rung="proven" sub={<><Age at={proven.provenAt} now={now} /> · <TextLink href={`/backups/${proven.backupId}`} className="py-0.5 font-normal">backup of <Time at={proven.takenAt} format="minute" /></TextLink></>} />
        ) : (
          <>
            <span className="font-medium text-unknown">Never</span>
            <CellSub>no drill has restored it yet</CellSub>
          </>
        )}
      </Cell>
      <Cell label="Took">
        <Figure of={span(objectiveRtoSeconds)} className={took === null ? "text-ink-3" : ""}>{took === null ? unknown : duration(took)}</Figure>
        <Gauge value={took} target={objectiveRtoSeconds * 1_000} label={`${duration(took)} of ${span(objectiveRtoSeconds)}`} />
      </Cell>
      <Cell label="Last drill">
        {active ? (
          <TextLink href={`/runs/${active.runId}`}>{active.status === "queued" ? "Waiting to start" : "Running now"}</TextLink>
        ) : last ? (
          <>
            <DrillOutcomeBadge outcome={last.outcome} />
            <CellSub><TextLink href={`/drills/${last.id}`} className="py-0.5 font-normal"><Time at={last.startedAt} format="minute" /> UTC</TextLink></CellSub>
          </>
        ) : (
          <span className="text-ink-3">none yet</span>
        )}
      </Cell>
      <Cell label="By policy" className="text-ink-2">{policySentence(policy, nextAt)}</Cell>
      {actions ? <Cell phone="full"><RowActions>{actions(database)}</RowActions></Cell> : null}
    </TableRow>
  );
}
