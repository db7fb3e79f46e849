import "server-only";
import type { Run } from "@/lib/db/generated/client";
import { log } from "@/lib/log";
import { runErrors } from "@/lib/runs/errors";
import { execute, type Worker } from "./execute";

const pollMs = 400;
/** Dumps side by side would only make each other slower; questions of people never wait for them. */
const heavyAtOnce = 2;
const interactiveAtOnce = 4;

/** Takes queued runs and executes them until `stopping` says to take no more. */
export class Loop {
  readonly #active = new Map<number, { interactive: boolean; done: Promise<void> }>();
  readonly #abort = new AbortController();
  #stopping = false;

  constructor(private readonly worker: Worker) {}

  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        while (!this.#stopping && (await this.#takeOne())) continue;
      } catch (error) {
        log.error({ err: error }, "the queue could not be read");
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Whether this process is working on a run at this moment. */
  isActive(runId: number): boolean {
    return this.#active.has(runId);
  }

  /** Takes nothing new, lets what runs finish for `graceMs`, then cancels it and waits until it has cleaned up. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const all = Promise.all([...this.#active.values()].map((one) => one.done));
    const timer = setTimeout(() => this.#abort.abort(runErrors.stopping({})), graceMs);
    await all;
    clearTimeout(timer);
  }

  async #takeOne(): Promise<boolean> {
    const running = [...this.#active.values()];
    const heavy = running.filter((one) => !one.interactive).length;
    const kinds = [...(heavy < heavyAtOnce ? [false] : []), ...(running.length - heavy < interactiveAtOnce ? [true] : [])];
    if (kinds.length === 0) return false;
    const run = await claim(this.worker, kinds);
    if (!run) return false;
    const done = execute(this.worker, run, this.#abort.signal)
      .catch((error: unknown) => log.error({ err: error, runId: run.id }, "the outcome of a run could not be recorded"))
      .finally(() => this.#active.delete(run.id));
    this.#active.set(run.id, { interactive: run.interactive, done });
    return true;
  }
}

/** The oldest queued run, now this worker's; null when there is none. Two workers never get the same. */
async function claim(worker: Worker, interactive: boolean[]): Promise<Run | null> {
  const next = await worker.db.run.findFirst({ where: { status: "queued", ...(interactive.length === 1 ? { interactive: interactive[0] === true } : {}) }, orderBy: { id: "asc" } });
  return next && claimRun(worker, next);
}

/** Makes a queued run this worker's; null when somebody else was first, or it was cancelled. */
export async function claimRun(worker: Worker, next: Run): Promise<Run | null> {
  const now = new Date();
  const { count } = await worker.db.run.updateMany({
    where: { id: next.id, status: "queued" },
    data: { status: "running", startedAt: now, heartbeatAt: now, workerId: worker.id },
  });
  return count === 1 ? { ...next, status: "running", startedAt: now, heartbeatAt: now, workerId: worker.id } : null;
}
