import "server-only";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Db } from "@/lib/db/client";
import { partialMark } from "@/lib/stores/local";
import { inTime } from "@/lib/stores/patience";
import { uploadOwner } from "./receive";

/** An upload writes all the time; one that has not for so long has nobody behind it any more. */
const abandonedAfterMs = 60 * 60_000;

/** Removes what uploads left whose web process was ended in the middle. Returns how many files that were. */
export async function removeAbandonedUploads(db: Db): Promise<number> {
  let removed = 0;
  for (const store of await db.store.findMany({ where: { removedAt: null }, select: { name: true, path: true } })) {
    for (const name of await inTime(store, () => readdir(store.path)).catch(() => [] as string[])) {
      if (!name.startsWith(`${partialMark}${uploadOwner}-`)) continue;
      const file = path.join(store.path, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs < abandonedAfterMs) continue;
      await rm(file, { force: true });
      removed += 1;
    }
  }
  return removed;
}
