import "server-only";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isWell } from "@/lib/docker/application";
import { inspectContainer } from "@/lib/docker/containers";
import type { Engine } from "@/lib/docker/engine";
import { execText } from "@/lib/docker/exec";
import { engineSize, inspectImage, lastWords, removeContainer, startContainer } from "@/lib/docker/labelled";
import { readLiveContainer, type LiveContainer } from "@/lib/docker/live-container";
import { AppError } from "@/lib/errors";
import { duration } from "@/lib/format/durations";
import { openRoles } from "@/lib/postgres/roles";
import { scratchLabels, type Scratch } from "@/lib/postgres/scratch";
import type { Application, Rehearsal } from "@/lib/restore/schemas";
import type { Job } from "@/lib/runs/job";
import { readSmallFile } from "@/lib/stores/local";
import { copyOf, namesOf, readStatus } from "./application-copy";
import { drillErrors } from "./errors";
import type { Subject } from "./subject";
import { withhold } from "./withhold";

export interface RehearsalPlace {
  scratch: Scratch;
  subject: Subject;
  database: { container: string; role: string };
  rehearsal: Rehearsal;
  seconds: Application["healthSeconds"];
  /** Hears of the copy as soon as there is one. */
  containers: string[];
}

/**
 * Starts a copy of the application's container in the network of the recovered server, which is a loopback and nothing else, and asks its
 * address until it answers 2xx or 3xx. The copy is gone afterwards, whatever came of it. Returns what it answered, and after how many
 * milliseconds. Throws `drill.application_silent` with the copy's last words, `docker.container_missing`.
 */
export async function rehearseApplication(job: Job, engine: Engine, place: RehearsalPlace): Promise<{ status: number; ms: number }> {
  const { scratch, subject, database, rehearsal, containers } = place;
  const live = await readLiveContainer(engine, rehearsal.container);
  const ofDatabase = await readLiveContainer(engine, database.container).catch(nullIfMissing);
  const { roles, store } = subject.evidence;
  await openRoles(scratch.server, roles ? await readSmallFile(store, roles.key) : null, { owner: subject.manifest.database.owner, role: database.role }, job.signal);
  await nameLoopback(engine, scratch, namesOf(ofDatabase ?? { name: database.container, aliases: [], labels: {} }), job.signal);
  const name = `holdfast-drill-${job.tag}-${randomBytes(3).toString("hex")}`;
  const imageVolumes = (await inspectImage(engine, live.imageId))?.volumes ?? [];
  const spec = copyOf(live, { name, network: scratch.container, labels: scratchLabels(job.tag, "drill"), machine: await engineSize(engine), imageVolumes, database: ofDatabase });
  job.signal.throwIfAborted();
  const started = Date.now();
  const copy = await startContainer(engine, spec);
  containers.push(name);
  try {
    await job.log(`copy ${name} of ${live.name} (${live.imageId.slice(0, 19)}), in the network of ${scratch.server.container.name}, ${spec.HostConfig?.Mounts?.length ?? 0} of its ${live.mounts.length} mounts, none to write to`);
    return await untilItAnswers(job, engine, { ...place, live, copy, started });
  } finally {
    // What cannot be removed now is removed with the run's other containers, and counted there.
    await removeContainer(engine, copy).catch((error: unknown) => job.log(`the copy could not be removed yet: ${error instanceof Error ? error.message : String(error)}`));
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof AppError && error.code === "docker.container_missing") return null;
  throw error;
}

/** Containers that share a network share this file as well, so the application finds its database under the names it knows. */
async function nameLoopback(engine: Engine, { container }: Scratch, names: readonly string[], signal: AbortSignal): Promise<void> {
  const stdin = names.map((name) => `127.0.0.1 ${name}\n`).join("");
  const { exitCode, stderr } = await execText(engine, { container, tool: "sh", argv: ["sh", "-c", "cat >> /etc/hosts"], user: "0", stdin }, signal);
  if (exitCode !== 0) throw drillErrors.application_unnamed({ stderr });
}

interface Asked extends RehearsalPlace {
  live: LiveContainer;
  copy: string;
  /** Milliseconds since 1970. */
  started: number;
}

const askEveryMs = 500;

async function untilItAnswers(job: Job, engine: Engine, asked: Asked): Promise<{ status: number; ms: number }> {
  const { copy, live, rehearsal, seconds, started } = asked;
  const silent = async (detail: string) => drillErrors.application_silent({ container: live.name, url: rehearsal.url, detail, stderr: withhold(await lastWords(engine, copy), live.env) });
  for (;;) {
    job.signal.throwIfAborted();
    const { state, exitCode } = await inspectContainer(engine, copy);
    const ms = Date.now() - started;
    if (state !== "running") throw await silent(`ended after ${duration(ms)} with exit code ${exitCode ?? "unknown"}`);
    const answer = await ask(engine, asked.scratch, rehearsal.url, job.signal);
    if (typeof answer === "number" && isWell(answer)) return { status: answer, ms: Date.now() - started };
    if (Date.now() - started > seconds * 1_000) throw await silent(typeof answer === "number" ? `still answered ${answer} after ${duration(Date.now() - started)}` : `did not answer within ${duration(seconds * 1_000)}: ${answer}`);
    await sleep(askEveryMs, undefined, { signal: job.signal });
  }
}

/** Bash is in every image that has the official entrypoint, and speaks TCP itself. $1 is the port, $2 the path, $3 the host as written. */
const askScript = `
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 7
printf 'GET %s HTTP/1.1\\r\\nHost: %s\\r\\nUser-Agent: Holdfast\\r\\nAccept: */*\\r\\nConnection: close\\r\\n\\r\\n' "$2" "$3" >&3
IFS= read -r -t 5 -n 256 line <&3
printf '%s' "$line"
`;

/** The status of one answer, or why there is none. */
async function ask(engine: Engine, { container }: Scratch, url: string, signal: AbortSignal): Promise<number | string> {
  const { port, pathname, search, host } = new URL(url);
  const { exitCode, stdout } = await execText(engine, { container, tool: "bash", argv: ["bash", "-c", askScript, "holdfast", port || "80", `${pathname}${search}`, host] }, signal);
  if (exitCode === 127 || exitCode === 126) return "the server's image has no bash to ask it with";
  if (exitCode === 7 || exitCode === 1) return "connection refused";
  return readStatus(stdout) ?? (stdout === "" ? "no answer in time" : "what it answered is no HTTP");
}
