"use client";

import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { plural } from "@/lib/format/counts";
import type { TableRestoreView } from "@/lib/tables/read";
import { type Applied, tableName } from "@/lib/tables/schemas";
import { tablesPhrase } from "@/lib/tables/words";
import { dropTablesAction, undoTablesAction } from "../actions";

/** Takes an applied restore back. After a refusal because others changed rows since, it offers to put those back all the same. */
export function UndoTables({ view, applied, conflict }: { view: TableRestoreView; applied: Applied; conflict: string | null }) {
  const router = useRouter();
  const rows = applied.tables.filter((table) => table.do !== "copy");
  const inserted = rows.reduce((sum, table) => sum + table.inserted, 0);
  const back = rows.reduce((sum, table) => sum + table.deleted + table.changed, 0);
  const copies = applied.tables.filter((table) => table.copyName !== null).map((table) => `${table.schema}.${table.copyName ?? ""}`);
  const dialog = (evenIfChanged: boolean, label: string) => (
    <ConfirmDialog
      trigger={<Button {...(evenIfChanged ? { variant: "danger-quiet" as const } : {})}>{label}</Button>}
      title={`Undo the restore of ${tablesPhrase(applied.tables)} in ${view.database.databaseName}`}
      consequences={[
        ...(evenIfChanged && conflict ? [{ text: <b>{conflict.split(". ")[0]}. What they wrote into those rows is lost.</b> }] : []),
        ...(rows.length > 0 ? [{ text: `${plural(back, "row")} from before ${back === 1 ? "comes" : "come"} back to ${rows.map(tableName).join(", ")}; ${plural(inserted, "row")} that the restore had brought ${inserted === 1 ? "goes" : "go"}.` }] : []),
        ...(copies.length > 0 ? [{ text: `${copies.join(", ")} ${copies.length === 1 ? "is" : "are"} dropped.` }] : []),
      ]}
      safetyNet="Rows that others added since stay where they are. It is one transaction: all of it, or nothing."
      reason="required"
      phrase={view.database.databaseName}
      confirmLabel={label}
      pendingLabel="Starting…"
      onConfirm={({ phrase, reason }) => undoTablesAction({ tableRestoreId: view.id, phrase, reason, evenIfChanged })}
      onDone={() => router.refresh()}
    />
  );
  return (
    <>
      {dialog(false, "Undo restore")}
      {conflict ? dialog(true, "Undo all the same") : null}
    </>
  );
}

/** Removes staged rows, or rows from before: nothing in live tables, but an undo is not possible afterwards. */
export function DropKept({ id, wasApplied }: { id: string; wasApplied: boolean }) {
  const router = useRouter();
  return (
    <ConfirmDialog
      trigger={<Button {...(wasApplied ? { variant: "danger-quiet" as const } : { size: "sm" as const })}>Remove kept rows</Button>}
      title="Remove the rows that are kept for this restore"
      description={wasApplied ? "Undo is not possible afterwards. Live tables are not touched." : "Live tables are not touched. Staging the tables again brings the rows back, as long as the backup exists."}
      confirmLabel="Remove kept rows"
      pendingLabel="Starting…"
      tone={wasApplied ? "danger" : "primary"}
      onConfirm={() => dropTablesAction({ tableRestoreId: id })}
      onDone={() => router.refresh()}
    />
  );
}
