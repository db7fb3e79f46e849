import { createReadStream, statSync } from "node:fs";
import path from "node:path";
import type { Backup } from "@/lib/db/generated/client";
import { readFileName } from "@/lib/backup/names";
import { uploadErrors } from "@/lib/upload/errors";
import { receiveUpload } from "@/lib/upload/receive";
import { startRescanStore } from "@/lib/stores/manage";
import { cliErrors } from "../errors";
import { backupOfFile, real } from "../find";
import { perform } from "../perform";
import type { Session } from "../session";
import type { ProcedureDatabase } from "./database";

/**
 * The backup that a file is. One in a store that is not listed yet is found by a rescan; one from anywhere else is copied into the
 * database's store, under its own name. Throws `cli.no_file`, and `upload.*` for what is no dump.
 */
export async function takeIn(session: Session, file: string, database: ProcedureDatabase): Promise<{ backup: Backup; how: "known" | "rescanned" | "copied" }> {
  const { ctx, home } = session;
  const known = await backupOfFile(session, file);
  if (known) return { backup: known, how: "known" };
  const place = path.resolve(home.startedIn, file);
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found?.isFile()) throw cliErrors.no_file({ path: place });
  if (!readFileName(place)) throw uploadErrors.unknown_kind({ name: path.basename(place) });
  const stores = await ctx.db.store.findMany({ where: { removedAt: null } });
  const holder = stores.find((store) => real(place).startsWith(real(store.path) + path.sep));
  if (holder) {
    await perform(session, () => startRescanStore(ctx, { storeId: holder.id }), { steps: false });
    const listed = await backupOfFile(session, file);
    if (listed) return { backup: listed, how: "rescanned" };
  }
  const input = { storeId: database.storeId, name: path.basename(place), modifiedAt: Math.round(found.mtimeMs) };
  const { backupId } = await receiveUpload(ctx, input, createReadStream(place), found.size);
  return { backup: await ctx.db.backup.findUniqueOrThrow({ where: { id: backupId } }), how: "copied" };
}
