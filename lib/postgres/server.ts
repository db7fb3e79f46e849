import "server-only";
import { z } from "zod";
import type { ContainerInfo } from "@/lib/docker/containers";
import { runningContainer } from "@/lib/docker/containers";
import type { Engine } from "@/lib/docker/engine";
import { execText, type ExecRequest } from "@/lib/docker/exec";
import { AppError } from "@/lib/errors";
import { postgresErrors } from "./errors";
import { launcher, socketScript } from "./scripts";

/** How processes inside the container reach the server: found once by trying, then used for every exec of a run. */
interface Way {
  host: string;
  port: string;
  /** The user inside the container; peer authentication wants a certain one. */
  user: string | undefined;
  /** Whether the container's own POSTGRES_PASSWORD is needed. It is read inside the container and never leaves it. */
  password: "none" | "container";
}

/** A PostgreSQL server in a running container, as one role sees one of its databases. */
export interface Server {
  engine: Engine;
  container: ContainerInfo;
  role: string;
  database: string;
  way: Way;
  facts: ServerFacts;
  /** Marks every process that is started for a run. */
  tag: string | undefined;
}

const Facts = z.object({
  version: z.string(),
  versionNumber: z.number().int(),
  systemIdentifier: z.string(),
  databaseOid: z.string(),
  startedAt: z.string(),
  /** Whether the role may read password hashes: a superuser, or one with pg_read_all_data. */
  readsPasswords: z.boolean(),
  sizeBytes: z.number(),
  inRecovery: z.boolean(),
});
export type ServerFacts = z.output<typeof Facts>;

const factsSql = `
SELECT json_build_object(
  'version', pg_catalog.split_part(current_setting('server_version'), ' ', 1),
  'versionNumber', current_setting('server_version_num')::int,
  'systemIdentifier', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
  'databaseOid', (SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
  'startedAt', pg_catalog.pg_postmaster_start_time()::text,
  'readsPasswords', pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT'),
  'sizeBytes', pg_catalog.pg_database_size(pg_catalog.current_database()),
  'inRecovery', pg_catalog.pg_is_in_recovery());
`;

/**
 * Finds the way to `database` in a container and reads who the server is. Whatever the container's environment says of other
 * servers (PGHOST and its kin) is overridden for every process. Throws `docker.*` and `postgres.*` errors that say what to do.
 */
export async function connect(
  engine: Engine,
  address: { container: string; role: string; database: string },
  options: { tag?: string | undefined } = {},
  signal?: AbortSignal,
): Promise<Server> {
  const container = await runningContainer(engine, address.container);
  const ways = await possibleWays(engine, container, signal);
  if (ways.length === 0) throw postgresErrors.no_socket({ container: container.name });
  let stderr = "";
  for (const way of ways) {
    const candidate = { engine, container, role: address.role, database: address.database, way, tag: options.tag };
    const answer = await run(candidate, psql, { stdin: factsSql }, signal);
    if (answer.exitCode === 0) return { ...candidate, facts: Facts.parse(JSON.parse(answer.stdout)) };
    // The first refusal explains best: later ways are guesses at other set-ups.
    stderr ||= answer.stderr;
  }
  throw await whyRefused(engine, container, address, ways, stderr, signal);
}

async function possibleWays(engine: Engine, container: ContainerInfo, signal?: AbortSignal): Promise<Way[]> {
  const { stdout, exitCode } = await execText(engine, { container: container.id, tool: "sh", argv: ["sh", "-c", socketScript] }, signal);
  const found = exitCode === 0 ? stdout.trim().split("\n").filter(Boolean) : [];
  const sockets = found.map((line) => ({ host: line.slice(0, line.lastIndexOf(" ")), port: line.slice(line.lastIndexOf(" ") + 1) }));
  // The server takes its port from the container's PGPORT; with several clusters that one, then the default, comes first.
  const wanted = [container.env["PGPORT"], "5432"];
  sockets.sort((a, b) => rank(wanted, a.port) - rank(wanted, b.port));
  const places = [...sockets, { host: "127.0.0.1", port: container.env["PGPORT"] ?? "5432" }];
  return places.flatMap((place) => [
    { ...place, user: undefined, password: "none" as const },
    { ...place, user: undefined, password: "container" as const },
    { ...place, user: "postgres", password: "none" as const },
  ]);
}

function rank(wanted: (string | undefined)[], port: string): number {
  const position = wanted.indexOf(port);
  return position < 0 ? wanted.length : position;
}

async function whyRefused(
  engine: Engine,
  container: ContainerInfo,
  address: { role: string; database: string },
  ways: Way[],
  stderr: string,
  signal?: AbortSignal,
): Promise<AppError> {
  const [first] = ways;
  if (first) {
    const base = { engine, container, role: address.role, database: "postgres", way: first, tag: undefined };
    const tools = await run(base, ["sh", "-c", "command -v psql pg_dump pg_restore pg_isready >/dev/null"], {}, signal);
    if (tools.exitCode !== 0) return postgresErrors.no_tools({ container: container.name, missing: ["psql, pg_dump or pg_restore"] });
    // Exit codes of pg_isready: 1 rejecting connections (starting), 2 no answer.
    const ready = await run(base, ["pg_isready", "-q"], {}, signal);
    if (ready.exitCode === 1) return postgresErrors.starting({ container: container.name });
    if (ready.exitCode === 2) return postgresErrors.no_socket({ container: container.name });
    for (const way of ways) {
      for (const database of ["postgres", "template1"]) {
        const listed = await run({ ...base, way, database }, psqlWith({ name: address.database }), { stdin: `SELECT count(*) FROM pg_catalog.pg_database WHERE datname = :'name';` }, signal);
        if (listed.exitCode === 0 && listed.stdout.trim() === "0") return postgresErrors.database_missing({ container: container.name, database: address.database });
      }
    }
  }
  return postgresErrors.refused({ container: container.name, role: address.role, database: address.database, stderr });
}

/** How long a table that somebody has locked is waited for before the run fails with that reason. */
export const lockWaitMs = 60_000;

/** psql without anybody's start-up file, one value per line, stopping at the first error. */
export const psql: readonly string[] = ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"];

/** The same with psql variables, to be used as `:'name'` in the SQL: psql quotes them. */
export function psqlWith(variables: Readonly<Record<string, string>>): string[] {
  return [...psql, ...Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`])];
}

/**
 * Gives psql variables through its standard input, ahead of the SQL: for what may hold secrets, because everybody on the host can read the
 * arguments of a process, and the Engine tells them in its events.
 */
export function psqlSet(variables: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`;
  return Object.entries(variables).map(([name, value]) => `\\set ${name} ${quoted(value)}\n`).join("");
}

type Target = Pick<Server, "engine" | "container" | "role" | "database" | "way" | "tag">;

/**
 * The exec request that runs `argv` against exactly this server: host, port, role and database are set, and everything else
 * in the container's environment that could lead libpq elsewhere is removed by the launcher. `sessionSettings` hold for every
 * session that the command opens.
 */
export function pinned(server: Target, argv: readonly string[], tool?: string, sessionSettings: Readonly<Record<string, string>> = {}): ExecRequest {
  const pgOptions = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`).join(" ");
  return {
    container: server.container.id,
    tool: tool ?? argv[0] ?? "sh",
    argv: ["sh", "-c", launcher, "holdfast", ...argv],
    env: {
      PGHOST: server.way.host,
      PGPORT: server.way.port,
      PGUSER: server.role,
      PGDATABASE: server.database,
      PGAPPNAME: server.tag ? `holdfast ${server.tag}` : "holdfast",
      PGCLIENTENCODING: "UTF8",
      PGCONNECT_TIMEOUT: "10",
      LC_ALL: "C",
      HOLDFAST_PASSWORD: server.way.password,
      HOLDFAST_PGOPTIONS: pgOptions,
    },
    user: server.way.user,
    tag: server.tag,
  };
}

/** Runs a short command against the server, to its end. */
export function run(server: Target, argv: readonly string[], options: { stdin?: string }, signal?: AbortSignal) {
  return execText(server.engine, { ...pinned(server, argv), ...options }, signal);
}

/** Runs SQL that returns one JSON value and parses it. `what` names the query in the error. */
export async function queryJson<S extends z.ZodType>(
  server: Server,
  query: { what: string; sql: string; schema: S; variables?: Record<string, string> },
  signal?: AbortSignal,
): Promise<z.output<S>> {
  const answer = await run(server, psqlWith(query.variables ?? {}), { stdin: query.sql }, signal);
  if (answer.exitCode !== 0) {
    throw postgresErrors.query_failed({ what: query.what, container: server.container.name, stderr: answer.stderr });
  }
  return query.schema.parse(JSON.parse(answer.stdout || "null"));
}

/** The same server with another of its databases. */
export function withDatabase(server: Server, database: string): Server {
  return { ...server, database };
}
