import { exportsDirectory } from "@/lib/stores/listing";
import type { ExportTableInput } from "./schemas";

/** Inside a store, what one restore of tables has exported. */
export function exportDirectory(tableRestoreId: string): string {
  return `${exportsDirectory}/${tableRestoreId}`;
}

/** Where the export of a run lies, and what it is called when it is downloaded. */
export function exportKey(tableRestoreId: string, runId: number, format: ExportTableInput["format"]): string {
  return `${exportDirectory(tableRestoreId)}/${runId}.${format}`;
}

/** "public.orders 20260922_020000.csv", without what a file system may not like. */
export function exportFileName(table: ExportTableInput["table"], takenAt: Date, format: ExportTableInput["format"]): string {
  const time = takenAt.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
  return `${`${table.schema}.${table.name}`.replace(/[^\p{L}\p{N}._-]/gu, "_").slice(0, 120)}_${time}.${format}`;
}
