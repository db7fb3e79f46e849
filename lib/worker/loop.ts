import "server-only";
import type { Run } from "@/lib/db/generated/client";
import { log } from "@/lib/log";
import { runErrors } from "@/lib/runs/errors";
import { execute, type Worker } from "./execute";
import { isIn, laneOf, openLanes, type Lane } from "./lanes";

const pollMs = 400;

/** Takes queued runs and executes them until `stopping` says to take no more. */
export class Loop {
  readonly #active = new Map<number, { lane: Lane; done: Promise<void> }>();
  readonly #abort = new AbortController();
  #stopping = false;
  #taking: Promise<boolean> = Promise.resolve(false);

  constructor(private readonly worker: Worker) {}

  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        while (!this.#stopping && (await (this.#taking = this.#takeOne()))) continue;
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
    // A claim that was under way lands only now; why it could not be made is `run`'s to say.
    await this.#taking.catch(() => undefined);
    const all = Promise.all([...this.#active.values()].map((one) => one.done));
    const timer = setTimeout(() => this.#abort.abort(runErrors.stopping({})), graceMs);
    await all;
    clearTimeout(timer);
  }

  async #takeOne(): Promise<boolean> {
    const run = await claim(this.worker, openLanes([...this.#active.values()].map(({ lane }) => lane)));
    if (!run) return false;
    if (this.#stopping) {
      await putBack(this.worker, run);
      return false;
    }
    const done = execute(this.worker, run, this.#abort.signal)
      .catch((error: unknown) => log.error({ err: error, runId: run.id }, "the outcome of a run could not be recorded"))
      .finally(() => this.#active.delete(run.id));
    this.#active.set(run.id, { lane: laneOf(run), done });
    return true;
  }
}

/** The oldest queued run of these lanes, now this worker's; null when there is none. Two workers never get the same. */
export async function claim(worker: Worker, lanes: readonly Lane[]): Promise<Run | null> {
  if (lanes.length === 0) return null;
  const next = await worker.db.run.findFirst({ where: { status: "queued", OR: lanes.map(isIn) }, orderBy: { id: "asc" } });
  return next && claimRun(worker, next);
}

/** Leaves a run that nothing was done for yet to the next worker. Unlike a cancelled one it needs nobody to start it again. */
async function putBack(worker: Worker, { id }: Run): Promise<void> {
  await worker.db.run.updateMany({ where: { id, status: "running", workerId: worker.id }, data: { status: "queued", startedAt: null, heartbeatAt: null, workerId: null } });
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
