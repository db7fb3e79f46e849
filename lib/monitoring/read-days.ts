import "server-only";
import type { Context } from "@/lib/context";
import { stripStart, type DayFacts } from "./assess-days";

/** The backups and failures of the last 30 days, by database. */
export async function readDays({ db, clock }: Pick<Context, "db" | "clock">): Promise<Map<string, DayFacts>> {
  const since = stripStart(clock.now());
  const wanted = { databaseId: true, takenAt: true, rung: true, problem: true } as const;
  const [present, deleted, failed] = await Promise.all([
    db.backup.findMany({ where: { deletedAt: null, takenAt: { gte: since } }, select: wanted }),
    // Deleted since, but taken within the 30 days: the day was what it was. Two queries, so that each has its index.
    db.backup.findMany({ where: { deletedAt: { gte: since }, takenAt: { gte: since } }, select: wanted }),
    db.run.findMany({ where: { kind: "backup", status: { in: ["failed", "lost"] }, queuedAt: { gte: since } }, select: { databaseId: true, finishedAt: true, queuedAt: true } }),
  ]);
  const days = new Map<string, { backups: DayFacts["backups"][number][]; failures: Date[] }>();
  const of = (databaseId: string) => {
    const found = days.get(databaseId) ?? { backups: [], failures: [] };
    days.set(databaseId, found);
    return found;
  };
  for (const { databaseId, takenAt, rung, problem } of [...present, ...deleted]) {
    if (databaseId) of(databaseId).backups.push({ takenAt, rung, hasProblem: problem !== null });
  }
  for (const { databaseId, finishedAt, queuedAt } of failed) {
    if (databaseId) of(databaseId).failures.push(finishedAt ?? queuedAt);
  }
  return days;
}
