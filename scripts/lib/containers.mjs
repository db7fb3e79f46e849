// The few things the scripts do with containers, over the Engine's HTTP API.
import { Readable } from "node:stream";
import { ask, open, query } from "./engine-http.mjs";
import { tar } from "./tar.mjs";

async function orNull(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

export const inspect = ({ endpoint }, id) => orNull(ask(endpoint, "GET", `/containers/${encodeURIComponent(id)}/json`));
export const inspectNetwork = ({ endpoint }, id) => orNull(ask(endpoint, "GET", `/networks/${encodeURIComponent(id)}`));
export const inspectVolume = ({ endpoint }, name) => orNull(ask(endpoint, "GET", `/volumes/${encodeURIComponent(name)}`));

/** Containers, networks and volumes that carry all of `labels` (`name=value`). */
export async function labelled({ endpoint }, labels) {
  const filters = { label: labels };
  const [containers, networks, volumes] = await Promise.all([
    ask(endpoint, "GET", `/containers/json${query({ all: true, filters })}`),
    ask(endpoint, "GET", `/networks${query({ filters })}`),
    ask(endpoint, "GET", `/volumes${query({ filters })}`),
  ]);
  return { containers, networks, volumes: volumes.Volumes ?? [] };
}

export async function create({ endpoint }, name, config) {
  const { Id } = await ask(endpoint, "POST", `/containers/create${query({ name })}`, { body: config });
  return Id;
}

/** Puts files under `/` of a container that need not run. */
export async function putFiles({ endpoint }, id, files) {
  await ask(endpoint, "PUT", `/containers/${id}/archive${query({ path: "/" })}`, { body: Readable.from([tar(files)], { objectMode: false }) });
}

export const start = ({ endpoint }, id) => ask(endpoint, "POST", `/containers/${id}/start`);

export async function removeContainer({ endpoint }, id) {
  await orNull(ask(endpoint, "DELETE", `/containers/${id}${query({ force: true, v: true })}`));
}

/** Runs a command in a container. Returns its exit code and everything it printed. */
export async function exec({ endpoint }, id, argv) {
  const { Id } = await ask(endpoint, "POST", `/containers/${id}/exec`, { body: { Cmd: argv, AttachStdout: true, AttachStderr: true } });
  const response = await open(endpoint, "POST", `/exec/${Id}/start`, { body: { Detach: false, Tty: false } });
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const { ExitCode } = await ask(endpoint, "GET", `/exec/${Id}/json`);
  return { exitCode: ExitCode, output: payloads(Buffer.concat(chunks)) };
}

/** What a container wrote last. */
export async function lastLines({ endpoint }, id, tail = 15) {
  const response = await open(endpoint, "GET", `/containers/${id}/logs${query({ stdout: true, stderr: true, tail })}`);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return payloads(Buffer.concat(chunks)).trim();
}

/** Each frame has eight bytes in front; the last four are its length. */
function payloads(all) {
  const parts = [];
  for (let at = 0; at + 8 <= all.length; ) {
    const length = all.readUInt32BE(at + 4);
    parts.push(all.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
