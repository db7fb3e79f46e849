import "server-only";
import { csvCell } from "@/lib/audit/export";
import type { Context } from "@/lib/context";
import { databaseErrors } from "@/lib/databases/errors";
import { chooseDatabase, readHistory, type History } from "./read";
import { phases } from "./schemas";
import type { HistoryExportParams } from "./search-params";
import { targetAt } from "./targets";

const columns = ["what", "database", "from", "to", "seconds", "target_seconds", "target_held", ...phases.map((phase) => `${phase}_seconds`), "size_bytes", "run", "backup", "note"] as const;
type Row = Partial<Record<(typeof columns)[number], string | number | boolean | null>>;

/** The figures behind the charts as a file: a line for every tooth, silence, drill, restore, breach, backup and target. */
export async function exportHistory(ctx: Pick<Context, "db" | "clock">, params: HistoryExportParams): Promise<Response> {
  const { chosen } = await chooseDatabase(ctx, params.database);
  if (!chosen) throw databaseErrors.not_found({});
  const history = await readHistory(ctx, chosen, params.range);
  const lines = rowsOf(history).map((row) => columns.map((column) => csvCell(column === "database" ? history.database.name : row[column])).join(","));
  const name = `holdfast-history-${chosen.fileName}-${ctx.clock.now().toISOString().slice(0, 10)}.csv`;
  return new Response([columns.join(","), ...lines, ""].join("\r\n"), {
    headers: { "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": `attachment; filename="${name}"`, "Cache-Control": "no-store" },
  });
}

function rowsOf(history: History): Row[] {
  const { targets, gaps, seen, measured, breaches, trend } = history;
  return [
    ...Object.entries(targets).flatMap(([objective, all]) => all.map(({ from, seconds }) => ({ what: "target", from: iso(from), target_seconds: seconds, note: objective }))),
    ...gaps.map(({ from, to, why }) => ({ what: "no_evidence", from: iso(from), to: iso(to), note: why })),
    ...seen.map(({ from, to, takenAt, backupId }) => {
      const target = targetAt(targets.rpo, to);
      return { what: "recovery_point", from: iso(from), to: iso(to), seconds: seconds(to - takenAt), target_seconds: target, target_held: target === null ? null : to - takenAt <= target * 1_000, backup: backupId };
    }),
    ...measured.map((one) => ({
      what: one.kind,
      from: iso(one.from),
      to: iso(one.to),
      seconds: seconds(one.totalMs),
      target_seconds: one.targetSeconds,
      target_held: one.met,
      ...Object.fromEntries(phases.map((phase) => [`${phase}_seconds`, seconds(one.phases[phase])])),
      run: one.runId,
      backup: one.backupId,
    })),
    ...breaches.map((one) => ({ what: `breach_${one.objective}`, from: iso(one.from), to: one.to === null ? null : iso(one.to), seconds: one.worstMs === null ? null : seconds(one.worstMs), target_seconds: one.targetSeconds, target_held: false, run: one.runId, note: one.cause })),
    ...trend.map(({ at, sizeBytes, storedMs, backupId }) => ({ what: "backup", from: iso(at), seconds: storedMs === null ? null : seconds(storedMs), size_bytes: sizeBytes, backup: backupId })),
  ];
}

const iso = (at: number) => new Date(at).toISOString();
const seconds = (ms: number) => Math.round(ms) / 1_000;
