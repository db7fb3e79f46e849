import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { KeptList } from "@/components/restore/kept-list";
import { CheckIcon } from "@/components/status/check-list";
import { Age } from "@/components/time/age";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { listDatabases, type RegisteredDatabase } from "@/lib/databases/list";
import { hasFailed } from "@/lib/databases/schemas";
import { bytes } from "@/lib/format/bytes";
import { span } from "@/lib/format/durations";
import { isAllowedToRestore } from "@/lib/restore/permission";
import { listKept } from "@/lib/restore/read-kept";
import { atLeast } from "@/lib/users/schemas";
import { RemoveKept } from "../../runs/remove-kept";
import { SettingsPage } from "../settings-page";

export const metadata: Metadata = { title: "Databases" };

export default async function DatabasesPage() {
  const ctx = await pageContext();
  const [databases, kept] = await Promise.all([listDatabases(ctx), listKept(ctx)]);
  const mayAdd = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "admin");
  const add = mayAdd ? (
    <Button asChild variant="primary">
      <Link href="/settings/databases/new">
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        Add database
      </Link>
    </Button>
  ) : null;
  if (databases.length === 0) {
    return (
      <SettingsPage title="Databases">
        <EmptyState kind="nothing" title="No database yet" action={add}>
          Holdfast finds the containers on this host that run PostgreSQL, and tests what it may read before anything is added.
        </EmptyState>
      </SettingsPage>
    );
  }
  const now = ctx.clock.now().toISOString();
  return (
    <SettingsPage title="Databases">
      <Section first id="registered" title="What is protected" end={add}>
        <Table caption="Registered databases" rows="two">
          <TableHead>
            <Column>Database</Column>
            <Column>Container</Column>
            <Column numeric>Size</Column>
            <Column>Targets</Column>
            <Column>Last test</Column>
          </TableHead>
          <TableBody>
            {databases.map((database) => (
              <TableRow key={database.id}>
                <Cell phone="full" className="max-w-52 py-2 [overflow-wrap:anywhere]">
                  <RowLink href={`/settings/databases/${database.id}`}>{database.name}</RowLink>
                  <CellSub>{database.serverVersion ? `PostgreSQL ${database.serverVersion}` : "version not known yet"}</CellSub>
                </Cell>
                <Cell label="Container" className="max-w-48 py-2 [overflow-wrap:anywhere]">
                  {database.container}
                  <CellSub>as {database.role}, to {database.storeName}</CellSub>
                </Cell>
                <Cell label="Size" numeric>{bytes(database.sizeBytes)}</Cell>
                <Cell label="Targets" className="whitespace-nowrap">
                  lose {span(database.objectiveRpoSeconds)}
                  <CellSub>back in {span(database.objectiveRtoSeconds)}</CellSub>
                </Cell>
                <Cell label="Last test">
                  <LastTest database={database} now={now} />
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Section>
      {kept.length > 0 ? (
        <Section id="kept" title="Kept by restores, to undo them or to decide" note="they take room on their servers until then">
          <KeptList kept={kept} now={now} {...(isAllowedToRestore(ctx) ? { remove: (one) => (one.what === "staged" ? <TextLink href={`/runs/${one.runId}`}>Decide</TextLink> : <RemoveKept kept={one} />) } : {})} />
        </Section>
      ) : null}
    </SettingsPage>
  );
}

function LastTest({ database: { lastCheck }, now }: { database: RegisteredDatabase; now: string }) {
  if (!lastCheck) return <span className="text-ink-3">Not tested</span>;
  const failed = hasFailed(lastCheck.check);
  const warns = lastCheck.check.lines.some(({ outcome }) => outcome === "warning");
  return (
    <>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <CheckIcon outcome={failed ? "failed" : warns ? "warning" : "passed"} size={14} />
        <span className={failed ? "font-medium text-exposed" : undefined}>{failed ? "Failed" : warns ? "Passed, with a warning" : "Passed"}</span>
      </span>
      <CellSub>
        <Age at={lastCheck.at} now={now} />
      </CellSub>
    </>
  );
}
