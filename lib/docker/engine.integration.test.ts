import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import ssh2 from "ssh2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { testImage } from "@/lib/testing/containers";
import { engine as real } from "@/lib/testing/engine";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { findEngine } from "./engine";
import { execText } from "./exec";

/** Docker's names for what it reads: `ca.pem`, `cert.pem`, `key.pem`. */
let directory: string;
const certificates = (name: string) => path.join(directory, name);
let server: tls.Server;
let address: string;
let container: string;

const openssl = (...argv: string[]) => execFileSync("openssl", argv, { cwd: directory, stdio: "pipe" });

/** A directory with a certificate for `name`, signed by the authority `ca`, and that authority's own. */
function certify(ca: string, name: string): void {
  mkdirSync(certificates(name));
  if (name === ca) openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${name}`, "-keyout", `${name}/key.pem`, "-out", `${name}/ca.pem`, "-days", "2");
  else {
    writeFileSync(certificates(`${name}/extensions`), "subjectAltName=IP:127.0.0.1");
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${name}`, "-keyout", `${name}/key.pem`, "-out", `${name}/request.pem`);
    openssl("x509", "-req", "-in", `${name}/request.pem`, "-CA", `${ca}/ca.pem`, "-CAkey", `${ca}/key.pem`, "-CAcreateserial", "-extfile", `${name}/extensions`, "-out", `${name}/cert.pem`, "-days", "2");
    cpSync(certificates(`${ca}/ca.pem`), certificates(`${name}/ca.pem`));
  }
}

/** The Engine of this machine behind TLS, for clients with a certificate, as `dockerd --tlsverify` listens. */
async function listen(): Promise<tls.Server> {
  const read = (name: string) => readFileSync(certificates(`engine/${name}.pem`));
  const options = { ca: read("ca"), cert: read("cert"), key: read("key"), requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
  const listening = tls.createServer(options, (client) => {
    const upstream = net.connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) one.on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return listening;
}

/** Writes what `docker context create` and `docker context use` leave. */
function chooseContext(material: string, SkipTLSVerify: boolean): void {
  const configuration = mkdtempSync(certificates("docker-"));
  const id = createHash("sha256").update("far").digest("hex");
  mkdirSync(path.join(configuration, "contexts/meta", id), { recursive: true });
  writeFileSync(path.join(configuration, "config.json"), JSON.stringify({ currentContext: "far" }));
  writeFileSync(path.join(configuration, "contexts/meta", id, "meta.json"), JSON.stringify({ Name: "far", Endpoints: { docker: { Host: address, SkipTLSVerify } } }));
  for (const name of ["ca.pem", "cert.pem", "key.pem"]) cpSync(certificates(`${material}/${name}`), path.join(configuration, "contexts/tls", id, "docker", name), { recursive: true });
  vi.stubEnv("DOCKER_CONFIG", configuration);
}

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-tls-"));
  for (const [ca, name] of [["ours", "ours"], ["theirs", "theirs"], ["ours", "engine"], ["ours", "client"], ["theirs", "stranger"]] as const) certify(ca, name);
  // Knows the Engine's authority and has a certificate of another.
  cpSync(certificates("stranger"), certificates("refused"), { recursive: true });
  cpSync(certificates("ours/ca.pem"), certificates("refused/ca.pem"));
  // Has a certificate of the Engine's authority and takes the Engine's own for another's.
  cpSync(certificates("client"), certificates("doubting"), { recursive: true });
  cpSync(certificates("theirs/ca.pem"), certificates("doubting/ca.pem"));
  server = await listen();
  address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sleeper = await real.createContainer({ Image: testImage(15), Entrypoint: ["sleep", "600"], Cmd: [], Labels: { [testLabel]: "1" } });
  await sleeper.start();
  container = sleeper.id;
});
afterAll(async () => {
  server.close();
  await removeContainer(container);
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONFIG"]) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

function chooseHost(material: string): void {
  vi.stubEnv("DOCKER_HOST", address);
  vi.stubEnv("DOCKER_TLS_VERIFY", "1");
  vi.stubEnv("DOCKER_CERT_PATH", certificates(material));
}

/** Whether the Engine behind ssh hangs: connections are made, and nothing comes of them. */
let isHung = false;

/** What `docker system dial-stdio` does, behind an ssh server that lets in the client's key alone. */
async function listenForSsh(): Promise<ssh2.Server> {
  for (const name of ["host", "key", "other"]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", certificates(`ssh-${name}`)]);
  const allowed = ssh2.utils.parseKey(readFileSync(certificates("ssh-key.pub")));
  if (allowed instanceof Error) throw allowed;
  const listening = new ssh2.Server({ hostKeys: [readFileSync(certificates("ssh-host"))] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (asked) => {
      const isAllowed = asked.method === "publickey" && asked.username === "maeve" && asked.key.data.equals(allowed.getPublicSSH()) && (!asked.signature || !asked.blob || allowed.verify(asked.blob, asked.signature, asked.hashAlgo) === true);
      if (isAllowed) asked.accept();
      else asked.reject(["publickey"]);
    });
    client.on("session", (accept) =>
      accept().on("exec", (run, refuse, { command }) => {
        if (command !== "docker system dial-stdio") return refuse();
        const channel = run();
        if (isHung) return;
        const upstream = net.connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
        channel.pipe(upstream).pipe(channel, { end: false });
        upstream.on("close", () => {
          channel.exit(0);
          channel.end();
        });
        channel.on("error", () => upstream.destroy());
        channel.on("close", () => upstream.destroy());
      }),
    );
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return listening;
}

/** This system's ssh with a configuration of the test's own: it looks for that of the user nowhere but in their home directory. */
function useSsh(port: number, identity: string, knownKey: string): void {
  const bin = mkdtempSync(certificates("bin-"));
  writeFileSync(path.join(bin, "known"), `[127.0.0.1]:${port} ${readFileSync(certificates(`ssh-${knownKey}.pub`), "utf8")}`);
  writeFileSync(path.join(bin, "config"), `IdentityFile ${certificates(`ssh-${identity}`)}\nIdentitiesOnly yes\nUserKnownHostsFile ${bin}/known\nGlobalKnownHostsFile none\n`);
  writeFileSync(path.join(bin, "ssh"), `#!/bin/sh\nexec ${execFileSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).trim()} -F ${bin}/config "$@"\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
}

/** The ssh clients that are connected to `port`, or would be. */
function sshClients(port: number): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`\0-p\0${port}\0`);
    } catch {
      return false; // No process, or one that has ended since.
    }
  });
}

/** More than fits into any buffer, through a process that ends only when its input does. */
async function passesBytes(expected = address): Promise<void> {
  const engine = await findEngine();
  expect(engine.endpoint).toBe(expected);
  const stdin = "0123456789abcdef".repeat(1 << 16);
  const { exitCode, stdout } = await execText(engine, { container, tool: "cat", argv: ["cat"], stdin });
  expect([exitCode, stdout === stdin]).toEqual([0, true]);
}

describe("an Engine behind TLS", () => {
  it("is reached as DOCKER_HOST, with the certificates of DOCKER_CERT_PATH", async () => {
    chooseHost("client");
    await passesBytes();
  });

  it("is reached with the certificates beside Docker's own configuration, and by any word in DOCKER_TLS_VERIFY", async () => {
    chooseHost("client");
    vi.stubEnv("DOCKER_TLS_VERIFY", "yes");
    vi.stubEnv("DOCKER_CERT_PATH", undefined);
    vi.stubEnv("DOCKER_CONFIG", certificates("client"));
    await passesBytes();
  });

  it("is reached as the chosen context, with that one's certificates", async () => {
    chooseContext("client", false);
    await passesBytes();
  });

  it("is not checked where its context says so", async () => {
    chooseContext("doubting", true);
    await passesBytes();
  });

  it.each(["refused", "doubting"])("gets nothing from a client where one does not trust the other: %s", async (material) => {
    chooseHost(material);
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.unreachable" });
    // Nor may the Engine of this machine take the place of a chosen one.
    vi.stubEnv("DOCKER_HOST", undefined);
    chooseContext(material, false);
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.unreachable" });
  });
});

describe("an Engine behind ssh", () => {
  let sshServer: ssh2.Server;
  let port: number;
  let far: string;
  beforeAll(async () => {
    sshServer = await listenForSsh();
    port = (sshServer.address() as AddressInfo).port;
    far = `ssh://maeve@127.0.0.1:${port}`;
  });
  afterAll(() => sshServer.close());

  it("is reached as DOCKER_HOST, with this system's ssh", async () => {
    useSsh(port, "key", "host");
    vi.stubEnv("DOCKER_HOST", far);
    await passesBytes(far);
  });

  it.each([
    ["whose key nobody knows", "key", "other", "Host key verification failed"],
    ["that does not let this user in", "other", "host", "Permission denied"],
  ])("is never another one: a host %s is refused, in ssh's words", async (_, identity, known, words) => {
    useSsh(port, identity, known);
    vi.stubEnv("DOCKER_HOST", far);
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.ssh_failed", details: { stderr: expect.stringContaining(words) as string } });
  });

  it("that does not answer leaves no ssh behind", async () => {
    useSsh(port, "key", "host");
    vi.stubEnv("DOCKER_HOST", far);
    isHung = true;
    try {
      await expect(findEngine()).rejects.toMatchObject({ code: "docker.unreachable", details: { tried: far } });
    } finally {
      isHung = false;
    }
    await vi.waitFor(() => expect(sshClients(port)).toEqual([]));
  });

  it("on a machine that takes connections and says nothing fails in ssh's words, and leaves no ssh behind", async () => {
    const silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port: silentPort } = silent.address() as AddressInfo;
    useSsh(silentPort, "key", "host");
    vi.stubEnv("DOCKER_HOST", `ssh://maeve@127.0.0.1:${silentPort}`);
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.ssh_failed", details: { stderr: expect.stringContaining("timed out") as string } });
    await vi.waitFor(() => expect(sshClients(silentPort)).toEqual([]));
    silent.close();
  });

  it("cannot be reached where there is no ssh, and that is said", async () => {
    vi.stubEnv("PATH", certificates("nowhere"));
    vi.stubEnv("DOCKER_HOST", far);
    await expect(findEngine()).rejects.toMatchObject({ code: "docker.ssh_failed", details: { stderr: expect.stringContaining("ENOENT") as string } });
  });
});
