import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { fromDrill, fromRestore } from "./read-times";
import type { Measurement } from "./recovery-time";

const Pointers = z.array(z.object({ databaseId: z.string(), drillId: z.string().nullable(), restoreId: z.string().nullable() }));

/** A database, and the backup of it that would be restored; null: none is chosen or known, so its size rules nothing out. */
export interface Wanted {
  databaseId: string;
  backupId: string | null;
}

/** A measurement with the size of what it restored. */
export interface SizedMeasurement extends Measurement {
  sizeBytes: number;
}

/**
 * By database, the drill or restore that says how long restoring the wanted backup takes: the newest, timed to its end, of a backup at
 * least half and at most twice as large; else the newest of a larger one, as it was measured, since a smaller backup takes no longer. What a
 * smaller one took says nothing and is not scaled up: then there is none. Three queries and the sizes, whatever the number of databases.
 */
export async function lastMeasured({ db }: Pick<Context, "db">, wanted: readonly Wanted[]): Promise<Map<string, SizedMeasurement>> {
  const pointers = Pointers.parse(await db.$queryRaw`
    WITH "wanted" AS (
      SELECT w."value" ->> 'databaseId' AS "databaseId", coalesce((SELECT b."sizeBytes" / 2 FROM "Backup" b WHERE b."id" = w."value" ->> 'backupId'), 0) AS "least",
        (SELECT b."sizeBytes" * 2 FROM "Backup" b WHERE b."id" = w."value" ->> 'backupId') AS "most"
      FROM json_each(${JSON.stringify(wanted)}) w),
    "band" AS (
      SELECT "databaseId", "least", coalesce("most", 9e18) AS "most", 1 AS "fits" FROM "wanted"
      UNION ALL SELECT "databaseId", "most", 9e18, 0 FROM "wanted" WHERE "most" IS NOT NULL)
    SELECT d."databaseId",
      (SELECT x."id" FROM "Drill" x JOIN "Backup" b ON b."id" = x."backupId" WHERE x."databaseId" = d."databaseId" AND x."outcome" || '' = 'passed' AND x."totalMs" IS NOT NULL
        AND b."sizeBytes" BETWEEN d."least" AND d."most" ORDER BY x."startedAt" DESC LIMIT 1) AS "drillId",
      (SELECT r."id" FROM "Restore" r JOIN "Backup" b ON b."id" = r."backupId" WHERE r."databaseId" = d."databaseId" AND r."state" || '' IN ('swapped', 'undone', 'created') AND r."totalMs" IS NOT NULL
        AND b."sizeBytes" BETWEEN d."least" AND d."most" ORDER BY r."startedAt" DESC LIMIT 1) AS "restoreId"
    FROM "band" d ORDER BY d."fits" DESC`);
  const ids = (which: "drillId" | "restoreId") => pointers.flatMap((one) => one[which] ?? []);
  const include = { backup: { select: { sizeBytes: true } } };
  const [drills, restores] = await Promise.all([
    db.drill.findMany({ where: { id: { in: ids("drillId") } }, include }),
    db.restore.findMany({ where: { id: { in: ids("restoreId") } }, include }),
  ]);
  const sized = ({ backup }: { backup: { sizeBytes: bigint } }, all: Measurement[]) => all.map((one): [string, SizedMeasurement] => [one.id, { ...one, sizeBytes: Number(backup.sizeBytes) }]);
  const byId = new Map([...drills.flatMap((row) => sized(row, fromDrill(row))), ...restores.flatMap((row) => sized(row, fromRestore(row)))]);
  const found = new Map<string, SizedMeasurement>();
  // Those that fit come first.
  for (const { databaseId, drillId, restoreId } of pointers) {
    const [newest] = [drillId, restoreId].flatMap((id) => byId.get(id ?? "") ?? []).sort((a, b) => b.from - a.from);
    if (newest && !found.has(databaseId)) found.set(databaseId, newest);
  }
  return found;
}
