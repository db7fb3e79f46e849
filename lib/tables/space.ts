import "server-only";
import type { Server } from "@/lib/postgres/server";
import { reserveOf } from "@/lib/restore/checks";
import { tableErrors } from "./errors";
import { readRights, spaceOfServer } from "./facts";

const everyMs = 2_000;

/**
 * Runs `work` and stops it when the server's disk is nearly full: a volume that fills up ends the live database in the middle of its
 * write-ahead log. Throws `tables.space_ran_out`. Where the disk cannot be asked, it is not watched.
 */
export async function whileSpaceLasts<T>(server: Server, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { dataDirectory } = await readRights(server, signal);
  const full = new AbortController();
  let isAsking = false;
  const look = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const space = await spaceOfServer(server, dataDirectory, signal);
      if (space && space.freeBytes < reserveOf(space.totalBytes)) full.abort(tableErrors.space_ran_out({ freeBytes: space.freeBytes }));
    } catch {
      // The work itself finds out why the container does not answer.
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  try {
    return await work(AbortSignal.any([signal, full.signal]));
  } catch (error) {
    throw full.signal.aborted ? full.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}
