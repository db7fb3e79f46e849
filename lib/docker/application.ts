import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/errors";
import type { Application } from "@/lib/restore/schemas";
import { inspectContainer } from "./containers";
import type { Engine } from "./engine";
import { dockerErrors } from "./errors";

/** Docker's word for each container of an application; null where there is no such container. */
export async function inspectApplication(engine: Engine, { containers }: Pick<Application, "containers">): Promise<{ container: string; state: string | null }[]> {
  return Promise.all(
    containers.map(async (container) => {
      try {
        return { container, state: (await inspectContainer(engine, container)).state };
      } catch (error) {
        if (error instanceof AppError && error.code === "docker.container_missing") return { container, state: null };
        throw error;
      }
    }),
  );
}

export interface Health {
  ok: boolean;
  /** "answers 200", "does not answer: connection refused". */
  detail: string;
  ms: number;
}

/** Asks an address once. Any answer of 2xx or 3xx is health; nothing is thrown, because an application that is away is an answer too. */
export async function checkHealth(url: string, signal: AbortSignal): Promise<Health> {
  const started = Date.now();
  const since = () => Date.now() - started;
  try {
    // A redirect is an answer; where it leads may be another host, which says nothing of this one.
    const response = await fetch(url, { signal, redirect: "manual", cache: "no-store", headers: { "user-agent": "Holdfast" } });
    await response.body?.cancel();
    return { ok: isWell(response.status), detail: `answers ${response.status}`, ms: since() };
  } catch (error) {
    return { ok: false, detail: signal.aborted ? "does not answer in time" : `does not answer: ${why(error)}`, ms: since() };
  }
}

/** Whether an HTTP status is health. */
export function isWell(status: number): boolean {
  return status >= 200 && status < 400;
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "its name could not be looked up",
  ECONNRESET: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
  EHOSTUNREACH: "no way to that host",
  ENETUNREACH: "no way to that network",
  ETIMEDOUT: "no answer in time",
  UND_ERR_CONNECT_TIMEOUT: "no answer in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
};

/** fetch hides the reason one level down. */
function why(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : null;
  return (code && (words[code] ?? code)) || "the connection failed";
}

/** Who hears of each container while an application is stopped. */
export interface StopListener {
  /** Before it is stopped, so that a crash in between leaves a record of it. */
  stopping(container: string): Promise<void>;
  /** Once it is down. */
  down(container: string): Promise<void>;
}

/** Stops the containers that run and returns their names: those, and only those, are to be started again. */
export async function stopApplication(engine: Engine, containers: readonly string[], stopSeconds: number, listener: StopListener): Promise<string[]> {
  const stopped: string[] = [];
  for (const { container, state } of await inspectApplication(engine, { containers: [...containers] })) {
    if (state !== "running" && state !== "restarting") continue;
    await listener.stopping(container);
    await onContainer(container, "stopping it", () => engine.docker.getContainer(container).stop({ t: stopSeconds }));
    await listener.down(container);
    stopped.push(container);
  }
  return stopped;
}

/** Starts containers in the reverse order. One that runs already is a success; every one is tried before a failure is thrown. */
export async function startApplication(engine: Engine, containers: readonly string[]): Promise<void> {
  let failure: unknown;
  for (const container of [...containers].reverse()) {
    await onContainer(container, "starting it", () => engine.docker.getContainer(container).start()).catch((error: unknown) => (failure ??= error));
  }
  if (failure) throw failure;
}

/**
 * Starts a container whose stop was not seen to end. The Engine goes on stopping it after whoever asked is gone, and until it is down a start
 * is answered with "runs already": a moment later it would be down for good. A restart waits for that.
 */
export async function restartContainer(engine: Engine, container: string, stopSeconds: number): Promise<void> {
  await onContainer(container, "starting it", () => engine.docker.getContainer(container).restart({ t: stopSeconds }));
}

/** 304: it is in that state already. */
async function onContainer(container: string, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    if (status === 304) return;
    if (status === 404) throw dockerErrors.container_missing({ container }, { cause: error });
    if (error instanceof AppError) throw error;
    throw dockerErrors.engine_failed({ what: `${what}: ${container}` }, { cause: error });
  }
}

const healthEveryMs = 500;
const healthAnswerMs = 5_000;

/** Asks an address until it answers well or `seconds` are over, and returns the last answer. */
export async function untilHealthy(url: string, seconds: number, signal: AbortSignal): Promise<Health> {
  const started = Date.now();
  for (;;) {
    const health = await checkHealth(url, AbortSignal.any([signal, AbortSignal.timeout(healthAnswerMs)]));
    if (health.ok || signal.aborted || Date.now() - started > seconds * 1_000) return { ...health, ms: Date.now() - started };
    await sleep(healthEveryMs);
  }
}
