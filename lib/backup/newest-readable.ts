import "server-only";
import type { Context } from "@/lib/context";

/** A backup that could be read to its end when it was last looked at. */
export interface ReadablePoint {
  id: string;
  takenAt: Date;
  rung: number;
}

/** The newest readable backups of one database, at most two: enough to say what deleting one of them costs. */
export async function newestReadable(ctx: Pick<Context, "db">, databaseId: string): Promise<ReadablePoint[]> {
  return ctx.db.backup.findMany({
    where: { databaseId, deletedAt: null, rung: { gte: 3 }, problem: null, copies: { some: { missingAt: null, store: { removedAt: null } } } },
    orderBy: { takenAt: "desc" },
    take: 2,
    select: { id: true, takenAt: true, rung: true },
  });
}
