import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AppError } from "@/lib/errors";
import { workRoot } from "./dump";
import { floorOf, reserveOf } from "./reserve";
import { queryJson, run, type Server } from "./server";

export interface VolumeSpace {
  freeBytes: number;
  totalBytes: number;
}

interface Volume extends VolumeSpace {
  /** Where it is mounted in the container. */
  mount: string;
  /** The same for all mounts of one file system, as for two volumes of one disk. */
  fileSystem: string;
}

export interface PlacedVolume extends VolumeSpace {
  mount: string;
  /** What of a server lies there: its data directory, its write-ahead log, the tablespace that is the home of one of its databases. */
  roles: ("data" | "wal" | "home")[];
}

/** What a load into a database like `name` writes to. A volume that cannot be asked is missing, and a size that cannot is null. */
export async function surveyVolumes(server: Server, name: string, signal?: AbortSignal): Promise<{ volumes: PlacedVolume[]; walBytes: number | null }> {
  const data = await dataDirectory(server, signal);
  if (data === null) return { volumes: [], walBytes: null };
  const wal = `${data}/pg_wal`;
  const places = [["data", data], ["wal", wal], ["home", await homeOf(server, name, data, signal)]] as const;
  // One by one: of several directories `df` does not say which one it could not ask.
  const asked = Promise.all(places.map(async ([role, directory]) => ({ role, volume: directory === null ? undefined : (await measure(server, [directory], signal))[0] })));
  const [walBytes, found] = await Promise.all([sizeOf(server, wal, signal), asked]);
  const volumes = new Map<string, PlacedVolume>();
  for (const { role, volume } of found) {
    if (!volume) continue;
    const { fileSystem, ...space } = volume;
    const known = volumes.get(fileSystem);
    volumes.set(fileSystem, { ...(known ?? space), roles: [...(known?.roles ?? []), role] });
  }
  return { volumes: [...volumes.values()], walBytes };
}

/** Free and total bytes of the file system that the server's data lies on; null when it cannot be asked. */
export async function freeOnVolume(server: Server, signal?: AbortSignal): Promise<VolumeSpace | null> {
  const data = await dataDirectory(server, signal);
  const [volume] = data === null ? [] : await measure(server, [data], signal);
  return volume ? { freeBytes: volume.freeBytes, totalBytes: volume.totalBytes } : null;
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

/** Where the server keeps its data: what it says itself, else what its image says. Null for a role that may not know. */
async function dataDirectory(server: Server, signal?: AbortSignal): Promise<string | null> {
  const sql = `SELECT coalesce((SELECT to_json(setting) FROM pg_catalog.pg_settings WHERE name = 'data_directory'), 'null');`;
  const said = await queryJson(server, { what: "the data directory was looked up", sql, schema: z.string().nullable() }, signal);
  return said ?? server.container.env["PGDATA"] ?? null;
}

/** Where the tablespace of a database lies; that of a database which does not exist lies with the data. Null when the server cannot tell. */
async function homeOf(server: Server, name: string, data: string, signal?: AbortSignal): Promise<string | null> {
  const sql = `SELECT coalesce((SELECT to_json(pg_catalog.pg_tablespace_location(dattablespace)) FROM pg_catalog.pg_database WHERE datname = :'name'), '""');`;
  const location = await queryJson(server, { what: "its tablespace was looked up", sql, schema: z.string(), variables: { name } }, signal).catch(() => null);
  // A location that is no path from the root is inside the data directory.
  return location === null || location.startsWith("/") ? location : data;
}

/** Bytes that lie in a directory, or in the one that it is a link to. */
async function sizeOf(server: Server, directory: string, signal?: AbortSignal): Promise<number | null> {
  const { stdout } = await run(server, ["du", "-sk", `${directory}/`], {}, signal);
  const [kibibytes] = /^\d+/.exec(stdout) ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** Where something is written while it is loaded: the server's data first, then its write-ahead log and its tablespaces, which may be other volumes. */
async function directoriesOf(server: Server, isLaidDown: boolean, signal: AbortSignal): Promise<string[]> {
  const data = await dataDirectory(server, signal);
  if (data === null) return [];
  const sql = `SELECT coalesce(json_agg(l), '[]') FROM pg_catalog.pg_tablespace t, pg_catalog.pg_tablespace_location(t.oid) l WHERE l LIKE '/%';`;
  // One whose link is missing is an error, and no reason not to watch the others.
  const tablespaces = await queryJson(server, { what: "its tablespaces were looked up", sql, schema: z.array(z.string()) }, signal).catch(() => []);
  return [data, `${data}/pg_wal`, ...tablespaces, ...(isLaidDown ? [workRoot] : [])];
}

const line = /^(.+?)\s+(\d+)\s+\d+\s+(-?\d+)\s+\S+\s+(\/.*)$/;

/** The file systems that `directories` lie on, each once, in their order. What cannot be asked is missing. */
async function measure(server: Server, directories: readonly string[], signal?: AbortSignal): Promise<Volume[]> {
  const { stdout } = await run(server, ["df", "-Pk", ...directories], {}, signal);
  const volumes = stdout.split("\n").flatMap((text): Volume[] => {
    const [, source = "", total, free, mount = ""] = line.exec(text) ?? [];
    // Only a device or a share is the same one wherever it is named; `tmpfs` is the name of many.
    return mount === "" ? [] : [{ mount, fileSystem: source.includes("/") ? `${source} ${total ?? ""}` : mount, freeBytes: Number(free) * 1024, totalBytes: Number(total) * 1024 }];
  });
  return volumes.filter(({ fileSystem }, index) => volumes.findIndex((one) => one.fileSystem === fileSystem) === index);
}

/** Whoever fills a volume is slower than this, all together, so where much is free the next look may wait: each is a process in the container. */
const fastestBytesPerMs = (4 * 2 ** 30) / 1_000;
const lookEveryMs = { atLeast: 2_000, atMost: 5_000 };

/** How long a volume of which `bytes` may still be used can be left alone. */
export function safeForMs(bytes: number): number {
  return Math.min(lookEveryMs.atMost, Math.max(lookEveryMs.atLeast, bytes / fastestBytesPerMs));
}

/**
 * Runs `work` while it watches every volume the server writes to, and aborts it with what `filling` says before a reserve is touched: a full
 * volume ends in a PANIC that takes every database of the server with it. With `isLaidDown` the one that archives are laid down on as well, which
 * the whole machine may share. Where a volume cannot be asked, it is not watched.
 */
export async function whileRoomLasts<T>(server: Server, watch: { filling: (space: VolumeSpace & { mount: string }) => AppError; isLaidDown?: boolean; signal: AbortSignal }, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { filling, isLaidDown = false, signal } = watch;
  const full = new AbortController();
  const over = new AbortController();
  // Nobody waits for it: a look at a container that is paused, or at a mount that hangs, must not keep a run from ending.
  void watchVolumes(server, isLaidDown, (volume) => full.abort(filling(volume)), AbortSignal.any([over.signal, full.signal, signal]));
  try {
    return await work(AbortSignal.any([signal, full.signal]));
  } catch (error) {
    throw full.signal.aborted ? full.signal.reason : error;
  } finally {
    over.abort();
  }
}

async function watchVolumes(server: Server, isLaidDown: boolean, onFilling: (volume: Volume) => void, over: AbortSignal): Promise<void> {
  const directories = await directoriesOf(server, isLaidDown, over).catch(() => []);
  const floors = new Map<string, number>();
  while (directories.length > 0 && !over.aborted) {
    // A look that fails says nothing; the work itself will fail when the server is away.
    const volumes = await measure(server, directories, over).catch(() => []);
    for (const [index, volume] of volumes.entries()) if (!floors.has(volume.mount)) floors.set(volume.mount, floorOf(volume, index === 0));
    const usable = volumes.map((volume) => ({ volume, bytes: volume.freeBytes - (floors.get(volume.mount) ?? 0) }));
    const filled = usable.find(({ bytes }) => bytes < 0);
    if (filled && !over.aborted) onFilling(filled.volume);
    await sleep(safeForMs(Math.min(...usable.map(({ bytes }) => bytes))), undefined, { signal: over }).catch(() => undefined);
  }
}
