import { mkdtempSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { engineEndpoints } from "../../lib/docker/endpoints.mjs";
import { isChosenElsewhere, parseAddress } from "./engine-address.mjs";
import { ask, follow, query } from "./engine-http.mjs";
import { manualCommands, removeStale } from "./engine-install.mjs";
import { ensureEngine, findEngine } from "./engine.mjs";

const servers = [];
afterEach(() => {
  servers.splice(0).forEach((server) => server.close());
  vi.unstubAllEnvs();
});

const directory = () => mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-"));

/** A real HTTP server on a real socket, which is all that tells an Engine from anything else. */
function listen(handler, file = path.join(directory(), "docker.sock")) {
  return new Promise((resolve) => {
    const server = http.createServer(handler);
    servers.push(server);
    server.listen(file, () => resolve(file));
  });
}

const json = (value, status = 200) => (_, response) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
};
const anEngine = json({ Version: "28.0.0", ApiVersion: "1.48" });
const at = (file, from = "test") => ({ address: `unix://${file}`, from });

describe("finding an Engine", () => {
  it("takes the first that answers and says why the others were passed over", async () => {
    const dead = path.join(directory(), "dead.sock");
    await listen(anEngine, dead);
    // A socket file whose owner is gone, as a machine that was cut off leaves it.
    await new Promise((resolve) => servers.pop().close(resolve));
    writeFileSync(dead, "");
    const page = await listen((_, response) => response.end("<html>a web server</html>"));
    const good = await listen(anEngine);
    const { engine, tried } = await findEngine([at("/nowhere/docker.sock"), at(dead), at(page), at(good, "Colima")]);
    expect(engine).toMatchObject({ source: "Colima", version: "28.0.0", apiVersion: "1.48" });
    expect(engine.endpoint.socketPath).toBe(good);
    expect(tried.map(({ problem }) => problem)).toEqual(["not there", "there, but nothing listens", "something answered that is not a Docker Engine"]);
  });

  it("does not wait for one that accepts and then stays silent", async () => {
    const silent = await listen(() => {});
    const { engine, tried } = await findEngine([at(silent)]);
    expect(engine).toBeNull();
    expect(tried[0].problem).toBe("no answer in 4 s");
  });

  it("installs none here in the place of one that was chosen on another machine", async () => {
    const candidates = [{ address: "tcp://127.0.0.1:1", from: "context far" }];
    await expect(ensureEngine({ candidates, out: () => {} })).rejects.toThrow("Docker's context far is tcp://127.0.0.1:1, and no Docker Engine answers there (there, but nothing listens).");
  });

  it("takes none in the place of a Docker context that is not there, and says what to do", async () => {
    for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT"]) vi.stubEnv(name, undefined);
    const configuration = directory();
    vi.stubEnv("DOCKER_CONFIG", configuration);
    writeFileSync(path.join(configuration, "config.json"), '{"currentContext":"far"}');
    await expect(ensureEngine({ out: () => {} })).rejects.toThrow(
      `There is no Docker context far, which ${configuration}/config.json names.\nSee which there are with docker context ls, then choose one: docker context use default`,
    );
    vi.stubEnv("DOCKER_CONTEXT", "farther");
    await expect(ensureEngine({ out: () => {} })).rejects.toThrow("There is no Docker context farther, which DOCKER_CONTEXT names.\nSee which there are with docker context ls, then change or unset DOCKER_CONTEXT");
  });

  it("reports addresses that it cannot ask", async () => {
    const { tried } = await findEngine([{ address: "ssh://root@host", from: "DOCKER_HOST" }]);
    expect(tried[0].problem).toMatch("cannot be asked");
  });
});

describe("addresses", () => {
  it.each([
    ["unix:///run/x.sock", { socketPath: "/run/x.sock" }],
    ["/run/x.sock", { socketPath: "/run/x.sock" }],
    ["tcp://10.0.0.2:2375", { protocol: "http:", host: "10.0.0.2", port: 2375 }],
    ["tcp://[fd00::1]:99", { host: "fd00::1", port: 99 }],
    ["https://docker.example", { protocol: "https:", port: 2376 }],
    ["docker.example:2375", { protocol: "http:", host: "docker.example", port: 2375 }],
    ["tcp://docker.example:2376", { protocol: "https:", host: "docker.example", port: 2376 }],
    ["docker.example:2376", { protocol: "https:", host: "docker.example", port: 2376 }],
  ])("reads %s", (address, expected) => expect(parseAddress(address)).toMatchObject(expected));

  it.each(["ssh://root@host", "ssh://host:22", "npipe:////./pipe/docker_engine"])("cannot ask %s", (address) => expect(parseAddress(address)).toBeNull());

  it("speaks TLS when the environment says so", () => {
    const [{ address, tls }] = engineEndpoints({ DOCKER_HOST: "tcp://host", DOCKER_TLS_VERIFY: "yes", DOCKER_CERT_PATH: "/certs" }, "/home/maeve");
    expect(parseAddress(address, { tls })).toMatchObject({ protocol: "https:", port: 2376, tlsDirectory: "/certs", rejectUnauthorized: true });
    expect(engineEndpoints({ DOCKER_HOST: "tcp://host", DOCKER_TLS_VERIFY: "1" }, "/home/maeve")).toMatchObject([{ tls: { directory: "/home/maeve/.docker" } }]);
  });

  it("tells a deliberate DOCKER_HOST from one that says the usual", () => {
    expect(isChosenElsewhere({ DOCKER_HOST: "tcp://other:2375" })).toBe(true);
    expect(isChosenElsewhere({ DOCKER_HOST: "unix:///var/run/docker.sock" })).toBe(false);
    expect(isChosenElsewhere({})).toBe(false);
  });
});

describe("talking to an Engine", () => {
  it("throws what the Engine says, with its status", async () => {
    const file = await listen(json({ message: "No such image: x" }, 404));
    await expect(ask(parseAddress(file), "GET", "/images/x/json")).rejects.toMatchObject({ status: 404, message: "No such image: x" });
  });

  it("fails on an error line after a successful status", async () => {
    const file = await listen((_, response) => response.end('{"status":"Pulling"}\n{"error":"toomanyrequests"}\n'));
    await expect(follow(parseAddress(file), "POST", "/images/create")).rejects.toThrow("toomanyrequests");
  });

  it("sends lists, filters and odd characters intact", async () => {
    const file = await listen((request, response) => json(Object.fromEntries(new URL(request.url, "http://x").searchParams))(request, response));
    const target = `/x${query({ filters: { label: ["a=1"] }, name: "a&b c", none: undefined })}`;
    expect(await ask(parseAddress(file), "GET", target)).toEqual({ filters: '{"label":["a=1"]}', name: "a&b c" });
    expect(query({ changes: ["ENV A=b", "USER c"] })).toBe("?changes=ENV+A%3Db&changes=USER+c");
  });
});

describe("a pid file that was left behind", () => {
  const file = (content) => {
    const name = path.join(directory(), "docker.pid");
    writeFileSync(name, content);
    return name;
  };

  it("goes when its process is gone, is another program, or was never written", () => {
    expect(removeStale(file("999999999"), "dockerd")).toBe(true);
    expect(removeStale(file(String(process.pid)), "dockerd")).toBe(true);
    expect(removeStale(file(""), "dockerd")).toBe(true);
  });

  it.runIf(process.platform === "linux")("stays while its process runs", async () => {
    const { readFileSync } = await import("node:fs");
    const name = readFileSync(`/proc/${process.pid}/comm`, "utf8").trim();
    expect(removeStale(file(String(process.pid)), name)).toBe(false);
  });
});

it("names the commands of the system at hand", () => {
  const on = (platform, family, tried = []) => manualCommands(tried, { platform, release: { family }, user: "ana" });
  expect(on("linux", "debian")).toContain("sudo apt-get install -y docker.io");
  expect(on("linux", "fedora")[0]).toMatch("dnf");
  expect(on("darwin", "")[0]).toMatch("colima");
  expect(on("linux", "debian", [{ problem: "this user may not open it" }])[0]).toBe("sudo usermod -aG docker ana");
});
