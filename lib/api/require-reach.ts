import "server-only";
import { backupErrors } from "@/lib/backup/errors";
import type { Context } from "@/lib/context";
import { databaseErrors } from "@/lib/databases/errors";
import type { AppError } from "@/lib/errors";
import { restoreErrors } from "@/lib/restore/errors";
import { runErrors } from "@/lib/runs/errors";
import { reaches } from "@/lib/tokens/reaches";
import { recordRefusal } from "@/lib/tokens/refusal";

type Found = { databaseIds: (string | null)[] } | null;

/** How the databases are found that an input's member stands for, and what is thrown for one that the caller does not reach. */
const subjects: Record<string, { find: (ctx: Context, id: never) => Promise<Found>; missing: () => AppError }> = {
  databaseId: { find: async (_, id: string) => ({ databaseIds: [id] }), missing: () => databaseErrors.not_found({}) },
  backupId: {
    find: async ({ db }, id: string) => databaseOf(await db.backup.findUnique({ where: { id }, select: { databaseId: true } })),
    missing: () => backupErrors.not_found({}),
  },
  restoreId: {
    find: async ({ db }, id: string) => databaseOf(await db.restore.findUnique({ where: { id }, select: { databaseId: true } })),
    missing: () => restoreErrors.not_found({}),
  },
  runId: { find: findRun, missing: () => runErrors.not_found({ runId: 0 }) },
  planRunId: { find: findRun, missing: () => restoreErrors.no_plan({}) },
};

/**
 * Authorises every object that an input names, by the name of the member: whatever is added later is asked too. Throws what is thrown
 * for an object that is not there, so that nobody learns which are.
 */
export async function requireReach(ctx: Context, input: Readonly<Record<string, unknown>>): Promise<void> {
  if (ctx.actor.kind !== "token" || ctx.actor.databaseIds === null) return;
  for (const [member, { find, missing }] of Object.entries(subjects)) {
    const id = input[member];
    if (id === undefined || id === null) continue;
    const found = await find(ctx, id as never);
    if (found?.databaseIds.every((one) => reaches(ctx.actor, one))) continue;
    if (found) await recordRefusal(ctx, "Refused a request about a database that the token does not reach", { asked: member });
    throw missing();
  }
}

function databaseOf(row: { databaseId: string | null } | null): Found {
  return row && { databaseIds: [row.databaseId] };
}

/** A run may work on one database with a backup of another. */
async function findRun({ db }: Context, id: number): Promise<Found> {
  const run = await db.run.findUnique({ where: { id }, select: { databaseId: true, backup: { select: { databaseId: true } } } });
  return run && { databaseIds: [run.databaseId ?? run.backup?.databaseId ?? null, ...(run.backup ? [run.backup.databaseId] : [])] };
}
