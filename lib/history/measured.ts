import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import type { Measurement } from "./recovery-time";
import { fromDrill, fromRestore } from "./read-times";

const Pointers = z.array(z.object({ databaseId: z.string(), drillId: z.string().nullable(), restoreId: z.string().nullable() }));

/** The newest drill or restore of every database that was timed to its end, in three queries whatever their number. */
export async function lastMeasured({ db }: Pick<Context, "db">): Promise<Map<string, Measurement>> {
  const pointers = Pointers.parse(await db.$queryRaw`
    SELECT d."id" AS "databaseId",
      (SELECT x."id" FROM "Drill" x WHERE x."databaseId" = d."id" AND x."outcome" || '' = 'passed' AND x."totalMs" IS NOT NULL ORDER BY x."startedAt" DESC LIMIT 1) AS "drillId",
      (SELECT r."id" FROM "Restore" r WHERE r."databaseId" = d."id" AND r."state" || '' IN ('swapped', 'undone', 'created') AND r."totalMs" IS NOT NULL ORDER BY r."startedAt" DESC LIMIT 1) AS "restoreId"
    FROM "Database" d`);
  const ids = (which: "drillId" | "restoreId") => pointers.flatMap((one) => one[which] ?? []);
  const [drills, restores] = await Promise.all([
    db.drill.findMany({ where: { id: { in: ids("drillId") } } }),
    db.restore.findMany({ where: { id: { in: ids("restoreId") } } }),
  ]);
  const newest = new Map<string, Measurement>();
  const all = [...drills.map((row) => ({ row, found: fromDrill(row) })), ...restores.map((row) => ({ row, found: fromRestore(row) }))];
  for (const { row, found: [one] } of all) {
    if (!row.databaseId || !one) continue;
    const other = newest.get(row.databaseId);
    if (!other || other.from < one.from) newest.set(row.databaseId, one);
  }
  return newest;
}
