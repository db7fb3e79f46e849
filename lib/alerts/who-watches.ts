import { alertEvents, eventKinds, type AlertEvent } from "./events";

const conditions = alertEvents.filter((event) => eventKinds[event].nature === "condition");

/** The worker looks at everything but itself. */
export const workersConditions: readonly AlertEvent[] = conditions.filter((event) => event !== "worker_silent");

/** The web process looks at the worker, and while that is away at what a silent worker leaves undone. */
export function websConditions(isSilent: boolean): readonly AlertEvent[] {
  return isSilent ? ["worker_silent", "nothing_succeeded"] : ["worker_silent"];
}
