import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startApplication, stopApplication } from "./application";
import { inspectContainer, listContainers } from "./containers";
import { findEngine, type Engine } from "./engine";
import { execText } from "./exec";
import { inspectImage, removeContainer, startContainer } from "./labelled";

let directory: string;
let server: http.Server;
/** What the Engine says to a request; what is not here it takes and never answers. */
let answers: Record<string, (response: http.ServerResponse) => void>;
/** The connection of the first request that got no answer. */
let hung: Promise<http.IncomingMessage["socket"]>;

const json = (value: unknown) => (response: http.ServerResponse) => response.end(JSON.stringify(value));

beforeEach(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-docker-"));
  for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"]) vi.stubEnv(name, undefined);
  vi.stubEnv("DOCKER_CONFIG", directory);
  answers = { "GET /version": json({ Version: "28.0.0" }) };
  server = http.createServer();
  hung = new Promise((resolve) => {
    server.on("request", (request, response) => {
      const answer = answers[`${request.method ?? ""} ${request.url?.split("?")[0] ?? ""}`];
      if (answer) answer(response);
      else resolve(request.socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path.join(directory, "docker.sock"), resolve));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The Engine as a run has it, from then on with a clock that moves when told. */
async function connect(): Promise<Engine> {
  vi.stubEnv("DOCKER_HOST", `unix://${directory}/docker.sock`);
  const engine = await findEngine();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return engine;
}

const running = { Id: "1", Name: "/app", Image: "sha256:1", State: { Status: "running", StartedAt: "2026-01-01T00:00:00Z" }, Config: { Image: "app", Env: [] } };

it.each([
  ["https://docker.test:443", "https", "443"],
  ["http://docker.test:80", "http", "80"],
  ["https://docker.test", "https", "2376"],
  ["tcp://docker.test:2376", "https", "2376"],
  ["docker.test", "http", "2375"],
])("asks an Engine at %s by %s on port %s", async (address, protocol, port) => {
  const { request } = http;
  const asked: unknown[] = [];
  const answering = (how: string) => (({ hostname, port: at, path: url }: http.RequestOptions, done: (response: http.IncomingMessage) => void) => {
    asked.push([how, hostname, String(at)]);
    return request({ socketPath: path.join(directory, "docker.sock"), path: url }, done);
  }) as typeof request;
  vi.spyOn(http, "request").mockImplementation(answering("http"));
  vi.spyOn(https, "request").mockImplementation(answering("https"));
  vi.stubEnv("DOCKER_HOST", address);
  await findEngine();
  vi.restoreAllMocks();
  expect(asked).toEqual([[protocol, "docker.test", port]]);
});

describe("an Engine that takes a request and does not answer it", () => {
  it.each<[string, number, (engine: Engine) => Promise<unknown>]>([
    ["reading a container", 120, (engine) => inspectContainer(engine, "other")],
    ["listing containers", 120, listContainers],
    ["reading an image", 120, (engine) => inspectImage(engine, "app")],
    ["creating a container", 120, (engine) => startContainer(engine, { Image: "app" })],
    ["starting an application", 120, (engine) => startApplication(engine, ["app"])],
    ["starting a process", 120, (engine) => execText(engine, { container: "app", tool: "cat", argv: ["cat"] })],
    ["stopping an application, beside the time that this has to stop in", 150, (engine) => stopApplication(engine, ["app"], 30, { stopping: () => Promise.resolve(), down: () => Promise.resolve() })],
    ["removing a container, which takes longer", 600, (engine) => removeContainer(engine, "app")],
  ])("fails what asked for it, and the connection is closed: %s", async (_, seconds, work) => {
    answers["GET /containers/app/json"] = json(running);
    const engine = await connect();
    const outcome = expect(work(engine)).rejects.toMatchObject({ code: "docker.silent", details: { address: engine.endpoint, seconds } });
    const socket = await hung;
    vi.advanceTimersByTime(seconds * 1_000 - 1);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    await outcome;
    if (!socket.closed) await once(socket, "close");
  });

  it("fails also when it stops in the middle of its answer", async () => {
    const begun = new Promise<void>((resolve) => {
      answers["GET /containers/app/json"] = (response) => response.write('{"Id":', () => resolve());
    });
    const engine = await connect();
    const outcome = expect(inspectContainer(engine, "app")).rejects.toMatchObject({ code: "docker.silent" });
    await begun;
    // What was written is read in the next turns of the loop.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    vi.advanceTimersByTime(120_000);
    await outcome;
  });

  it("is passed over within seconds where another one may answer", async () => {
    delete answers["GET /version"];
    vi.stubEnv("DOCKER_HOST", `unix://${directory}/docker.sock`);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const outcome = expect(findEngine()).rejects.toMatchObject({ code: "docker.unreachable", details: { tried: `unix://${directory}/docker.sock` } });
    const socket = await hung;
    vi.advanceTimersByTime(4_000);
    await outcome;
    if (!socket.closed) await once(socket, "close");
  });
});

it("lets a process write for as long as it likes", async () => {
  answers["POST /containers/app/exec"] = json({ Id: "1" });
  answers["GET /exec/1/json"] = json({ Running: false, ExitCode: 0 });
  const started = new Promise<NodeJS.WritableStream>((resolve) => {
    server.on("upgrade", (_, socket) => {
      socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
      resolve(socket);
    });
  });
  const engine = await connect();
  const result = execText(engine, { container: "app", tool: "cat", argv: ["cat"] });
  const socket = await started;
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
  vi.advanceTimersByTime(86_400_000);
  socket.end(Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 4]), Buffer.from("late")]));
  expect(await result).toEqual({ exitCode: 0, stdout: "late", stderr: "" });
});

describe("a Docker context", () => {
  /** As `docker context create` leaves it. */
  function describeContext(name: string, docker: object): void {
    const meta = path.join(directory, "contexts/meta", createHash("sha256").update(name).digest("hex"));
    mkdirSync(meta, { recursive: true });
    writeFileSync(path.join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker } }));
  }
  const choose = (currentContext: string) => writeFileSync(path.join(directory, "config.json"), JSON.stringify({ currentContext }));

  it("that is not there is said, and no other Engine takes its place", async () => {
    vi.stubEnv("DOCKER_CONTEXT", "far");
    await expect(findEngine()).rejects.toMatchObject({
      code: "docker.context_missing",
      message: "There is no Docker context far, which DOCKER_CONTEXT names. No other Engine is used in its place.",
      hint: "As the user that runs the worker: docker context ls shows those there are. Then change or unset DOCKER_CONTEXT.",
    });
    vi.stubEnv("DOCKER_CONTEXT", undefined);
    choose("far");
    await expect(findEngine()).rejects.toMatchObject({
      code: "docker.context_missing",
      details: { context: "far", from: path.join(directory, "config.json") },
      hint: expect.stringContaining("docker context use default") as string,
    });
  });

  it("without an address is no other Engine either", async () => {
    describeContext("far", {});
    choose("far");
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.context_missing" });
  });

  it("that was chosen counts where DOCKER_CONTEXT is empty, as Docker's own client has it", async () => {
    describeContext("near", { Host: `unix://${directory}/docker.sock` });
    choose("near");
    vi.stubEnv("DOCKER_CONTEXT", "");
    expect((await findEngine()).endpoint).toBe(`unix://${directory}/docker.sock`);
  });
});
