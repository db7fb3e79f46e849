import { isOlder } from "@/lib/clock";
import { assessDatabase } from "@/lib/monitoring/assess-database";
import type { DatabaseFacts } from "@/lib/monitoring/facts";
import type { Observation } from "./conditions";

type State = Observation["state"];

const hourMs = 3_600_000;
/** Under this share free a store is filling, as on the overview; over the other it is not any more. In between nothing changes. */
const filling = 0.1;
const roomy = 0.12;
/** A worker that is started anew is away for some seconds. */
const silentAfterMs = 120_000;
/** A target this close to the hours after which "nothing succeeded" is said would say the same thing twice. */
const sameThing = 1.25;

/**
 * Whether nothing succeeded for too long (`hours`, 0 never asks), and whether a database is exposed in a way that nothing else has told:
 * its backups succeed and none can be restored, or its target is much shorter than those hours. `why` is for the latter.
 */
export function judgeDatabase(facts: DatabaseFacts, { hours, lastAt }: { hours: number; lastAt: Date | null }, now: Date): { nothing: State; exposed: State; why: string } {
  const since = lastAt ?? facts.registeredAt;
  const nothing = hours > 0 && isOlder(since, hours * hourMs, now) ? "active" : "clear";
  const { state, reasons } = assessDatabase(facts, now);
  const own = reasons.filter(({ code }) => code === "none_restorable" || (code === "objective_broken" && (hours === 0 || facts.objectiveRpoSeconds * 1_000 * sameThing < hours * hourMs)));
  const why = own.map(({ text }) => text).join(" ");
  if (state === "unknown" || (own.length > 0 && nothing === "active")) return { nothing, exposed: "held", why };
  return { nothing, exposed: own.length > 0 ? "active" : "clear", why };
}

/** Whether a store can be relied on, and whether it is filling. What nobody has looked at is not known. */
export function judgeStore({ problem, checkedAt, freeBytes, totalBytes }: { problem: string | null; checkedAt: Date | null; freeBytes: number | null; totalBytes: number | null }): { unreadable: State; filling: State } {
  const isKnown = checkedAt !== null && problem === null && freeBytes !== null && totalBytes !== null && totalBytes > 0;
  const share = isKnown ? freeBytes / totalBytes : null;
  return {
    unreadable: checkedAt === null ? "held" : problem === null ? "clear" : "active",
    filling: share === null ? "held" : share < filling ? "active" : share > roomy ? "clear" : "held",
  };
}

/** Whether the worker is silent. Not known until somebody has listened long enough: after a downtime of both, its last word is old. */
export function judgeWorker(heardAt: Date | null, listeningSince: Date, now: Date): State {
  if (heardAt && !isOlder(heardAt, silentAfterMs, now)) return "clear";
  return isOlder(listeningSince, silentAfterMs, now) ? "active" : "held";
}
