import "server-only";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { execStream } from "@/lib/docker/exec";
import { AppError } from "@/lib/errors";
import { postgresErrors } from "@/lib/postgres/errors";
import type { StoredArchive } from "@/lib/postgres/load";
import type { Scratch } from "@/lib/postgres/scratch";
import { connect, pinned, psql, psqlWith, queryJson, run, type Server } from "@/lib/postgres/server";
import { openSession } from "@/lib/postgres/session";
import { convertErrors } from "./errors";
import { ScriptGuard, type Omission } from "./guard";
import type { FilePart } from "./schemas";
import { confined, lockServer, prepareServer } from "./scripts";
import { nobody, openSql } from "./sql-of";
import { watchSpace } from "./watch-space";

export interface GuardedFile {
  archive: StoredArchive;
  part: FilePart;
  /** The role that owns what the file gives to nobody. */
  owner: string;
  /** More roles that may sign in afterwards, made ready by `setUp`. */
  alsoLetIn?: readonly string[];
  /** Hears the bytes of SQL that were sent so far. */
  onBytes?: (total: number) => void;
}

/** SQL for the superuser, before the file comes. */
export interface SetUp {
  sql: string;
  variables: Record<string, string>;
}

export interface Loaded {
  /** The loaded database, as the role that loaded it: no superuser. */
  server: Server;
  /** What is not in it. */
  omissions: Omission[];
  /** A name the server's own superuser had to take; it is nobody's in the result. */
  strangers: string[];
}

/**
 * Loads a foreign file into a throwaway server as a role that is no superuser, after nobody else can sign in any more, with a psql that
 * is nobody's process, starts no other, writes nothing into a file, and is restricted by a random key where it knows that. What the
 * file says of roles, databases and extensions is not run: they are made here from their names. `setUp` runs before the file comes.
 */
export async function loadGuarded(scratch: Scratch, file: GuardedFile, signal: AbortSignal, setUp: SetUp = { sql: "", variables: {} }): Promise<Loaded> {
  const names = namesFor(file.owner);
  const admin = await prepare(scratch, file, names, setUp, signal);
  // Opened before the door is closed: the only superuser that is left, and it does one thing at the end.
  const keeper = await openSession(admin, "the throwaway server was kept", signal);
  const watch = watchSpace(admin, await dataDirectory(admin, signal), signal);
  try {
    const settings = new Set(await queryJson(admin, { what: "its settings were read", sql: "SELECT json_agg(name) FROM pg_catalog.pg_settings;", schema: z.array(z.string()) }, signal));
    await lock(admin, [names.loader, ...(file.alsoLetIn ?? [])], signal);
    const asNobody = { ...admin, role: names.loader, way: { ...admin.way, user: nobody } };
    const guard = new ScriptGuard({ part: file.part.databaseName, loader: names.loader, schemaOwner: names.hub, settings });
    await feed(asNobody, file, guard, watch.signal);
    await keeper.lines(givePublicBack(names.hub));
    const server = await connect(admin.engine, { container: scratch.container, role: names.loader, database: admin.database }, { tag: admin.tag }, signal);
    return { server: { ...server, way: { ...server.way, user: nobody } }, omissions: guard.omissions, strangers: [names.hub, names.boot, names.admin] };
  } finally {
    watch.stop();
    await keeper.close();
  }
}

/** `public` back to whom a new database gives it, unless the file gave it to somebody. `hub` is a name of our own making. */
function givePublicBack(hub: string): string {
  return `SELECT pg_catalog.format('ALTER SCHEMA public OWNER TO %I', r.rolname) FROM pg_catalog.pg_namespace n, pg_catalog.pg_roles r
    WHERE n.nspname = 'public' AND n.nspowner = '${hub}'::pg_catalog.regrole
      AND CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 150000 THEN r.rolname = 'pg_database_owner' ELSE r.oid = 10 END \\gexec`;
}

/** Names nobody else has. A role whose name cannot stand in pg_hba.conf gives its place to another. */
function namesFor(owner: string) {
  const random = randomBytes(6).toString("hex");
  return { loader: /["\\\n\r]/.test(owner) ? "holdfast_owner" : owner, hub: `holdfast_hub_${random}`, boot: `holdfast_boot_${random}`, admin: `holdfast_admin_${random}` };
}

async function prepare(scratch: Scratch, { part }: GuardedFile, names: ReturnType<typeof namesFor>, setUp: SetUp, signal: AbortSignal): Promise<Server> {
  const { server } = scratch;
  await requireExtensions(server, part, signal);
  await script(server, { admin: names.admin }, `CREATE ROLE :"admin" SUPERUSER LOGIN;`, signal);
  const admin = { ...server, role: names.admin };
  const schemas = [...new Set(part.extensions.flatMap(({ schema }) => schema ?? []))];
  const variables = { ...names, database: server.database, wanted: JSON.stringify(part.roles), extensions: JSON.stringify(part.extensions), schemas: JSON.stringify(schemas), ...setUp.variables };
  await script(admin, variables, prepareServer + setUp.sql, signal);
  return admin;
}

async function script(server: Server, variables: Record<string, string>, sql: string, signal: AbortSignal): Promise<void> {
  const answer = await run(server, psqlWith(variables), { stdin: sql }, signal);
  if (answer.exitCode !== 0) throw postgresErrors.query_failed({ what: "the throwaway server was prepared", container: server.container.name, stderr: answer.stderr });
}

async function requireExtensions(server: Server, part: FilePart, signal: AbortSignal): Promise<void> {
  const available = await queryJson(server, { what: "its extensions were read", sql: "SELECT coalesce(json_agg(name), '[]') FROM pg_catalog.pg_available_extensions;", schema: z.array(z.string()) }, signal);
  const missing = part.extensions.map(({ name }) => name).filter((name) => !available.includes(name));
  if (missing.length > 0) throw convertErrors.missing_extensions({ image: server.container.image, extensions: missing });
}

async function dataDirectory(server: Server, signal: AbortSignal): Promise<string> {
  return queryJson(server, { what: "its directory was read", sql: "SELECT to_json(pg_catalog.current_setting('data_directory'));", schema: z.string() }, signal);
}

const lockPatienceMs = 10_000;

/** From here on only these roles get in, each as itself. Throws `convert.not_locked` unless the superuser is seen to be refused. */
export async function lock(admin: Server, roles: readonly string[], signal: AbortSignal): Promise<void> {
  const lines = roles.map((role) => `local all "${role}" trust`);
  await script(admin, { lines: JSON.stringify(lines) }, lockServer, signal);
  const deadline = Date.now() + lockPatienceMs;
  for (;;) {
    const { exitCode } = await run(admin, psql, { stdin: "SELECT 1;" }, signal);
    if (exitCode === 2) return;
    if (Date.now() > deadline) throw convertErrors.not_locked({});
    await sleep(100);
  }
}

/** Whether psql knows \\restrict: minor versions since August 2025 do (release notes of 17.6 and its like). */
async function knowsRestrict(server: Server, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await run(server, psql, { stdin: "\\restrict key\n\\unrestrict key\n" }, signal);
  return exitCode === 0;
}

const endedByServer = 2;
const killed = [126, 137, 143];

async function feed(server: Server, file: GuardedFile, guard: ScriptGuard, signal: AbortSignal): Promise<void> {
  const key = randomBytes(24).toString("hex");
  const isRestricted = await knowsRestrict(server, signal);
  const sql = await openSql(() => Promise.resolve(server), file.archive, signal);
  const psqlProcess = await execStream(server.engine, pinned(server, ["sh", "-c", confined, "holdfast-load", ...psql, "-o", "/dev/null"], "psql"), signal).catch((error: unknown) => {
    sql.destroy();
    throw error;
  });
  let total = 0;
  async function* wrapped(pieces: AsyncIterable<Buffer>) {
    if (isRestricted) yield Buffer.from(`\\restrict ${key}\n`);
    for await (const piece of pieces) {
      file.onBytes?.((total += piece.length));
      yield piece;
    }
    if (isRestricted) yield Buffer.from(`\n\\unrestrict ${key}\n`);
  }
  const sent = pipeline(sql, guard.stream(), wrapped, psqlProcess.stdin, { signal }).then(() => null, (error: unknown) => error);
  const failure = await drain(psqlProcess.stdout).then(() => null, (error: unknown) => error);
  const problem = await sent;
  signal.throwIfAborted();
  // A file that breaks off makes psql fail too; that it breaks off is what a person has to know.
  if (problem instanceof AppError) throw problem;
  if (failure) throw whyFailed(failure);
  if (problem) throw problem;
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) continue;
}

function whyFailed(failure: unknown): unknown {
  if (!(failure instanceof AppError) || failure.code !== "docker.exec_failed") return failure;
  const exitCode = Number(failure.details["exitCode"]);
  const stderr = String(failure.details["stderr"] ?? "");
  const isEnded = exitCode === endedByServer || killed.includes(exitCode);
  return (isEnded ? convertErrors.load_killed : convertErrors.load_failed)({ stderr }, { cause: failure });
}
