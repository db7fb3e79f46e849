import "server-only";
import type { Db, Tx } from "@/lib/db/client";
import { readJson } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { BackupOptions } from "./schemas";

const select = { id: true, options: true, schedules: { where: { kind: "backup", removedAt: null }, select: { options: true } } } as const satisfies Prisma.DatabaseSelect;

/**
 * The databases that are backed up in part as a rule: the options of their schedule, or else their own, leave out tables or rows. Partial
 * backups are their good ones; of any other database a partial one, made by hand, stands for nothing that is backed up whole.
 */
export async function backedUpInPart(db: Db | Tx): Promise<Set<string>> {
  const rows = await db.database.findMany({ where: { removedAt: null }, select });
  return new Set(rows.filter(leavesOut).map(({ id }) => id));
}

/** Whether one database is. */
export async function isBackedUpInPart(db: Db | Tx, databaseId: string): Promise<boolean> {
  const row = await db.database.findUnique({ where: { id: databaseId }, select });
  return row !== null && leavesOut(row);
}

/** What a backup has to be to count as one of its database's good ones. */
export async function countsFor(db: Db | Tx, databaseId: string): Promise<Prisma.BackupWhereInput> {
  return (await isBackedUpInPart(db, databaseId)) ? {} : { isPartial: false };
}

function leavesOut({ options, schedules: [schedule] }: Prisma.DatabaseGetPayload<{ select: typeof select }>): boolean {
  const { excludeTables, excludeTableData } = readJson(BackupOptions, schedule?.options ?? null) ?? readJson(BackupOptions, options);
  return excludeTables.length + excludeTableData.length > 0;
}
