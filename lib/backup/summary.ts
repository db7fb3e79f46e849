import "server-only";
import type { Context } from "@/lib/context";
import { rungOf } from "./schemas";
import type { BackupsSummary } from "./summary-sentence";

/** Counts every listed backup by how far it can be trusted. */
export async function summariseBackups(ctx: Pick<Context, "db">): Promise<BackupsSummary> {
  const listed = { deletedAt: null } as const;
  const silent = await ctx.db.store.findMany({ where: { problem: { not: null }, removedAt: null }, select: { id: true, name: true } });
  const [names, whole, broken, unreachable] = await Promise.all([
    ctx.db.backup.groupBy({ by: ["databaseName"], where: listed }),
    ctx.db.backup.groupBy({ by: ["rung"], where: { ...listed, problem: null }, _count: true }),
    ctx.db.backup.count({ where: { ...listed, problem: { not: null } } }),
    silent.length === 0 ? [] : ctx.db.backup.groupBy({ by: ["rung"], where: { ...listed, problem: null, copies: { none: { storeId: { notIn: silent.map(({ id }) => id) } } } }, _count: true }),
  ]);
  const summary: BackupsSummary = { total: broken, databases: names.length, proven: 0, readable: 0, intact: 0, stored: 0, broken, unreachable: 0, silentStores: silent.map(({ name }) => name) };
  const add = (rung: number, many: number) => (summary[rungOf(rung) ?? "stored"] += many);
  for (const group of whole) {
    summary.total += group._count;
    add(group.rung, group._count);
  }
  for (const group of unreachable) {
    summary.unreachable += group._count;
    add(group.rung, -group._count);
  }
  return summary;
}
