import type { DrillPolicy } from "./schemas";

/** What is on record about one database, as far as its next drill depends on it. */
export interface DrillFacts {
  policy: (DrillPolicy & { since: Date }) | null;
  /** Backups that can be drilled, newest first. `readyAt`: since when; `drilledAt`: when its last drill began. */
  backups: readonly { id: string; takenAt: Date; readyAt: Date; drilledAt: Date | null }[];
  /** The drills that the policy started, newest first. `isLost`: its worker died, so it says nothing. */
  scheduled: readonly { backupId: string | null; at: Date; isLost: boolean }[];
  /** A drill of it is queued or under way. */
  isActive: boolean;
}

export type DueDrill = { isDue: true; backupId: string; reason: string } | { isDue: false; reason: string };

/** A drill whose worker died is tried once more; a third time would only kill another one. */
const mostAttempts = 2;

/** Whether a drill is due by the database's policy, of which backup, and why or why not. */
export function dueDrill(facts: DrillFacts, now: Date): DueDrill {
  const { policy, backups, isActive } = facts;
  if (!policy) return no("No policy was chosen.");
  if (policy.when === "never") return no("Its policy is to drill on demand only.");
  if (isActive) return no("A drill is under way.");
  const [newest] = backups;
  if (!newest) return no("There is no backup that can be drilled.");
  const from = policy.when === "after_backup" ? newest.readyAt : lastSlot(policy, now);
  // What was there before the policy is not made up for.
  if (from < policy.since) return no(policy.when === "after_backup" ? "No backup was taken since the policy was set." : "Its first time is still to come.");
  const attempts = facts.scheduled.filter(({ at }) => at >= from);
  if (attempts.some(({ isLost }) => !isLost)) return no(policy.when === "after_backup" ? "The newest backup was followed by a drill." : "This time's drill was started.");
  if (attempts.length >= mostAttempts) return no("Two drills in a row were lost with their worker.");
  const backupId = policy.which === "rotate" ? inTurn(facts, newest) : newest.id;
  return { isDue: true, backupId, reason: `${reasons[policy.when]}: ${backupId === newest.id ? "the newest backup" : "the older backup whose last drill is longest ago"}.` };
}

const reasons = { after_backup: "A backup was taken", daily: "A drill a day", weekly: "A drill a week", quarterly: "A drill a quarter" } as const;

function no(reason: string): DueDrill {
  return { isDue: false, reason };
}

/** The newest one, unless the drill before took what was the newest then: now an older one has its turn. */
function inTurn({ backups, scheduled }: DrillFacts, newest: DrillFacts["backups"][number]): string {
  const last = scheduled.find(({ isLost }) => !isLost);
  const newestThen = last && backups.find(({ readyAt }) => readyAt <= last.at);
  const older = backups.filter(({ id }) => id !== newest.id).toSorted((a, b) => (a.drilledAt?.getTime() ?? 0) - (b.drilledAt?.getTime() ?? 0) || a.takenAt.getTime() - b.takenAt.getTime());
  return last && newestThen?.id === last.backupId ? (older[0]?.id ?? newest.id) : newest.id;
}

/** The latest time at or before `now` at which the policy wanted a drill. */
function lastSlot(policy: DrillPolicy, now: Date): Date {
  const at = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day, policy.hour));
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (policy.when) {
    case "weekly": {
      const monday = day - ((now.getUTCDay() + 6) % 7);
      return at(year, month, monday) <= now ? at(year, month, monday) : at(year, month, monday - 7);
    }
    case "quarterly": {
      const first = month - (month % 3);
      return at(year, first, 1) <= now ? at(year, first, 1) : at(year, first - 3, 1);
    }
    default:
      return at(year, month, day) <= now ? at(year, month, day) : at(year, month, day - 1);
  }
}

/** When the policy wants the next one; null when no time decides it. */
export function nextDrill(policy: DrillPolicy, now: Date): Date | null {
  if (policy.when === "never" || policy.when === "after_backup") return null;
  const last = lastSlot(policy, now);
  const next = new Date(last);
  if (policy.when === "quarterly") next.setUTCMonth(last.getUTCMonth() + 3);
  else next.setUTCDate(last.getUTCDate() + (policy.when === "weekly" ? 7 : 1));
  return next;
}
