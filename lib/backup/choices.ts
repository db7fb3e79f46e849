import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import { BackupOptions } from "@/lib/databases/schemas";
import { backupKey } from "@/lib/runs/enqueue";

/** A database as the "Back up now" dialog offers it, with what happened the last time. */
export interface BackupChoice {
  id: string;
  name: string;
  container: string;
  store: string;
  options: BackupOptions;
  /** The run that is backing it up at this moment. */
  activeRunId: number | null;
  last: { runId: number; ms: number; sizeBytes: number | null } | null;
}

/** Every protected database, in order of name. */
export async function backupChoices(ctx: Pick<Context, "db">): Promise<BackupChoice[]> {
  const databases = await ctx.db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: { store: { select: { name: true } } } });
  return Promise.all(
    databases.map(async (database) => {
      const [last, active] = await Promise.all([
        ctx.db.run.findFirst({ where: { databaseId: database.id, kind: "backup", status: "succeeded" }, orderBy: { id: "desc" }, select: { id: true, startedAt: true, finishedAt: true, backup: { select: { sizeBytes: true } } } }),
        ctx.db.run.findUnique({ where: { activeKey: backupKey(database.id) }, select: { id: true } }),
      ]);
      const { id, name, container } = database;
      const ms = last?.startedAt && last.finishedAt ? last.finishedAt.getTime() - last.startedAt.getTime() : null;
      return {
        id,
        name,
        container,
        store: database.store.name,
        options: readJson(BackupOptions, database.options),
        activeRunId: active?.id ?? null,
        last: last && ms !== null ? { runId: last.id, ms, sizeBytes: toNumber(last.backup?.sizeBytes ?? null) } : null,
      };
    }),
  );
}
