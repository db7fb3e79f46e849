import "server-only";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectContainer } from "@/lib/docker/containers";
import type { Engine } from "@/lib/docker/engine";
import { execText } from "@/lib/docker/exec";
import { engineSize, inspectImage, lastWords, listLabelled, removeContainer, removeLabelled, startContainer, type ImageInfo, type Labelled } from "@/lib/docker/labelled";
import { postgresErrors } from "./errors";
import type { ServerSettings } from "./schemas";
import { connect, psqlWith, run, type Server } from "./server";

/** A throwaway server: a container of its own, without network, that nothing else knows of. */
export interface Scratch {
  /** Superuser `postgres` in an empty database. */
  server: Server;
  /** The container's id. */
  container: string;
  /** The image it was made of, by id. */
  imageId: string;
  /** Removes the container and its data. Safe to call twice. */
  remove(): Promise<void>;
}

export const scratchPurposes = ["drill", "look", "convert"] as const;
export type ScratchPurpose = (typeof scratchPurposes)[number];

export interface ScratchSpec {
  /** Name or id of the source's own image, so that its extensions and locales are there. */
  image: string;
  /** The run's tag; the installation is its first part. */
  tag: string;
  purpose: ScratchPurpose;
  databaseName: string;
  like?: ServerSettings | undefined;
  memoryBytes?: number | undefined;
  cpus?: number | undefined;
}

const gibibyte = 1 << 30;
const mostMemory = 4 * gibibyte;
/** For the dynamic shared memory of parallel work; a container has 64 MB otherwise. */
const sharedMemory = gibibyte;
const startPatienceMs = 300_000;
/** Only the finished server listens here: while it initialises, the image's entrypoint starts it without any address. */
const address = "127.0.0.1";

/** On containers and volumes alike. What lacks `holdfast.scratch` is never touched. */
const labels = { scratch: "holdfast.scratch", run: "holdfast.run", purpose: "holdfast.purpose" } as const;

/** What every container and volume of a run carries, so that whatever cleans up after it finds them. */
export function scratchLabels(tag: string, purpose: ScratchPurpose): Record<string, string> {
  return { [labels.scratch]: installationOf(tag), [labels.run]: tag, [labels.purpose]: purpose };
}

/** The installation that a run's tag belongs to: see `runTag` of the worker. */
function installationOf(tag: string): string {
  return tag.slice(0, tag.lastIndexOf("-r"));
}

/**
 * Starts a throwaway PostgreSQL server of `spec.image` and creates an empty database in it, with the locale, encoding and settings
 * of `spec.like`. It has no network, no host directories and a share of the machine; what it would do by itself is off. Throws
 * `postgres.no_image`, `postgres.other_image`, `postgres.not_started`, `postgres.not_alike`; nothing is left behind then.
 */
export async function startScratch(engine: Engine, spec: ScratchSpec, signal: AbortSignal): Promise<Scratch> {
  signal.throwIfAborted();
  const image = await inspectImage(engine, spec.image);
  if (!image) throw postgresErrors.no_image({ image: spec.image });
  // What is set here reaches the server through the official images' entrypoint only.
  if (!image.entrypoint.some((part) => part.endsWith("docker-entrypoint.sh"))) throw postgresErrors.other_image({ image: spec.image });
  const id = await startContainer(engine, await containerOf(engine, spec, image));
  const remove = () => removeContainer(engine, id);
  try {
    await untilReady(engine, spec, id, signal);
    // The database it starts with may be the very one that is wanted, under another locale.
    const first = spec.databaseName === "postgres" ? "template1" : "postgres";
    const server = await connect(engine, { container: id, role: "postgres", database: first }, { tag: spec.tag }, signal);
    await createDatabase(server, spec, signal);
    const own = await connect(engine, { container: id, role: "postgres", database: spec.databaseName }, { tag: spec.tag }, signal);
    return { server: own, container: id, imageId: image.id, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function containerOf(engine: Engine, spec: ScratchSpec, image: ImageInfo) {
  const machine = await engineSize(engine);
  const memory = spec.memoryBytes ?? Math.min(mostMemory, Math.floor(machine.memoryBytes / 2));
  const cpus = spec.cpus ?? Math.max(1, machine.cores - 0.5);
  const own = scratchLabels(spec.tag, spec.purpose);
  return {
    name: `holdfast-${spec.purpose}-${spec.tag}-${randomBytes(3).toString("hex")}`,
    Image: image.id,
    Labels: own,
    Env: ["POSTGRES_USER=postgres", "POSTGRES_DB=postgres", "POSTGRES_HOST_AUTH_METHOD=trust", "POSTGRES_INITDB_ARGS=--no-sync"],
    Cmd: ["postgres", ...Object.entries(serverSettings(spec.like, memory)).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      NetworkMode: "none",
      RestartPolicy: { Name: "no" },
      Memory: memory,
      MemorySwap: memory,
      ShmSize: Math.min(sharedMemory, Math.floor(memory / 2)),
      NanoCpus: Math.round(Math.min(cpus, machine.cores) * 1e9),
      // Half the weight of others: a drill never slows the databases of the same machine more than they slow it.
      CpuShares: 512,
      PidsLimit: 1_024,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID", "KILL"],
      SecurityOpt: ["no-new-privileges"],
      Mounts: [
        // Where the image declares its data; the volumes have no names, so they go with the container, and labels, so they are
        // found when somebody removed it without them.
        ...image.volumes.map((target) => ({ Type: "volume" as const, Source: "", Target: target, VolumeOptions: { NoCopy: false, Labels: own, DriverConfig: { Name: "local", Options: {} } } })),
        // An image's own first steps belong to the server it was made for: its extensions come with the backup.
        { Type: "tmpfs" as const, Source: "", Target: "/docker-entrypoint-initdb.d" },
      ],
    },
  };
}

/**
 * Settings of the server itself. Nothing in it has to survive a power cut, and nothing in it acts by itself: without worker
 * processes neither pg_cron nor a replication launcher nor any extension's own scheduler starts.
 */
function serverSettings(like: ServerSettings | undefined, memory: number): Record<string, string> {
  const megabytes = (share: number) => `${Math.max(16, Math.floor((memory * share) >> 20))}MB`;
  const isLoaded = (library: string) => (like?.preload ?? "").split(",").some((one) => one.trim().replace(/^.*\//, "") === library);
  return {
    ...like?.settings,
    ...(like ? { shared_preload_libraries: like.preload, session_preload_libraries: like.sessionPreload } : {}),
    ...(isLoaded("pg_cron") ? { "cron.launch_active_jobs": "off" } : {}),
    ...(isLoaded("timescaledb") ? { "timescaledb.telemetry_level": "off" } : {}),
    listen_addresses: address,
    port: "5432",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    archive_mode: "off",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_worker_processes: "0",
    max_parallel_workers: "0",
    max_parallel_workers_per_gather: "0",
    max_parallel_maintenance_workers: "0",
    max_logical_replication_workers: "0",
    // A dump of ten thousand tables holds a lock on each.
    max_locks_per_transaction: "1024",
    max_prepared_transactions: "0",
    shared_buffers: megabytes(1 / 16),
    logging_collector: "off",
    ssl: "off",
  };
}

async function untilReady(engine: Engine, spec: ScratchSpec, id: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + startPatienceMs;
  for (;;) {
    signal.throwIfAborted();
    const { state } = await inspectContainer(engine, id);
    if (state !== "running" || Date.now() > deadline) throw postgresErrors.not_started({ image: spec.image, stderr: await lastWords(engine, id) });
    // One that stops between the two questions is found at the next round.
    const asked = await execText(engine, { container: id, tool: "pg_isready", argv: ["pg_isready", "-q", "-h", address, "-p", "5432"] }, signal).catch(() => null);
    if (asked?.exitCode === 0) return;
    await sleep(150);
  }
}

/** The words of CREATE DATABASE for each provider (manual, "CREATE DATABASE"); PostgreSQL 13 and 14 know only the first. */
const providers = {
  c: "",
  i: `LOCALE_PROVIDER icu ICU_LOCALE :'locale'`,
  b: `LOCALE_PROVIDER builtin BUILTIN_LOCALE :'locale'`,
} as const;

async function createDatabase(server: Server, { databaseName, like, image }: ScratchSpec, signal: AbortSignal): Promise<void> {
  const alike = like
    ? ` ENCODING :'encoding' LC_COLLATE :'collation' LC_CTYPE :'ctype' ${providers[like.provider]}${like.icuRules ? ` ICU_RULES :'rules'` : ""}`
    : "";
  const variables = { name: databaseName, encoding: like?.encoding ?? "", collation: like?.collation ?? "", ctype: like?.characterType ?? "", locale: like?.locale ?? "", rules: like?.icuRules ?? "" };
  const sql = `
SELECT 'ALTER DATABASE ' || pg_catalog.quote_ident(datname) || ' IS_TEMPLATE false' FROM pg_catalog.pg_database WHERE datname = :'name' AND datistemplate \\gexec
DROP DATABASE IF EXISTS :"name";
CREATE DATABASE :"name" TEMPLATE template0${alike};`;
  const answer = await run(server, psqlWith(variables), { stdin: sql }, signal);
  if (answer.exitCode !== 0) throw postgresErrors.not_alike({ image, database: databaseName, stderr: answer.stderr });
}

/** What scratch servers of a run left: nothing, once they were removed. */
export function listScratch(engine: Engine, tag: string): Promise<Labelled[]> {
  return listLabelled(engine, { [labels.scratch]: installationOf(tag), [labels.run]: tag });
}

/** Removes every container and volume of a run. Returns how many there were. */
export async function removeScratch(engine: Engine, tag: string): Promise<number> {
  const found = await listScratch(engine, tag);
  await removeLabelled(engine, found);
  return found.length;
}

export type IsNeeded = (run: { tag: string; purpose: string }) => boolean;

/**
 * Removes the containers and volumes of an installation except those whose run is still needed. What is needed is asked after they
 * were listed: a run that starts meanwhile has none among them.
 */
export async function sweepScratch(engine: Engine, installation: string, whatIsNeeded: () => Promise<IsNeeded>): Promise<number> {
  const left = await listUnneeded(engine, installation, whatIsNeeded);
  await removeLabelled(engine, left);
  return left.length;
}

/** Scratch containers and volumes of this installation that nobody needs any more. */
export async function listUnneeded(engine: Engine, installation: string, whatIsNeeded: () => Promise<IsNeeded>): Promise<Labelled[]> {
  const found = await listLabelled(engine, { [labels.scratch]: installation });
  if (found.length === 0) return [];
  const isNeeded = await whatIsNeeded();
  return found.filter((one) => !isNeeded({ tag: one.labels[labels.run] ?? "", purpose: one.labels[labels.purpose] ?? "" }));
}
