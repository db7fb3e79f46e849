import "server-only";
import { existsSync, readFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import Docker from "dockerode";
import { AppError } from "@/lib/errors";
import { withDeadline } from "./deadline";
import { engineEndpoints, MissingContext, type EngineEndpoint } from "./endpoints.mjs";
import { dockerErrors } from "./errors";
import { sshAgent } from "./ssh";

export interface Engine {
  docker: Docker;
  /** The address that answered. */
  endpoint: string;
  version: string;
}

interface Limits {
  answerMs: number;
  /** For ssh to connect in. Less than an answer may take, so that ssh can say why it did not. */
  connectSeconds: number;
}

/** While an address is looked at: another one may answer. */
const looking: Limits = { answerMs: 4_000, connectSeconds: 3 };
/** From then on: starting a container takes a busy Engine a while. */
const working: Limits = { answerMs: 120_000, connectSeconds: 10 };

/**
 * Asks every likely address in turn and returns the first that answers. Throws `docker.unreachable` with all that were tried, and
 * `docker.context_missing` where none may be tried.
 */
export async function findEngine(): Promise<Engine> {
  const tried: string[] = [];
  let cause: unknown;
  for (const endpoint of endpoints()) {
    const { address } = endpoint;
    try {
      const { Version } = await clientFor(endpoint, looking).version();
      return { docker: clientFor(endpoint, working), endpoint: address, version: Version };
    } catch (error) {
      // Why ssh does not get through is said in its own words; there is no other address then. Silence is one more that was tried.
      if (error instanceof AppError && error.code !== "docker.silent") throw error;
      tried.push(address);
      cause = error;
    }
  }
  throw dockerErrors.unreachable({ tried: tried.join(", ") }, { cause });
}

function endpoints(): EngineEndpoint[] {
  try {
    return engineEndpoints();
  } catch (error) {
    if (error instanceof MissingContext) throw dockerErrors.context_missing({ context: error.context, from: error.from }, { cause: error });
    throw error;
  }
}

function clientFor(endpoint: EngineEndpoint, limits: Limits): Docker {
  return withDeadline(connection(endpoint, limits), endpoint.address, limits.answerMs);
}

function connection({ address, tls }: EngineEndpoint, { connectSeconds }: Limits): Docker {
  if (address.startsWith("unix://")) return new Docker({ socketPath: address.slice("unix://".length) });
  if (address.startsWith("/")) return new Docker({ socketPath: address });
  // As Docker's own client reads it: host:port alone is tcp://. Of http and https a URL would forget the port that is usual for them.
  const url = new URL(address.includes("://") ? address.replace(/^https?:/, "tcp:") : `tcp://${address}`);
  if (url.protocol === "ssh:") return new Docker({ host: url.hostname, protocol: "http", ...{ agent: sshAgent(url, connectSeconds) } });
  const isSecure = tls !== undefined || address.startsWith("https:") || url.port === securePort;
  return new Docker({ host: url.hostname, port: url.port || (isSecure ? securePort : 2375), protocol: isSecure ? "https" : "http", ...(tls ? certificates(tls) : {}) });
}

const securePort = "2376";

/** What proves this client to the Engine, and the Engine to this client. */
function certificates({ directory, verify }: NonNullable<EngineEndpoint["tls"]>): Docker.DockerOptions & { agent?: https.Agent } {
  const read = (name: string) => {
    const file = path.join(directory, name);
    return existsSync(file) ? { [name.replace(".pem", "")]: readFileSync(file) } : {};
  };
  const material = { ...read("ca.pem"), ...read("cert.pem"), ...read("key.pem") };
  return verify ? material : { ...material, agent: new https.Agent({ ...material, rejectUnauthorized: false }) };
}
