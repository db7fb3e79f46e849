import { setTimeout as sleep } from "node:timers/promises";
import { Deliverer } from "@/lib/alerts/deliver";
import { latestBy } from "@/lib/clock";
import { AppError, toPublicError } from "@/lib/errors";
import { silentAfterMs } from "@/lib/monitoring/schemas";
import { cancelRun } from "@/lib/runs/cancel";
import { ifCancelled } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";
import { readRun } from "@/lib/runs/read";
import { isActive } from "@/lib/runs/schemas";
import { execute, type Worker } from "@/lib/worker/execute";
import { installationId, isGone, workerIdentity } from "@/lib/worker/identity";
import { claimRun } from "@/lib/worker/loop";
import { sweep } from "@/lib/worker/sweep";
import { tendRestores } from "@/lib/worker/tend-restores";
import { cliErrors } from "./errors";
import { exitCodes } from "./exit-codes";
import { progressLine, stepLine } from "./progress";
import type { Session } from "./session";
import { listenForStop } from "./signals";
import { plain } from "./text";

const pollMs = 250;

/** Whether a worker runs that would take up what is queued. */
export async function hasWorker({ ctx }: Session): Promise<boolean> {
  const now = ctx.clock.now();
  const alive = await ctx.db.worker.findFirst({ where: { stoppedAt: null, heartbeatAt: { gte: new Date(now.getTime() - silentAfterMs), lte: latestBy(now) } }, select: { id: true } });
  return alive !== null;
}

/**
 * Starts a run and sees it through: a worker that is there executes it and it is followed in the record; where none is, this process
 * executes it, and nothing else that may be queued. Resolves when it is over, whatever came of it; with `wait: false` at once.
 */
export async function perform(session: Session, start: () => Promise<{ runId: number }>, { wait = true, ...watching }: Watching & { wait?: boolean } = {}): Promise<RunView> {
  if (await hasWorker(session)) {
    const { runId } = await start();
    return wait ? follow(session, runId, watching) : readRun(session.ctx, { id: runId });
  }
  if (!wait) throw cliErrors.no_worker({});
  const worker = await becomeWorker(session);
  const view = await follow(session, (await start()).runId, { ...watching, worker });
  await tell(session, worker);
  return view;
}

/** Sends what the run has to tell: nobody else may come by here for a long time. Without the key of the channels it waits in the list. */
async function tell({ ctx, screen }: Session, worker: Worker): Promise<void> {
  if (!process.env["AUTH_SECRET"]) return;
  const deliverer = new Deliverer(ctx, worker.id, (by) => isGone(by, worker.id));
  await deliverer.round().catch((error: unknown) => screen.warn(`Notifications could not be sent yet: ${toPublicError(error).message}`));
}

interface Watching {
  /** Whether each step is a line of its own; else only the line that moves. */
  steps?: boolean;
  /** Called with every state of the run, the last one included. */
  onView?(view: RunView): Promise<void>;
  /** Takes the run up, instead of waiting for another. */
  worker?: Worker;
  /** False for a run that somebody else may have started: Ctrl-C then ends the watching and not the run. */
  cancels?: boolean;
}

/** The answer of a run, as its row holds it. Throws what it failed with. */
export async function finishedResult(session: Session, start: () => Promise<{ runId: number }>): Promise<string> {
  const { id, error, title, status } = await perform(session, start);
  const run = await session.ctx.db.run.findUniqueOrThrow({ where: { id }, select: { result: true } });
  if (error) throw new AppError(error.code, error.kind, error.message, error.hint, { stderr: error.toolOutput });
  if (run.result === null) throw cliErrors.no_answer({ what: title, status });
  return run.result;
}

/** This process as a worker. What earlier ones left comes first: a run that was lost would keep its database busy for ever. */
async function becomeWorker(session: Session): Promise<Worker> {
  const { ctx, screen } = session;
  screen.note("No worker is running, so this command does the work itself.");
  const worker: Worker = { id: workerIdentity(), db: ctx.db, installation: await installationId(ctx.db) };
  const lost = await sweep(worker, () => false);
  for (const runId of lost) screen.warn(`Run ${runId} was left by a process that is gone. How it ended is not known.`);
  await tendRestores(worker).catch((error: unknown) => screen.warn(`Earlier restores could not be looked after: ${toPublicError(error).message}`));
  return worker;
}

/** Waits until a run is over and shows how it goes. Takes one of its own up itself when `worker` is given, or when the worker falls silent. */
export async function follow(session: Session, runId: number, { steps = true, onView, worker, cancels = true }: Watching = {}): Promise<RunView> {
  const { ctx, screen } = session;
  const course: Course = { worker, mine: null, abort: new AbortController() };
  const unlisten = listenForStop((times) => void stop(session, runId, course, cancels ? times : 2));
  const shown = { steps: 0, lines: 0 };
  try {
    for (;;) {
      const view = await readRun(ctx, { id: runId, log: screen.isVerbose ? "all" : undefined });
      show(session, view, shown, steps);
      await onView?.(view);
      if (!isActive(view.status)) {
        await course.mine;
        for (const warning of view.warnings) screen.warn(warning);
        return view;
      }
      if (view.status === "queued" && !course.mine && (course.worker || (cancels && !(await hasWorker(session))))) await takeUp(session, runId, course);
      await sleep(pollMs);
    }
  } finally {
    unlisten();
    screen.live("");
  }
}

interface Course {
  worker: Worker | undefined;
  /** The work, where this process does it. */
  mine: Promise<void> | null;
  abort: AbortController;
}

async function takeUp(session: Session, runId: number, course: Course): Promise<void> {
  course.worker ??= await becomeWorker(session);
  const queued = await session.ctx.db.run.findUnique({ where: { id: runId, status: "queued" } });
  const run = queued && (await claimRun(course.worker, queued));
  if (run) course.mine = execute(course.worker, run, course.abort.signal);
}

/** The first signal cancels the run; the second leaves it to its fate, and says so. */
async function stop(session: Session, runId: number, course: Course, times: number): Promise<void> {
  const { ctx, screen } = session;
  if (times > 1) {
    screen.warn(course.mine ? `Left run ${runId} in the middle. The next command or worker takes it for lost and cleans up.` : `Run ${runId} goes on in the worker: holdfast cancel ${runId}`);
    process.exit(exitCodes.cancelled);
  }
  try {
    const view = await readRun(ctx, { id: runId });
    await cancelRun(ctx, { runId });
    screen.warn(`Cancelling run ${runId}. ${ifCancelled(view)}`);
  } catch (error) {
    // Over already, or past the point where it could be cancelled: the end says which.
    screen.warn(error instanceof AppError ? error.message : `Run ${runId} could not be cancelled.`);
  }
}

function show({ screen }: Session, view: RunView, shown: { steps: number; lines: number }, withSteps: boolean): void {
  const done = view.steps.filter(({ state }) => state === "done");
  for (const step of withSteps ? done.slice(shown.steps) : []) screen.note(`${screen.paint("green", "✓")} ${stepLine(step)}`);
  shown.steps = Math.max(shown.steps, done.length);
  if (screen.isVerbose) {
    for (const line of view.log.lines.slice(shown.lines)) if (line.type === "log") screen.note(screen.paint("grey", plain(`  ${line.text}`)));
    shown.lines = Math.max(shown.lines, view.log.lines.length);
  }
  screen.live(isActive(view.status) ? progressLine(view, Date.parse(view.now)) : "");
}
