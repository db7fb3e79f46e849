import "server-only";
import type { AppError } from "@/lib/errors";
import type { StoredArchive } from "./load";
import { reserveOf } from "./reserve";
import type { Server } from "./server";
import { freeOnVolume, type VolumeSpace } from "./volumes";

/** A restored database takes about as much as the original; the write-ahead log of the load comes on top. */
const growth = 1.2;

/** What a stored backup is about to become in a throwaway server. */
export interface ToLoad {
  archive: Pick<StoredArchive, "format">;
  fileBytes: number;
  databaseBytes: number;
}

/** Throws what `lacking` says where a load would touch the reserve of the server's volume. One that cannot be asked is taken to have room. */
export async function requireRoom(server: Server, { archive, fileBytes, databaseBytes }: ToLoad, lacking: (space: VolumeSpace) => AppError, signal: AbortSignal): Promise<void> {
  const space = await freeOnVolume(server, signal);
  if (!space) return;
  const unpacked = archive.format === "directory" ? 2 * fileBytes : 0;
  if (space.freeBytes - databaseBytes * growth - unpacked < reserveOf(space.totalBytes)) throw lacking(space);
}
