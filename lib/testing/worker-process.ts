import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import { build } from "esbuild";
import { isActive, type RunStatus } from "@/lib/runs/schemas";
import type { TestHoldfast } from "./holdfast";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A worker as it runs in production: one file, started with nothing around it. */
export interface WorkerProgram {
  start(holdfast: Pick<TestHoldfast, "url">, env?: Record<string, string>): WorkerProcess;
  remove(): void;
}

export interface WorkerProcess {
  child: ChildProcess;
  signal(name: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): void;
  /** Ends it at once and waits until it is gone, also when it had been stopped or is gone already. */
  kill(): Promise<void>;
  /**
   * Wakes it, and waits until it has brought its runs to their end by itself and is gone, however long that takes on a busy machine: what it
   * would do by then is done. Start it with `patient`.
   */
  wakeToItsEnd(): Promise<void>;
}

/** For a worker that is told to stop and is not to cancel its runs for that. */
export const patient = { HOLDFAST_DRAIN_SECONDS: "600" };
const mostForItsEndMs = 240_000;

export async function bundleWorker(): Promise<WorkerProgram> {
  const directory = mkdtempSync(path.join(root, "node_modules/.holdfast-test-"));
  const file = path.join(directory, "worker.mjs");
  await build({ entryPoints: [path.join(root, "lib/worker/main.ts")], outfile: file, bundle: true, platform: "node", format: "esm", packages: "external", conditions: ["react-server"], alias: { "server-only": path.join(root, "node_modules/server-only/empty.js") }, absWorkingDir: root });
  return {
    start(holdfast, env = {}) {
      const child = spawn(process.execPath, [file], { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, DATABASE_URL: holdfast.url, HOLDFAST_LOG_LEVEL: process.env["HOLDFAST_CHAOS_LOG"] ?? "silent", HOLDFAST_DRAIN_SECONDS: "0", ...env } });
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      return {
        child,
        signal: (name) => void child.kill(name),
        async kill() {
          child.kill("SIGKILL");
          await gone;
        },
        async wakeToItsEnd() {
          child.kill("SIGCONT");
          child.kill("SIGTERM");
          const late = new AbortController();
          await Promise.race([gone, sleep(mostForItsEndMs, undefined, { signal: late.signal }).catch(() => undefined)]);
          late.abort();
          if (child.exitCode !== 0) throw new Error("The worker that was woken did not come to its end by itself.");
        },
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A run whose worker waits for its next write right behind its point of no return, and so does everybody else, until the record is released. */
interface Held {
  release(): Promise<void>;
}

const mostTries = 5;

/**
 * Begins runs until one is held right behind its point of no return. Only a few writes lie between that and its end, so one that was quicker, as
 * on a busy machine, is followed by another, in a worker of its own. `begin` returns when a step before has begun; `isInTime` says of one that is
 * held whether what comes behind the point is still to be recorded. Put to sleep meanwhile a worker has no lock of its own.
 */
export async function holdAtPointOfNoReturn<T extends { runId: number; worker: WorkerProcess }>(
  holdfast: Pick<TestHoldfast, "url" | "db">,
  begin: () => Promise<T>,
  isInTime: (begun: T) => Promise<boolean>,
): Promise<T & { record: Held }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const begun = await begin();
    const record = await hold(holdfast, begun.runId, begun.worker);
    if (record && (await isInTime(begun))) return { ...begun, record };
    await record?.release();
    await until("the end of a run that was quicker", async () => !(await isOngoing(holdfast, begun.runId)));
    await begun.worker.kill();
  }
  throw new Error("Every run was quicker than whoever wanted to hold it.");
}

async function isOngoing({ db }: Pick<TestHoldfast, "db">, id: number): Promise<boolean> {
  return isActive((await db.run.findUniqueOrThrow({ where: { id } })).status as RunStatus);
}

/** Asks without a pause; null when it is too late. */
async function hold(holdfast: Pick<TestHoldfast, "url" | "db">, runId: number, worker: WorkerProcess): Promise<Held | null> {
  const { url } = holdfast;
  const reader = createClient({ url });
  const deadline = Date.now() + 60_000;
  try {
    for (;;) {
      const [row] = (await reader.execute({ sql: 'SELECT "isFinal", "status" FROM "Run" WHERE "id" = ?', args: [runId] })).rows;
      if (!isActive(row?.["status"] as RunStatus)) return null;
      if (row?.["isFinal"] === 1) break;
      if (Date.now() > deadline) throw new Error("waited in vain for the point of no return");
    }
    worker.signal("SIGSTOP");
  } finally {
    reader.close();
  }
  for (;;) {
    // A new one for each try: a refusal leaves a connection of no use.
    const writer = createClient({ url });
    const held = await writer.transaction("write").catch(() => null);
    // It may have fallen asleep inside a write of its own, or be in one now.
    worker.signal("SIGCONT");
    if (!held) {
      writer.close();
      continue;
    }
    return {
      async release() {
        await held.rollback();
        held.close();
        writer.close();
      },
    };
  }
}

/** Makes a run's worker look as if nothing had been heard of it for a minute. */
export async function dateBack({ db }: Pick<TestHoldfast, "db">, runId: number): Promise<void> {
  await db.run.updateMany({ where: { id: runId, status: "running" }, data: { heartbeatAt: new Date(Date.now() - 60_000) } });
}

/** A way to the Engine that can be cut and mended, and on which a request can be kept back. */
export interface EngineProxy {
  /** For DOCKER_HOST. */
  address: string;
  cut(): void;
  mend(): void;
  /** Keeps back the next request that `what` matches, and what follows on its connection. Resolves when it has come, with what lets it go on. */
  hold(what: RegExp): Promise<() => void>;
  close(): Promise<void>;
}

export async function engineProxy(): Promise<EngineProxy> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-"));
  const file = path.join(directory, "engine.sock");
  const open = new Set<net.Socket>();
  let isCut = false;
  const holds = new Map<RegExp, (letGo: () => void) => void>();
  const gate = () =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const sent = chunk.toString("latin1");
        const found = [...holds].find(([what]) => what.test(sent));
        if (!found) return done(null, chunk);
        holds.delete(found[0]);
        return found[1](() => done(null, chunk));
      },
    });
  const server = net.createServer({ allowHalfOpen: true }, (incoming) => {
    if (isCut) return incoming.destroy();
    const outgoing = net.connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
    for (const [one, other] of [[incoming, outgoing], [outgoing, incoming]] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
    incoming.pipe(gate()).pipe(outgoing);
    outgoing.pipe(incoming);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(file, resolve));
  return {
    address: `unix://${file}`,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend: () => (isCut = false),
    hold: (what) => new Promise((resolve) => void holds.set(what, resolve)),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Asks again and again until the answer is something. */
export async function until<T>(what: string, read: () => Promise<T | null | undefined | false>, timeoutMs = 60_000, everyMs = 25): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await read();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
