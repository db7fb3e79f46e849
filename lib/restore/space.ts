import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { workRoot } from "@/lib/postgres/dump";
import { queryJson, run, type Server } from "@/lib/postgres/server";
import { reserveOf } from "./checks";
import { restoreErrors } from "./errors";

export interface VolumeSpace {
  freeBytes: number;
  totalBytes: number;
}

/** Where the server keeps its data: what it says itself, else what its image says. Null for a role that may not know. */
async function dataDirectory(server: Server, signal?: AbortSignal): Promise<string | null> {
  const sql = `SELECT coalesce((SELECT to_json(setting) FROM pg_catalog.pg_settings WHERE name = 'data_directory'), 'null');`;
  const said = await queryJson(server, { what: "the data directory was looked up", sql, schema: z.string().nullable() }, signal);
  return said ?? server.container.env["PGDATA"] ?? null;
}

/** Free and total bytes of the file system that the server's data lies on; null when it cannot be asked. */
export async function freeOnVolume(server: Server, signal?: AbortSignal): Promise<VolumeSpace | null> {
  const directory = await dataDirectory(server, signal);
  return directory ? measure(server, directory, signal) : null;
}

/**
 * Bytes that a load may lay down inside the container without touching the reserve; null when that cannot be asked, or is no disk: what lies
 * in a tmpfs takes the server's own memory.
 */
export async function roomToLayDown(server: Server, signal?: AbortSignal): Promise<number | null> {
  const { exitCode, stdout } = await run(server, ["df", "-PkT", workRoot], {}, signal);
  const [, type, total, , free] = (stdout.trim().split("\n").at(-1) ?? "").trim().split(/\s+/);
  const usable = Number(free) * 1024 - reserveOf(Number(total) * 1024);
  return exitCode === 0 && type !== "tmpfs" && Number.isFinite(usable) ? Math.max(0, usable) : null;
}

async function measure(server: Server, directory: string, signal?: AbortSignal): Promise<VolumeSpace | null> {
  const { exitCode, stdout } = await run(server, ["df", "-Pk", directory], {}, signal);
  const [, total, , free] = (stdout.trim().split("\n").at(-1) ?? "").trim().split(/\s+/).map((word) => Number(word) * 1024);
  return exitCode === 0 && Number.isFinite(free) && Number.isFinite(total) ? { freeBytes: free ?? 0, totalBytes: total ?? 0 } : null;
}

/** Whoever fills a volume is slower than this, all together, so where much is free the next look may wait: each is a process in the container. */
const fastestBytesPerMs = (4 * 2 ** 30) / 1_000;
const lookEveryMs = { atLeast: 2_000, atMost: 5_000 };

/** How long a volume of which `bytes` may still be used can be left alone. */
export function safeForMs(bytes: number): number {
  return Math.min(lookEveryMs.atMost, Math.max(lookEveryMs.atLeast, bytes / fastestBytesPerMs));
}

/**
 * Runs `work` while it watches the volume, and aborts it with `restore.disk_filling` before the reserve is touched: a full volume ends
 * in a PANIC that takes every database of the server with it.
 */
export async function whileRoomLasts<T>(server: Server, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const filling = new AbortController();
  const over = new AbortController();
  const watch = watchVolume(server, filling, AbortSignal.any([over.signal, signal]));
  try {
    return await work(AbortSignal.any([signal, filling.signal]));
  } catch (error) {
    throw filling.signal.aborted ? filling.signal.reason : error;
  } finally {
    over.abort();
    await watch;
  }
}

async function watchVolume(server: Server, filling: AbortController, over: AbortSignal): Promise<void> {
  const directory = await dataDirectory(server).catch(() => null);
  while (directory && !over.aborted && !filling.signal.aborted) {
    // A look that fails says nothing; the load itself will fail when the server is away.
    const space = await measure(server, directory).catch(() => null);
    const usable = space ? space.freeBytes - reserveOf(space.totalBytes) : 0;
    if (space && usable < 0) filling.abort(restoreErrors.disk_filling({ container: server.container.name, ...space }));
    await sleep(safeForMs(usable), undefined, { signal: over }).catch(() => undefined);
  }
}
