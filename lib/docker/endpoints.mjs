// Where a Docker Engine may listen on this machine. Plain JavaScript with nothing but Node's own modules, because
// scripts need it before any package is installed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A context was chosen, and nothing says where its Engine is. `from`: what chose it. */
export class MissingContext extends Error {
  /**
   * @param {string} context
   * @param {string} from
   */
  constructor(context, from) {
    super(`There is no Docker context ${context}, which ${from} names.`);
    this.context = context;
    this.from = from;
  }
}

/**
 * The addresses worth asking, best first: what DOCKER_HOST says (then nothing else), the context chosen with
 * `docker context use` (nothing else where that is on another machine), then the sockets that Engine, Desktop, rootless Docker, Colima, OrbStack, Rancher Desktop and
 * Podman create. `tls` is where the certificates for it lie (`ca.pem`, `cert.pem`, `key.pem`), and whether its own is checked.
 * Throws `MissingContext` where a context was chosen that is not there.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @param {number | undefined} uid
 * @returns {{ address: string, from: string, tls?: { directory: string, verify: boolean } }[]}
 */
export function engineEndpoints(env = process.env, home = os.homedir(), uid = process.getuid?.()) {
  if (env.DOCKER_HOST) return [{ address: env.DOCKER_HOST, from: "DOCKER_HOST", ...tlsOfEnvironment(env, home) }];
  const fromContext = contextEndpoint(env, home);
  // On another machine: no Engine of this one may take its place when it does not answer.
  if (fromContext && /^(tcp|https?|ssh):/.test(fromContext.address)) return [fromContext];
  // Where units, cron and su set no XDG_RUNTIME_DIR, it is here all the same.
  const runtimes = [...(env.XDG_RUNTIME_DIR ? [env.XDG_RUNTIME_DIR] : []), ...(uid === undefined ? [] : [`/run/user/${uid}`])];
  const sockets = [
    ["/var/run/docker.sock", "Docker Engine"],
    [path.join(home, ".docker/run/docker.sock"), "Docker Desktop"],
    [path.join(home, ".docker/desktop/docker.sock"), "Docker Desktop"],
    ...runtimes.map((directory) => [path.join(directory, "docker.sock"), "rootless Docker"]),
    [path.join(home, ".colima/default/docker.sock"), "Colima"],
    [path.join(home, ".orbstack/run/docker.sock"), "OrbStack"],
    [path.join(home, ".rd/docker.sock"), "Rancher Desktop"],
    ...runtimes.map((directory) => [path.join(directory, "podman/podman.sock"), "Podman"]),
    ["/run/podman/podman.sock", "Podman"],
  ];
  const all = [...(fromContext ? [fromContext] : []), ...sockets.map(([file, from]) => ({ address: `unix://${file}`, from }))];
  return all.filter((one, index) => all.findIndex((other) => other.address === one.address) === index);
}

/**
 * As Docker's own client has it: any value of DOCKER_TLS_VERIFY asks for TLS, with certificates from its configuration where DOCKER_CERT_PATH
 * names no other place.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 */
function tlsOfEnvironment(env, home) {
  return env.DOCKER_TLS_VERIFY ? { tls: { directory: env.DOCKER_CERT_PATH || configurationOf(env, home), verify: true } } : {};
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 */
function configurationOf(env, home) {
  return env.DOCKER_CONFIG || path.join(home, ".docker");
}

/**
 * The endpoint of the current context: DOCKER_CONTEXT, else `currentContext` of the client's configuration. Contexts lie in
 * a directory named after the SHA-256 of their name, and their certificates in another.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 */
function contextEndpoint(env, home) {
  const configuration = configurationOf(env, home);
  const file = path.join(configuration, "config.json");
  const name = env.DOCKER_CONTEXT || readJson(file)?.currentContext;
  if (!name || name === "default") return null;
  const directory = createHash("sha256").update(name).digest("hex");
  const meta = readJson(path.join(configuration, "contexts/meta", directory, "meta.json"));
  const endpoint = meta?.Endpoints?.docker;
  // It was meant, whoever took it away since: no other Engine may take its place.
  if (typeof endpoint?.Host !== "string") throw new MissingContext(name, env.DOCKER_CONTEXT ? "DOCKER_CONTEXT" : file);
  const certificates = path.join(configuration, "contexts/tls", directory, "docker");
  const tls = existsSync(certificates) ? { tls: { directory: certificates, verify: endpoint.SkipTLSVerify !== true } } : {};
  return { address: endpoint.Host, from: `context ${name}`, ...tls };
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // Absent or not JSON: that place has nothing to say.
  }
}
