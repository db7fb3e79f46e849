import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { rungNumber } from "@/lib/backup/schemas";
import { backedUpInPart } from "@/lib/databases/partial";
import { Prisma } from "@/lib/db/generated/client";
import { stripStart, type DayFacts } from "./assess-days";

const Alike = z.array(z.object({ databaseId: z.string(), rung: z.coerce.number(), hasProblem: z.coerce.boolean(), isPartial: z.coerce.boolean(), takenAt: z.coerce.date(), many: z.coerce.number() }));

/** The backups, failures and missed times of the last 30 days, by database. */
export async function readDays({ db, clock }: Pick<Context, "db" | "clock">): Promise<Map<string, DayFacts>> {
  const since = stripStart(clock.now());
  const [backups, inPart, missed, failed] = await Promise.all([
    readAlike({ db }, since),
    backedUpInPart(db),
    db.occurrence.findMany({ where: { state: "missed", startAt: { gte: since }, schedule: { kind: "backup" } }, select: { dueAt: true, schedule: { select: { databaseId: true } } } }),
    db.run.findMany({ where: { kind: "backup", status: { in: ["failed", "lost"] }, queuedAt: { gte: since } }, select: { databaseId: true, finishedAt: true, queuedAt: true } }),
  ]);
  const days = new Map<string, { backups: DayFacts["backups"][number][]; failures: Date[]; missed: Date[] }>();
  const of = (databaseId: string) => {
    const found = days.get(databaseId) ?? { backups: [], failures: [], missed: [] };
    days.set(databaseId, found);
    return found;
  };
  for (const { databaseId, isPartial, ...alike } of backups) of(databaseId).backups.push({ ...alike, isPartial: isPartial && !inPart.has(databaseId) });
  for (const { dueAt, schedule } of missed) of(schedule.databaseId).missed.push(dueAt);
  for (const { databaseId, finishedAt, queuedAt } of failed) {
    if (databaseId) of(databaseId).failures.push(finishedAt ?? queuedAt);
  }
  return days;
}

/**
 * Backups that are alike and of the same day, counted: with one every 15 minutes there are 3,000 rows, and not 200. Times are written
 * in UTC, so their first ten characters are the day. Deleted ones apart, so that each part has its index. A
 * file made elsewhere is no backup of its day until somebody read it: its date is only what its name says.
 */
async function readAlike({ db }: Pick<Context, "db">, since: Date) {
  const alike = (listed: Prisma.Sql) => Prisma.sql`
    SELECT b."databaseId" AS "databaseId", b."rung" AS "rung", b."problem" IS NOT NULL AS "hasProblem", b."isPartial" AS "isPartial", max(b."takenAt") AS "takenAt", count(*) AS "many"
    FROM "Backup" b WHERE ${listed} AND b."takenAt" >= ${since} AND b."databaseId" IS NOT NULL AND NOT (b."origin" = 'foreign' AND b."rung" < ${rungNumber("readable")} AND b."problem" IS NULL)
    GROUP BY b."databaseId", substr(b."takenAt", 1, 10), b."rung", b."problem" IS NOT NULL, b."isPartial"`;
  return Alike.parse(await db.$queryRaw`${alike(Prisma.sql`b."deletedAt" IS NULL`)} UNION ALL ${alike(Prisma.sql`b."deletedAt" >= ${since}`)}`);
}
