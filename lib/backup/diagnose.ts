import "server-only";
import { inspectContainer, type ContainerInfo } from "@/lib/docker/containers";
import { AppError } from "@/lib/errors";
import { postgresErrors } from "@/lib/postgres/errors";
import { connect, run, type Server } from "@/lib/postgres/server";
import { workDirectory } from "@/lib/postgres/dump";
import { backupErrors, type FailedInside } from "./errors";

/** Below this much free space a failed directory dump is put down to the full disk. */
const fullBelowBytes = 16 << 20;
const killedBySignal = 128;
/** What a program ends with that writes to one which has ended. */
const brokenPipe = 141;
/** What a shell says of a program that it could not start, and of one that is not there. */
const notStarted = 126;
const notFound = 127;

/** What many causes look like at first. */
const ambiguous: ReadonlySet<string> = new Set(["docker.exec_failed", "docker.connection_lost", "docker.unreachable", "docker.container_stopped", "postgres.session_lost"]);

/**
 * Says why a dump stopped, from facts rather than from a tool's wording: the container's state, the server's start time, the
 * space inside it and the exit codes. An error that already has a name, a full store for instance, is returned as it is.
 */
export async function diagnoseDump(server: Server, database: string, error: unknown, task: "dump" | "roles" = "dump"): Promise<unknown> {
  if (!(error instanceof AppError) || !ambiguous.has(error.code)) return error;
  const said = String(error.details["stderr"] ?? "");
  const about = { task, tool: task === "roles" ? "pg_dumpall" : "pg_dump", subject: database, container: server.container.name, stderr: complaints(said) };
  const cause = { cause: error };
  const answersAnew = await hasRestarted(server);
  const gone = await goneAway(server, about, error);
  if (gone) return gone;
  if (answersAnew) return backupErrors.server_restarted(about, cause);
  if (error.code !== "docker.exec_failed") return error;
  const told = numbersOf(said);
  const exitCode = told.get("pg_dump") ?? Number(error.details["exitCode"] ?? 1);
  // A compressor that stops takes pg_dump along; never the other way round.
  if ((told.get("zstd") ?? 0) !== 0 && (exitCode <= killedBySignal || exitCode === brokenPipe)) return backupErrors.compressor_failed({ ...about, tool: "zstd" }, cause);
  if (exitCode > killedBySignal) return backupErrors.dump_killed(about, cause);
  const freeBytes = task === "dump" ? await freeThen(server, told) : null;
  if (freeBytes !== null && freeBytes < fullBelowBytes) return backupErrors.container_full({ ...about, freeBytes }, cause);
  return backupErrors.dump_failed(about, cause);
}

/** The same for an archive that was not decoded to its end. Only where nothing befell the container and its tools is it the file's fault. */
export async function diagnoseDecode(server: Server, key: string, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || !ambiguous.has(error.code)) return error;
  const said = String(error.details["stderr"] ?? "");
  const about = { task: "decode" as const, tool: "pg_restore", subject: key, container: server.container.name, stderr: complaints(said) };
  const cause = { cause: error };
  const gone = await goneAway(server, about, error);
  if (gone || error.code !== "docker.exec_failed") return gone ?? error;
  const exitCode = Number(error.details["exitCode"] ?? 0);
  if (exitCode === 3 || exitCode === 4) return backupErrors.undecodable({ stderr: said }, cause);
  const told = numbersOf(said);
  if (exitCode === 6) {
    const freeBytes = await freeThen(server, told);
    return freeBytes !== null && freeBytes < fullBelowBytes ? backupErrors.container_full({ ...about, freeBytes }, cause) : error;
  }
  if (exitCode !== 7 && exitCode <= killedBySignal) return error;
  const missing = [...told.keys()].filter((tool) => told.get(tool) === notFound);
  if (missing.length > 0) return postgresErrors.no_tools({ container: about.container, missing }, cause);
  const unstarted = [...told.keys()].find((tool) => told.get(tool) === notStarted);
  if (unstarted !== undefined) return backupErrors.decode_not_started({ ...about, tool: unstarted }, cause);
  const killed = [...told.keys()].find((tool) => Number(told.get(tool)) > killedBySignal && told.get(tool) !== brokenPipe);
  return backupErrors.decode_killed({ ...about, tool: killed ?? about.tool }, cause);
}

/** What the scripts tell in their last line: the exit code of each tool, and how many KiB were free. */
function numbersOf(stderr: string): ReadonlyMap<string, number> {
  const line = /^holdfast: (.*)$/m.exec(stderr)?.[1] ?? "";
  return new Map([...line.matchAll(/(\w+)=(\d+)/g)].map(([, name = "", number]) => [name, Number(number)]));
}

/** What was free as it failed, if that was told: by now what it wrote is removed, and there is room again. */
async function freeThen(server: Server, told: ReadonlyMap<string, number>): Promise<number | null> {
  const kibibytes = told.get("free");
  return kibibytes === undefined ? freeInside(server) : kibibytes * 1024;
}

/** Whether a failure may be no more than what a container took with it that stopped or was started anew. */
export function mayBeTheContainer(error: AppError): boolean {
  return ambiguous.has(error.code);
}

/** What befell the container of a server since it was connected to: its state where it runs no more, or that it was started anew; null when it runs as before. */
export async function whatBefell(server: Server): Promise<{ state: string } | "restarted" | null> {
  const now = await settled(server);
  if (now.state !== "running") return { state: now.state };
  return now.startedAt === server.container.startedAt ? null : "restarted";
}

/** That the container stopped, was restarted or cannot be asked; null when it runs as before. */
async function goneAway(server: Server, about: FailedInside, error: AppError): Promise<AppError | null> {
  try {
    const befell = await whatBefell(server);
    if (befell === "restarted") return backupErrors.server_restarted(about, { cause: error });
    return befell && backupErrors.container_went_away({ ...about, state: befell.state }, { cause: error });
  } catch (gone) {
    return gone instanceof AppError ? gone : error;
  }
}

/** What a tool complained of, without the lines in which it tells how it gets on. For people to read: nothing is decided by it. */
function complaints(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /(error|fatal|panic|detail|hint|warning):/i.test(line));
  return lines.length > 0 ? lines.join("\n") : stderr.split("\n").slice(-5).join("\n");
}

/**
 * The container once it runs, or as it is after a moment: a restart looks like an end at first, and of an end the Engine knows a little
 * later than of the tools that it took with it.
 */
async function settled(server: Server): Promise<ContainerInfo> {
  for (let attempt = 0; ; attempt += 1) {
    const isAlive = await run(server, ["true"], {}).then(({ exitCode }) => exitCode === 0, () => false);
    const info = await inspectContainer(server.engine, server.container.id);
    if ((isAlive && info.state === "running") || attempt === 10) return info;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Whether the server has started since it was connected to, or is down and so about to. One that answers with a refusal says nothing of that. */
async function hasRestarted(server: Server): Promise<boolean> {
  let wasDown = false;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      const { facts } = await connect(server.engine, { container: server.container.id, role: server.role, database: server.database });
      return facts.startedAt !== server.facts.startedAt;
    } catch (error) {
      const code = error instanceof AppError ? error.code : "";
      const isDown = code === "postgres.starting" || code === "postgres.no_socket";
      wasDown ||= isDown;
      // One that came up while it was asked why not looks like one that refuses, once.
      if (!isDown && (code !== "postgres.refused" || attempt > 0)) return wasDown;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return wasDown;
}

/** Free bytes of /tmp inside the container, where a directory dump is written; null when it cannot be asked. */
export async function freeInside(server: Server): Promise<number | null> {
  const { exitCode, stdout } = await run(server, ["df", "-Pk", "/tmp"], {});
  const kibibytes = Number(stdout.trim().split("\n").at(-1)?.trim().split(/\s+/)[3]);
  return exitCode === 0 && Number.isFinite(kibibytes) ? kibibytes * 1024 : null;
}

/** Removes what a killed directory dump or decode left inside the container. */
export async function removeWorkDirectory(server: Server): Promise<void> {
  if (server.tag) await run(server, ["rm", "-rf", workDirectory(server.tag)], {});
}
