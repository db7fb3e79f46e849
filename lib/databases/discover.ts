import "server-only";
import { z } from "zod";
import { commandsIn, inspectContainer, listContainers, type ListedContainer } from "@/lib/docker/containers";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { AppError, toPublicError } from "@/lib/errors";
import { connect, queryJson, withDatabase, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import type { Discovery } from "./schemas";

type Found = Discovery["containers"][number];

/** Words of an image's name that make a container worth listing. Where neither they nor its environment tell, one that runs shows it by its processes. */
const looksLikePostgres = /postgres|postgis|timescale|pgvector|supabase|(^|\/)pg/i;

/** The server's own program, at the beginning of a command line. */
const runsPostgres = /^(\S*\/)?postgres(:|\s|$)/;

/**
 * A host may run dozens of containers, and a server may hold hundreds of databases; a person is waiting. The engine should still have room
 * for others, and so should the server: each question is one of its connections.
 */
const askedAtOnce = 4;

/** Lists the containers that run PostgreSQL, or look as if they would when started. Reads only. */
export async function runDiscover(job: Job): Promise<JobResult> {
  const discovery = await job.step("discover", () => discover(job));
  return { result: discovery };
}

async function discover(job: Job): Promise<Discovery> {
  let engine: Engine;
  try {
    engine = await findEngine();
  } catch (error) {
    return { engine: { reachable: false, version: null, endpoint: "", problem: toPublicError(error).message }, containers: [] };
  }
  const found = await inSlices(await listContainers(engine), (one) => examine(engine, one, job.signal), job.signal);
  const containers = found.filter((one) => one !== null);
  containers.sort((a, b) => Number(b.state === "running") - Number(a.state === "running") || a.name.localeCompare(b.name, "en"));
  return { engine: { reachable: true, version: engine.version, endpoint: engine.endpoint, problem: null }, containers };
}

async function inSlices<T, R>(all: readonly T[], ask: (one: T) => Promise<R>, signal: AbortSignal): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < all.length; start += askedAtOnce) {
    signal.throwIfAborted();
    answers.push(...(await Promise.all(all.slice(start, start + askedAtOnce).map(ask))));
  }
  return answers;
}

const Databases = z.array(z.object({ name: z.string(), sizeBytes: z.number().nullable() }));

/** What one listed container is; null where it is no PostgreSQL server, or is gone since. */
export async function examine(engine: Engine, listed: ListedContainer, signal: AbortSignal): Promise<Found | null> {
  const { id, name, image, state, status } = listed;
  const base = { id, name, image, state, status, serverVersion: null, databases: [], problem: null };
  try {
    const { env } = await inspectContainer(engine, id);
    const isLikely = looksLikePostgres.test(image) || "PGDATA" in env || "POSTGRES_PASSWORD" in env || "POSTGRES_USER" in env;
    const role = env["POSTGRES_USER"] || "postgres";
    if (state !== "running") return isLikely ? { ...base, role, problem: "Start it to test it." } : null;
    if (!isLikely && !(await commandsIn(engine, id)).some((command) => runsPostgres.test(command))) return null;
    return await askServer(engine, { ...base, role }, env["POSTGRES_DB"] ?? role, signal);
  } catch (error) {
    if (isGone(error) || !looksLikePostgres.test(image)) return null;
    return { ...base, role: "postgres", problem: toPublicError(error).message };
  }
}

function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === "docker.container_missing";
}

async function askServer(engine: Engine, found: Found, likelyDatabase: string, signal: AbortSignal): Promise<Found> {
  let problem = "";
  for (const database of [...new Set([likelyDatabase, "postgres", "template1"])]) {
    try {
      const server = await connect(engine, { container: found.id, role: found.role, database }, {}, signal);
      const databases = await queryJson(server, { what: "the databases were listed", sql: listSql, schema: Databases }, signal);
      const counted = await inSlices(databases, async (one) => ({ ...one, tables: await countTables(withDatabase(server, one.name), signal) }), signal);
      return { ...found, serverVersion: server.facts.version, databases: counted.filter(isWorthListing), problem: null };
    } catch (error) {
      if (isGone(error)) throw error;
      problem ||= toPublicError(error).message;
    }
  }
  return { ...found, problem };
}

/** Every server has a database `postgres`; without a table it is nobody's. What could not be counted may hold some. */
function isWorthListing({ name, tables }: { name: string; tables: number | null }): boolean {
  return name !== "postgres" || tables !== 0;
}

const listSql = `
SELECT coalesce(json_agg(json_build_object('name', datname, 'sizeBytes',
    CASE WHEN pg_catalog.has_database_privilege(datname, 'CONNECT') THEN pg_catalog.pg_database_size(oid) END) ORDER BY datname = 'postgres', datname), '[]')
FROM pg_catalog.pg_database
WHERE datallowconn AND NOT datistemplate;
`;

async function countTables(server: Server, signal: AbortSignal): Promise<number | null> {
  try {
    const sql = `SELECT to_json(count(*)) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';`;
    return await queryJson(server, { what: "tables were counted", sql, schema: z.number().int() }, signal);
  } catch {
    return null; // Not every role may look into every database; the list still names it.
  }
}
