import "server-only";
import Docker from "dockerode";
import { engineEndpoints } from "./endpoints.mjs";
import { dockerErrors } from "./errors";

export interface Engine {
  docker: Docker;
  /** The address that answered. */
  endpoint: string;
  version: string;
}

const answerTimeoutMs = 4_000;

/** Asks every likely address in turn and returns the first that answers. Throws `docker.unreachable` with all that were tried. */
export async function findEngine(): Promise<Engine> {
  const tried: string[] = [];
  let cause: unknown;
  for (const { address } of engineEndpoints()) {
    try {
      const docker = clientFor(address);
      const version = await withTimeout(docker.version(), answerTimeoutMs);
      return { docker, endpoint: address, version: version.Version };
    } catch (error) {
      tried.push(address);
      cause = error;
    }
  }
  throw dockerErrors.unreachable({ tried: tried.join(", ") }, { cause });
}

function clientFor(address: string): Docker {
  if (address.startsWith("unix://")) return new Docker({ socketPath: address.slice("unix://".length) });
  if (address.startsWith("/")) return new Docker({ socketPath: address });
  // dockerode reads DOCKER_HOST, DOCKER_CERT_PATH and DOCKER_TLS_VERIFY itself for tcp:// and ssh://.
  if (process.env["DOCKER_HOST"] === address) return new Docker();
  const url = new URL(address.replace(/^tcp:/, "http:"));
  return new Docker({ host: url.hostname, port: url.port || 2375, protocol: "http" });
}

async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
