import "server-only";
import type { z } from "zod";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { recordAudit } from "./record";
import { auditWhere, toAuditRow, type AuditRow } from "./list";
import type { AuditExportParams } from "./search-params";

const pageSize = 1_000;
const columns = ["id", "at", "actorKind", "actorName", "action", "outcome", "sentence", "databaseName", "runId", "backupId", "sizeBytes", "records", "origin", "reason", "before", "after", "previousHash", "hash"] as const satisfies readonly (keyof AuditRow)[];

/** Writes down that the log left, and with which filters: before its first line is sent. */
export async function recordExport(ctx: Context, { format, ...filters }: z.output<typeof AuditExportParams>): Promise<void> {
  const used = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null && value !== ""));
  await transaction(ctx, (tx) => recordAudit(tx, ctx, { action: "audit.exported", outcome: "succeeded", sentence: `Exported the audit log as ${format.toUpperCase()}`, after: used }));
}

/** The log as a file, newest first, sent while it is read: its length does not grow with memory. */
export function exportAudit(ctx: Pick<Context, "db" | "clock">, { format, ...filters }: z.output<typeof AuditExportParams>): Response {
  const name = `holdfast-audit-${ctx.clock.now().toISOString().slice(0, 10)}.${format}`;
  const lines = format === "csv" ? csvLines(ctx, filters) : jsonLines(ctx, filters);
  return new Response(streamOf(lines), {
    headers: {
      "Content-Type": format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}

type Filters = Omit<z.output<typeof AuditExportParams>, "format">;

async function* readRows({ db, clock }: Pick<Context, "db" | "clock">, filters: Filters): AsyncGenerator<AuditRow[]> {
  const where = auditWhere(filters, clock.now());
  let before: number | null = null;
  for (;;) {
    const page: AuditRow[] = (await db.auditEntry.findMany({ where: { ...where, ...(before === null ? {} : { id: { lt: before } }) }, orderBy: { id: "desc" }, take: pageSize })).map(toAuditRow);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    before = page.at(-1)?.id ?? 0;
  }
}

async function* csvLines(ctx: Pick<Context, "db" | "clock">, filters: Filters): AsyncGenerator<string> {
  yield `${columns.join(",")}\r\n`;
  for await (const page of readRows(ctx, filters)) yield page.map((row) => `${columns.map((column) => csvCell(row[column])).join(",")}\r\n`).join("");
}

async function* jsonLines(ctx: Pick<Context, "db" | "clock">, filters: Filters): AsyncGenerator<string> {
  let between = "[\n";
  for await (const page of readRows(ctx, filters)) {
    yield between + page.map((row) => JSON.stringify(row)).join(",\n");
    between = ",\n";
  }
  yield between === "[\n" ? "[]\n" : "\n]\n";
}

/** One cell. Text that a spreadsheet would take for a formula gets an apostrophe: a name in the log is not code. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Pulled, so that a slow reader slows the queries instead of filling memory. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => void lines.return(undefined),
  });
}
