import "server-only";
import { execText } from "@/lib/docker/exec";
import type { Server } from "@/lib/postgres/server";
import { convertErrors } from "./errors";

const everyMs = 2_000;
/** What is left to everything else on that disk: a tenth, and never less than this. */
const leastFreeBytes = 2 * 1024 ** 3;

/**
 * Aborts what it returns a signal for when the disk of a throwaway server runs low: the same disk may hold the live data, and a
 * file can grow without end. Call `stop` when the work is over.
 */
export function watchSpace(server: Server, directory: string, signal: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const low = new AbortController();
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking || low.signal.aborted) return;
    isAsking = true;
    void freeOf(server, directory)
      .then((space) => {
        if (space && space.freeBytes < Math.max(leastFreeBytes, space.totalBytes / 10)) low.abort(convertErrors.no_space({ freeBytes: space.freeBytes }));
      })
      .catch(() => undefined) // The container may be gone: whoever works in it hears of that.
      .finally(() => (isAsking = false));
  }, everyMs);
  return { signal: AbortSignal.any([signal, low.signal]), stop: () => clearInterval(timer) };
}

async function freeOf(server: Server, directory: string): Promise<{ freeBytes: number; totalBytes: number } | null> {
  const { exitCode, stdout } = await execText(server.engine, { container: server.container.id, tool: "df", argv: ["df", "-Pk", directory] });
  const [, total, , free] = stdout.trim().split("\n").at(-1)?.trim().split(/\s+/).map(Number) ?? [];
  if (exitCode !== 0 || total === undefined || free === undefined || !Number.isFinite(free)) return null;
  return { freeBytes: free * 1024, totalBytes: total * 1024 };
}
