// The Engine's HTTP API with what Node has. The scripts run before packages are installed and where no docker CLI is.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";

function tls({ tlsDirectory }) {
  if (!tlsDirectory) return {};
  const read = (name) => {
    const file = path.join(tlsDirectory, name);
    return existsSync(file) ? readFileSync(file) : undefined;
  };
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

/** Opens one request and resolves to Node's response; `body` is an object (sent as JSON) or a readable stream. */
export function open(endpoint, method, target, { body, timeoutMs = 60_000, signal } = {}) {
  const isStream = typeof body?.pipe === "function";
  const payload = body === undefined || isStream ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    host: "docker",
    ...(payload ? { "content-type": "application/json", "content-length": payload.length } : {}),
    ...(isStream ? { "content-type": "application/x-tar" } : {}),
  };
  return new Promise((resolve, reject) => {
    const client = endpoint.protocol === "https:" ? https : http;
    const request = client.request({ ...endpoint, ...tls(endpoint), method, path: target, headers, signal, agent: false });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer in ${Math.round(timeoutMs / 1_000)} s`)));
    request.once("error", reject);
    request.once("response", resolve);
    if (isStream) {
      body.once("error", (error) => request.destroy(error));
      body.pipe(request);
    } else request.end(payload);
  });
}

/** An answer that is not 2xx. `status` is what to decide by. */
export class EngineError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function textOf(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function refused(response) {
  const text = await textOf(response);
  let message = text.trim();
  try {
    message = JSON.parse(text).message ?? message;
  } catch {
    // Not JSON: a proxy's page, say.
  }
  return new EngineError(response.statusCode, message || `HTTP ${response.statusCode}`);
}

const isFine = (response) => response.statusCode >= 200 && response.statusCode < 300;

/** One request, its JSON (or text) answer. Throws an `EngineError` for anything but 2xx. */
export async function ask(endpoint, method, target, options) {
  const response = await open(endpoint, method, target, options);
  if (!isFine(response)) throw await refused(response);
  const text = await textOf(response);
  const isJson = /json/.test(response.headers["content-type"] ?? "");
  return isJson && text ? JSON.parse(text) : text;
}

/** Like `ask` for the answers that come as one JSON object per line while work goes on; an `error` line is thrown. */
export async function follow(endpoint, method, target, { onMessage = () => {}, ...options } = {}) {
  const response = await open(endpoint, method, target, options);
  if (!isFine(response)) throw await refused(response);
  let rest = "";
  let last;
  const take = (line) => {
    if (!line.trim()) return;
    last = JSON.parse(line);
    // The status was sent before the work began, so a failure can only come in the stream.
    if (last.error) throw new EngineError(500, last.error);
    onMessage(last);
  };
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  take(rest);
  return last;
}

/** `?a=b` with every value encoded. A list repeats its name; an object becomes JSON, as the Engine's filters want. */
export function query(values) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) value.forEach((one) => search.append(name, one));
    else search.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  return `?${search}`;
}
