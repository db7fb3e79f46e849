import { engineEndpoints, MissingContext } from "../../lib/docker/endpoints.mjs";
import { defaultSocket, isChosenElsewhere, parseAddress } from "./engine-address.mjs";
import { ask } from "./engine-http.mjs";
import { canInstall, installAndStart, manualCommands } from "./engine-install.mjs";
import { Stop } from "./progress.mjs";

const answerMs = 4_000;

/**
 * Asks every likely address in turn, in the order in which the worker does. Returns `{ engine, tried }`: the first that
 * answers (or null), and why the others did not.
 */
export async function findEngine(candidates = likelyEndpoints()) {
  const tried = [];
  for (const { address, from: source, tls } of candidates) {
    const endpoint = parseAddress(address, { tls });
    if (!endpoint) {
      tried.push({ source, address, problem: "an address of a kind that cannot be asked" });
      continue;
    }
    try {
      const version = await ask(endpoint, "GET", "/version", { timeoutMs: answerMs });
      if (!version?.ApiVersion) throw new Error("something answered that is not a Docker Engine");
      return { engine: { source, endpoint, version: version.Version, apiVersion: version.ApiVersion }, tried };
    } catch (error) {
      tried.push({ source, address, problem: problemOf(error) });
    }
  }
  return { engine: null, tried };
}

function likelyEndpoints() {
  try {
    return engineEndpoints();
  } catch (error) {
    if (!(error instanceof MissingContext)) throw error;
    const remedy = error.from === "DOCKER_CONTEXT" ? "change or unset DOCKER_CONTEXT" : "choose one: docker context use default";
    throw new Stop(`${error.message}\nSee which there are with docker context ls, then ${remedy}`);
  }
}

function problemOf(error) {
  switch (error.code) {
    case "ENOENT":
      return "not there";
    case "ECONNREFUSED":
      return "there, but nothing listens";
    case "EACCES":
    case "EPERM":
      return "this user may not open it";
    default:
      return error.message;
  }
}

/**
 * An Engine that answers. Where none does and this is root on Debian or Ubuntu, it is installed and started, after saying
 * so; anywhere else this stops with the commands to run. Child processes find the same Engine through DOCKER_HOST.
 */
export async function ensureEngine({ out = console.log, candidates } = {}) {
  const first = await findEngine(candidates);
  const engine = first.engine ?? (await installed(first.tried, out));
  const { socketPath, address, tlsDirectory, rejectUnauthorized } = engine.endpoint;
  // One whose certificate is not checked is found by its context again: the environment has no word for that.
  if (socketPath === defaultSocket || rejectUnauthorized === false) return engine;
  Object.assign(process.env, { DOCKER_HOST: address, ...(tlsDirectory ? { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: tlsDirectory } : {}) });
  return engine;
}

async function installed(tried, out) {
  const [only, ...others] = tried;
  if (only?.source.startsWith("context ") && others.length === 0) {
    throw new Stop(`Docker's ${only.source} is ${only.address}, and no Docker Engine answers there (${only.problem}).
Start it, or choose the Engine of this machine: docker context use default`);
  }
  if (isChosenElsewhere()) {
    throw new Stop(`DOCKER_HOST is ${process.env.DOCKER_HOST}, and no Docker Engine answers there (${tried[0]?.problem ?? "no address"}).
Start it, or unset DOCKER_HOST to use the Engine of this machine.`);
  }
  if (!canInstall()) throw new Stop(noEngine(tried));
  await installAndStart({ out });
  const second = await findEngine();
  if (second.engine) return second.engine;
  throw new Stop(noEngine(second.tried));
}

function noEngine(tried) {
  const interesting = tried.filter(({ problem }) => problem !== "not there");
  const seen = interesting.map(({ source, address, problem }) => `  ${source} at ${address}: ${problem}`);
  return [
    "No Docker Engine answers on this machine, and Holdfast needs one to reach PostgreSQL in its containers.",
    ...(seen.length > 0 ? ["What was found:", ...seen] : []),
    "",
    "Run this, then start again:",
    ...manualCommands(tried).map((line) => `  ${line}`),
  ].join("\n");
}
