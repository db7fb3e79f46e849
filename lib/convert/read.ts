import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { FileInspection } from "./schemas";
import { readForeign } from "./source";

/** A foreign file as its page of conversion shows it. */
export interface ForeignView {
  id: string;
  fileName: string;
  databaseName: string;
  sizeBytes: number;
  sha256: string | null;
  store: string;
  takenAt: string;
  by: string;
  /** What was found the last time it was looked through. */
  inspection: FileInspection | null;
  /** The run that is converting it at this moment. */
  activeRunId: number | null;
  /** What came of it so far, newest first. */
  conversions: { id: string; database: string; storedAt: string | null }[];
  /** The database it seems to belong to. */
  databaseId: string | null;
}

/** Throws `convert.not_foreign`, `backup.not_found`, `backup.not_present`. */
export async function readForeignView(ctx: Pick<Context, "db">, backupId: string): Promise<ForeignView> {
  const { backup, copy } = await readForeign(ctx, backupId);
  const [last, active, conversions] = await Promise.all([
    ctx.db.run.findFirst({ where: { kind: "inspect_foreign", backupId, status: "succeeded" }, orderBy: { id: "desc" }, select: { result: true } }),
    ctx.db.run.findUnique({ where: { activeKey: `convert:${backupId}` }, select: { id: true } }),
    ctx.db.backup.findMany({ where: { convertedFromId: backupId, deletedAt: null }, orderBy: { storedAt: "desc" }, select: { id: true, databaseName: true, storedAt: true } }),
  ]);
  return {
    id: backup.id,
    fileName: copy.key,
    databaseName: backup.databaseName,
    sizeBytes: Number(copy.sizeBytes),
    sha256: copy.sha256,
    store: copy.store.name,
    takenAt: backup.takenAt.toISOString(),
    by: backup.initiatorName,
    inspection: readJson(FileInspection, last?.result ?? null),
    activeRunId: active?.id ?? null,
    conversions: conversions.map(({ id, databaseName, storedAt }) => ({ id, database: databaseName, storedAt: storedAt?.toISOString() ?? null })),
    databaseId: backup.databaseId,
  };
}

/** Databases whose server's image could load a foreign file. */
export async function readConvertTargets({ db }: Pick<Context, "db">): Promise<{ id: string; name: string; image: string; serverVersion: string | null }[]> {
  const all = await db.database.findMany({ where: { removedAt: null, image: { not: null } }, orderBy: { name: "asc" }, select: { id: true, name: true, image: true, serverVersion: true } });
  return all.flatMap(({ image, ...database }) => (image ? [{ ...database, image }] : []));
}
