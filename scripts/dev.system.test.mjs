// `npm run dev` as a contributor runs it: web and worker out of the sources, and nothing of them left when it is stopped.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { inRoot } from "./lib/paths.mjs";
import { freePort, isFree } from "./lib/ports.mjs";

const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-dev-"));
const databaseUrl = `file:${path.join(directory, "holdfast.db")}`;

/** Everything that was started with this test's data: names by process id. What ends while it is looked at is none of it. */
function processes() {
  const found = {};
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "utf8").includes(`DATABASE_URL=${databaseUrl}`)) found[pid] = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      continue;
    }
  }
  return found;
}

afterEach(() => {
  for (const pid of Object.keys(processes())) process.kill(Number(pid), "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

it("answers that it is ready, with a worker that is heard, and leaves nothing running after a Ctrl-C", async () => {
  const port = await freePort(4_500);
  const env = { ...process.env, DATABASE_URL: databaseUrl, HOLDFAST_BACKUP_DIR: path.join(directory, "backups"), HOLDFAST_LOG_LEVEL: "info", PORT: String(port) };
  // Vitest's own would make the web application believe that it is tested from inside.
  for (const name of ["AUTH_SECRET", "NODE_ENV", "VITEST"]) delete env[name];
  // Without npm and its shell, whose ends by a signal would hide how Holdfast's own was.
  const [, ...args] = JSON.parse(readFileSync(inRoot("package.json"), "utf8")).scripts.dev.split(" ");
  const child = spawn(process.execPath, args, { cwd: inRoot(), env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exit = new Promise((resolve) => child.on("close", resolve));
  const ask = (query) => fetch(`http://127.0.0.1:${port}/api/health${query}`, { signal: AbortSignal.timeout(20_000) }).then((answer) => answer.status, () => 0);
  await vi.waitFor(async () => expect([await ask(""), await ask("?ready=1")]).toEqual([200, 200]), { timeout: 60_000, interval: 500 }).catch((error) => {
    throw new Error(`It did not come up:\n${output}`, { cause: error });
  });
  // As a terminal does it: every process of the foreground is told.
  process.kill(-child.pid, "SIGINT");
  expect(await exit).toBe(0);
  // A moment for what Next starts at its end by itself: its telemetry, which is off, and finds that out in a process of its own.
  await vi.waitFor(() => expect(Object.values(processes())).toEqual([]), { timeout: 10_000, interval: 200 });
  expect(await isFree(port)).toBe(true);
}, 120_000);
