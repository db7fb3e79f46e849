import "server-only";
import { open, type FileHandle } from "node:fs/promises";
import { sidecarName } from "@/lib/backup/names";
import type { Context } from "@/lib/context";
import { whyOf } from "@/lib/stores/errors";
import { pathOf } from "@/lib/stores/local";
import { downloadErrors } from "./errors";
import type { DownloadInput, DownloadPart } from "./schemas";

export interface OpenedFile {
  /** Open for reading; whoever asked closes it. */
  handle: FileHandle;
  sizeBytes: number;
  modifiedAt: Date;
  fileName: string;
  contentType: string;
  /** What the bytes were when they were stored. */
  sha256: string | null;
  backup: { id: string; database: { id: string; name: string } | null; databaseName: string };
}

const contentTypes = {
  backup: "application/octet-stream",
  roles: "application/sql; charset=utf-8",
  sidecar: "application/json; charset=utf-8",
} as const satisfies Record<DownloadPart, string>;

/**
 * Opens a backup's file, or a companion of it, from the first store that still has it, and rather where nothing is known against it. Throws `download.no_backup`,
 * `download.no_roles`, `download.file_missing`, `download.unreadable`, and `store.outside` for a key that leads out of its store.
 */
export async function openBackupFile(ctx: Pick<Context, "db">, { id, part }: DownloadInput): Promise<OpenedFile> {
  const backup = await ctx.db.backup.findFirst({
    where: { id, deletedAt: null },
    include: { database: { select: { id: true, name: true } }, copies: { where: { store: { removedAt: null } }, include: { store: true }, orderBy: [{ problem: { sort: "asc", nulls: "first" } }, { storedAt: "asc" }] } },
  });
  if (!backup) throw downloadErrors.no_backup({});
  const copies = backup.copies.flatMap(({ store, key, rolesKey, sha256, rolesSha256 }) => {
    if (part === "backup") return [{ store, key, sha256 }];
    if (part === "sidecar") return [{ store, key: sidecarName(key), sha256: null }];
    return rolesKey === null ? [] : [{ store, key: rolesKey, sha256: rolesSha256 }];
  });
  if (part === "roles" && copies.length === 0) throw downloadErrors.no_roles({});
  for (const { store, key, sha256 } of copies) {
    const handle = await openIfThere(pathOf(store, key), key);
    if (!handle) continue;
    const { size, mtime } = await handle.stat();
    const { database, databaseName } = backup;
    const fileName = key.split("/").at(-1) ?? key;
    return { handle, sizeBytes: size, modifiedAt: mtime, fileName, contentType: contentTypes[part], sha256, backup: { id, database, databaseName } };
  }
  throw downloadErrors.file_missing({ key: copies[0]?.key ?? "The file", stores: copies.map(({ store }) => store.name) });
}

async function openIfThere(file: string, key: string): Promise<FileHandle | null> {
  try {
    const handle = await open(/*turbopackIgnore: true*/ file, "r");
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw downloadErrors.unreadable({ key, why: whyOf(error) }, { cause: error });
  }
}
