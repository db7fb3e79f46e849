import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { verifyChain } from "@/lib/audit/verify";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";

const root = fileURLToPath(new URL("../..", import.meta.url));

let server: PostgresContainer;
let holdfast: TestHoldfast;
let bundleDirectory: string;
let bundle: string;

beforeAll(async () => {
  // A worker as it runs in production: one file, started with nothing around it.
  bundleDirectory = mkdtempSync(path.join(root, "node_modules/.holdfast-test-"));
  bundle = path.join(bundleDirectory, "worker.mjs");
  await build({ entryPoints: [path.join(root, "lib/worker/main.ts")], outfile: bundle, bundle: true, platform: "node", format: "esm", packages: "external", conditions: ["react-server"], alias: { "server-only": path.join(root, "node_modules/server-only/empty.js") }, absWorkingDir: root });
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE big AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS filling FROM generate_series(1, 1200000) g");
  holdfast = await testHoldfast();
});
afterAll(async () => {
  await holdfast.close();
  await server.stop();
  rmSync(bundleDirectory, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
  return spawn(process.execPath, [bundle], { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, DATABASE_URL: holdfast.url, HOLDFAST_LOG_LEVEL: "error", HOLDFAST_DRAIN_SECONDS: "0" } });
}

async function until<T>(what: string, read: () => Promise<T | null | undefined | false>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await read();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function leftInside(): Promise<string> {
  const script = `for p in /proc/[0-9]*; do tr '\\000' '\\n' < $p/environ 2>/dev/null | grep -q '^HOLDFAST_RUN=' && cat $p/comm; done; true`;
  return (await server.exec(["sh", "-c", script], { user: "root" })).stdout;
}

describe("a worker that is killed", () => {
  let databaseId = "";
  beforeAll(async () => {
    databaseId = await holdfast.protect(server);
  });

  it.each(["prepare", "snapshot", "dump", "read_back", "decode"])("during %s leaves a lost run, no half file, no stray process, and a whole backup only when it was whole", async (step) => {
    const before = new Set(readdirSync(holdfast.storePath));
    const worker = startWorker();
    const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
    await until(`step ${step}`, async () => (await holdfast.db.run.findUnique({ where: { id: runId } }))?.step === step);
    if (step === "dump") await until("bytes", async () => readdirSync(holdfast.storePath).some((name) => name.startsWith(".holdfast-partial-")));
    worker.kill("SIGKILL");
    await new Promise((resolve) => worker.once("exit", resolve));
    expect((await holdfast.db.run.findUnique({ where: { id: runId } }))?.status).toBe("running");

    const next = startWorker();
    const run = await until("the sweep", async () => {
      const row = await holdfast.db.run.findUnique({ where: { id: runId }, include: { backup: true } });
      return row?.status === "lost" && row;
    });
    await until("an empty container", async () => (await leftInside()) === "");
    await until("a tidy store", async () => !readdirSync(holdfast.storePath).some((name) => name.startsWith(".")));
    const serverLog = (await engine.getContainer(server.id).logs({ stdout: true, stderr: true })).toString();
    expect(serverLog).not.toContain("terminating any other active server processes");
    next.kill("SIGTERM");
    await new Promise((resolve) => next.once("exit", resolve));

    const files = readdirSync(holdfast.storePath).filter((name) => name.endsWith(".dump.zst"));
    const listed = await holdfast.db.copy.findMany({ select: { key: true } });
    expect(listed.map((copy) => copy.key).sort()).toEqual(files.sort());
    // A dump may be whole by the time that the worker is killed; nothing before it is, and everything behind it.
    const own = await holdfast.db.copy.findMany({ where: { backupId: run.backupId ?? "" }, select: { key: true } });
    expect(files.filter((name) => !before.has(name))).toEqual(own.map((copy) => copy.key));
    if (step !== "dump") expect(own).toHaveLength(step === "read_back" || step === "decode" ? 1 : 0);
    expect(run.activeKey).toBeNull();
    expect((await holdfast.db.auditEntry.findFirst({ where: { runId, outcome: "lost" } }))?.action).toBe("backup.finished");
    expect((await verifyChain(holdfast.db)).brokenAt).toBeNull();
  });

  it("leaves the next backup free to run", async () => {
    const run = await holdfast.backUp(databaseId);
    expect(run.status).toBe("succeeded");
  });
});

it("that is asked to stop ends its backup cleanly and exits", async () => {
  const databaseId = (await holdfast.db.database.findFirstOrThrow()).id;
  const worker = startWorker();
  const { runId } = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
  await until("the dump", async () => (await holdfast.db.run.findUnique({ where: { id: runId } }))?.step === "dump");
  worker.kill("SIGTERM");
  const code = await new Promise((resolve) => worker.once("exit", resolve));
  expect(code).toBe(0);
  expect((await holdfast.db.run.findUnique({ where: { id: runId } }))?.status).toBe("cancelled");
  expect(readdirSync(holdfast.storePath).some((name) => name.startsWith("."))).toBe(false);
  await until("an empty container", async () => (await leftInside()) === "");
});
