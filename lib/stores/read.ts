import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { StoreCheck, StoreIdInput } from "./schemas";

export interface StoreUse {
  name: string;
  bytes: number;
  backups: number;
}

const Rows = z.array(z.object({ storeId: z.string(), name: z.string(), bytes: z.coerce.number(), backups: z.coerce.number() }));

/**
 * What each store holds, by database, the largest first. Files that are missing are not counted, and
 * neither are those that nobody's database bears and that are known to be broken: they are no backups of anything. Copies say themselves whose they
 * are, so an index answers without their backups; only those that do not say are looked up.
 */
export async function readStoreUse({ db }: Pick<Context, "db">): Promise<Map<string, StoreUse[]>> {
  const rows = Rows.parse(await db.$queryRaw`
    SELECT u."storeId" AS "storeId", coalesce(max(d."name"), max(u."key")) AS "name", sum(u."bytes") AS "bytes", sum(u."backups") AS "backups"
    FROM (
      SELECT c."storeId", c."databaseKey" AS "key", sum(c."sizeBytes") AS "bytes", count(*) AS "backups"
      FROM "Copy" c WHERE c."missingAt" IS NULL AND c."databaseKey" IS NOT NULL GROUP BY c."databaseKey", c."storeId"
      UNION ALL
      SELECT c."storeId", coalesce(b."databaseId", b."databaseName"), c."sizeBytes", 1
      FROM "Copy" c JOIN "Backup" b ON b."id" = c."backupId" WHERE c."missingAt" IS NULL AND c."databaseKey" IS NULL AND b."deletedAt" IS NULL
      UNION ALL
      SELECT c."storeId", coalesce(c."databaseKey", b."databaseName"), -c."sizeBytes", -1
      FROM "Backup" b JOIN "Copy" c ON c."backupId" = b."id"
      WHERE b."deletedAt" IS NULL AND b."problem" IS NOT NULL AND b."origin" = 'foreign' AND b."databaseId" IS NULL AND c."missingAt" IS NULL
    ) u LEFT JOIN "Database" d ON d."id" = u."key"
    GROUP BY u."storeId", u."key" HAVING sum(u."backups") > 0`);
  const use = new Map<string, StoreUse[]>();
  for (const { storeId, ...one } of rows.sort((a, b) => b.bytes - a.bytes)) use.set(storeId, [...(use.get(storeId) ?? []), one]);
  return use;
}

/** The newest finished test of each store that was tested lately. */
export async function readStoreChecks({ db }: Pick<Context, "db">): Promise<Map<string, { runId: number; at: Date | null; check: StoreCheck }>> {
  const runs = await db.run.findMany({ where: { kind: "check_store", status: "succeeded" }, orderBy: { id: "desc" }, take: 100, select: { id: true, input: true, result: true, finishedAt: true } });
  const found = new Map<string, { runId: number; at: Date | null; check: StoreCheck }>();
  for (const { id, input, result, finishedAt } of runs) {
    const { storeId } = readJson(StoreIdInput, input);
    const check = readJson(StoreCheck, result);
    if (check && !found.has(storeId)) found.set(storeId, { runId: id, at: finishedAt, check });
  }
  return found;
}

/** The stores that lie on the disk of Docker's data, as far as their last test could tell. */
export async function readSharedDisks(ctx: Pick<Context, "db">): Promise<Set<string>> {
  const checks = await readStoreChecks(ctx);
  return new Set([...checks].flatMap(([storeId, { check }]) => (check.sharesDisk ? [storeId] : [])));
}
