import "server-only";
import type { Application } from "@/lib/restore/schemas";
import { AppError } from "@/lib/errors";
import { inspectContainer } from "./containers";
import type { Engine } from "./engine";

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
    return { ok: response.status >= 200 && response.status < 400, detail: `answers ${response.status}`, ms: since() };
  } catch (error) {
    return { ok: false, detail: signal.aborted ? "does not answer in time" : `does not answer: ${why(error)}`, ms: since() };
  }
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
