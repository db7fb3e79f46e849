import "server-only";
import { open, type FileHandle } from "node:fs/promises";
import type { Context } from "@/lib/context";
import { recordAudit } from "@/lib/audit/record";
import { readJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import type { OpenedFile } from "@/lib/download/open-backup-file";
import { pathOf } from "@/lib/stores/local";
import { tableErrors } from "./errors";
import { exportKey } from "./export-names";
import { ExportResult, ExportTableInput, tableName } from "./schemas";

/** Opens the file that an export's run wrote. Throws `tables.export_missing` once it was removed with the staged rows. */
export async function openExport(ctx: Pick<Context, "db">, { id, run: runId }: { id: string; run: number }): Promise<OpenedFile & { table: string }> {
  const run = await ctx.db.run.findUnique({ where: { id: runId, kind: "export_table", status: "succeeded" }, include: { database: { select: { id: true, name: true } } } });
  const input = readJson(ExportTableInput, run?.input ?? null);
  const result = readJson(ExportResult, run?.result ?? null);
  if (!run || !input || !result || input.tableRestoreId !== id || run.backupId === null) throw tableErrors.export_missing({});
  const store = await ctx.db.store.findUnique({ where: { id: result.storeId } });
  const handle = store && (await openIfThere(pathOf(store, exportKey(id, runId, input.format))));
  if (!handle) throw tableErrors.export_missing({});
  const { size, mtime } = await handle.stat();
  const contentType = input.format === "csv" ? "text/csv; charset=utf-8" : "application/sql; charset=utf-8";
  return { handle, sizeBytes: size, modifiedAt: mtime, fileName: result.fileName, contentType, sha256: null, backup: { id: run.backupId, database: run.database, databaseName: run.database?.name ?? "" }, table: tableName(input.table) };
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(/*turbopackIgnore: true*/ file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes down that rows are about to leave: before the first byte. */
export async function recordExportDownload(ctx: Context, file: OpenedFile & { table: string }): Promise<void> {
  await transaction(ctx, (tx) =>
    recordAudit(tx, ctx, { action: "tables.downloaded", outcome: "started", sentence: `Downloaded rows of ${file.table} as ${file.fileName}`, database: file.backup.database, backupId: file.backup.id, sizeBytes: file.sizeBytes }),
  );
}
