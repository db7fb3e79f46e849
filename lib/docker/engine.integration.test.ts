import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
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

/** More than fits into any buffer, through a process that ends only when its input does. */
async function passesBytes(): Promise<void> {
  const engine = await findEngine();
  expect(engine.endpoint).toBe(address);
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
    chooseContext(material, false);
    vi.stubEnv("DOCKER_HOST", undefined);
    // A context that does not answer is passed over, as the documents say.
    expect((await findEngine().catch(() => null))?.endpoint).not.toBe(address);
  });
});
