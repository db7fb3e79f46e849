import "server-only";
import { inspectContainer, type ContainerInfo } from "@/lib/docker/containers";
import { AppError } from "@/lib/errors";
import { postgresErrors } from "@/lib/postgres/errors";
import { connect, run, type Server } from "@/lib/postgres/server";
import { workDirectory } from "@/lib/postgres/dump";
import { backupErrors } from "./errors";

/** Below this much free space a failed directory dump is put down to the full disk. */
const fullBelowBytes = 16 << 20;
const killedBySignal = 128;

/** What many causes look like at first. */
const ambiguous: ReadonlySet<string> = new Set(["docker.exec_failed", "docker.connection_lost", "docker.unreachable", "docker.container_stopped", "postgres.session_lost"]);

/**
 * Says why a dump stopped, from facts rather than from a tool's wording: the container's state, the server's start time, the
 * space inside it and the exit codes. An error that already has a name, a full store for instance, is returned as it is.
 */
export async function diagnoseDump(server: Server, database: string, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || !ambiguous.has(error.code)) return error;
  const said = String(error.details["stderr"] ?? "");
  const stderr = complaints(said);
  const container = server.container.name;
  const cause = { cause: error };
  const answersAnew = await hasRestarted(server);
  try {
    const now = await settled(server);
    if (now.state !== "running") return backupErrors.container_went_away({ database, container, state: now.state, stderr }, cause);
    if (answersAnew || now.startedAt !== server.container.startedAt) return backupErrors.server_restarted({ database, container, stderr }, cause);
  } catch (gone) {
    return gone instanceof AppError ? gone : error;
  }
  if (error.code !== "docker.exec_failed") return error;
  const codes = /^holdfast: pg_dump=(\d+)(?: zstd=(\d+))?(?: free=(\d*))?$/m.exec(said);
  const pgDump = codes ? Number(codes[1]) : Number(error.details["exitCode"] ?? 1);
  if (pgDump > killedBySignal) return backupErrors.dump_killed({ database, container, stderr }, cause);
  // What was free as it failed: by now the unfinished dump is removed, and there is room again.
  const freeBytes = codes?.[3] ? Number(codes[3]) * 1024 : await freeInside(server);
  if (freeBytes !== null && freeBytes < fullBelowBytes) return backupErrors.container_full({ database, container, freeBytes, stderr }, cause);
  if (codes && pgDump === 0) return backupErrors.compressor_failed({ database, stderr }, cause);
  return backupErrors.dump_failed({ database, stderr }, cause);
}

/** What a tool complained of, without the lines in which it tells how it gets on. For people to read: nothing is decided by it. */
function complaints(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /(error|fatal|panic|detail|hint|warning):/i.test(line));
  return lines.length > 0 ? lines.join("\n") : stderr.split("\n").slice(-5).join("\n");
}

/** The container once it runs again, or as it is after a moment: a restart looks like an end at first. */
async function settled(server: Server): Promise<ContainerInfo> {
  for (let attempt = 0; ; attempt += 1) {
    const info = await inspectContainer(server.engine, server.container.id);
    if (info.state === "running" || attempt === 10) return info;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function hasRestarted(server: Server): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      const { facts } = await connect(server.engine, { container: server.container.id, role: server.role, database: server.database });
      return facts.startedAt !== server.facts.startedAt;
    } catch (error) {
      // A server that no longer answers, or is starting, was restarted or is about to be.
      const code = error instanceof AppError ? error.code : "";
      if (code !== postgresErrors.starting({ container: "" }).code && code !== postgresErrors.no_socket({ container: "" }).code) return true;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return true;
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
