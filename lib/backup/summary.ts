import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { rungOf } from "./schemas";
import { silentStores } from "./silent-stores";
import type { BackupsSummary } from "./summary-sentence";

/** Counts every listed backup by how far it can be trusted. */
export async function summariseBackups(ctx: Pick<Context, "db">): Promise<BackupsSummary> {
  const listed = { deletedAt: null } as const;
  const silent = await silentStores(ctx);
  const [names, whole, broken, unreachable] = await Promise.all([
    countNames(ctx),
    ctx.db.backup.groupBy({ by: ["rung"], where: { ...listed, problem: null }, _count: true }),
    ctx.db.backup.count({ where: { ...listed, problem: { not: null } } }),
    silent.length === 0 ? [] : ctx.db.backup.groupBy({ by: ["rung"], where: { ...listed, problem: null, copies: { none: { storeId: { notIn: silent.map(({ id }) => id) }, missingAt: null, problem: null } } }, _count: true }),
  ]);
  const summary: BackupsSummary = { total: broken, databases: names, proven: 0, readable: 0, intact: 0, stored: 0, broken, unreachable: 0, silentStores: silent.map(({ name }) => name) };
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

const Names = z.tuple([z.object({ many: z.coerce.number() })]);

/** How many databases the list speaks of: from name to name along the index, instead of through every backup. */
async function countNames({ db }: Pick<Context, "db">): Promise<number> {
  const [{ many }] = Names.parse(await db.$queryRaw`
    WITH RECURSIVE names("name") AS (
      SELECT min(b."databaseName") FROM "Backup" b WHERE b."deletedAt" IS NULL
      UNION ALL
      SELECT (SELECT min(b."databaseName") FROM "Backup" b WHERE b."deletedAt" IS NULL AND b."databaseName" > names."name") FROM names WHERE names."name" IS NOT NULL
    ) SELECT count("name") AS "many" FROM names`);
  return many;
}
