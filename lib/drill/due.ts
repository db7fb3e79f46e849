import type { DrillPolicy } from "./schemas";

/** What is on record about one database, as far as its next drill depends on it. */
export interface DrillFacts {
  policy: (Pick<DrillPolicy, "when" | "which"> & { since: Date }) | null;
  /** Backups that can be drilled, newest first. `storedAt` stays what it is, while a drill renews when a backup was read; `drilledAt`: when its last drill began. */
  backups: readonly { id: string; takenAt: Date; storedAt: Date; drilledAt: Date | null }[];
  /** The drills that started by themselves, newest first. `takenAt`: when their backup was; `isLost`: its worker died or was stopped, so it says nothing. */
  scheduled: readonly { backupId: string | null; takenAt: Date | null; at: Date; isLost: boolean }[];
  /** A drill of it is queued or under way. */
  isActive: boolean;
}

export type DueDrill = { isDue: true; backupId: string; reason: string } | { isDue: false; reason: string };

/** A drill whose worker died is tried once more; a third time would only kill another one. */
const mostAttempts = 2;

/** Whether the newest backup is to be drilled because it was taken, and why or why not. What goes by time is its schedule's. */
export function dueDrill(facts: DrillFacts): DueDrill {
  const { policy, backups, isActive } = facts;
  if (!policy) return no("No policy was chosen.");
  if (policy.when === "never") return no("Its policy is to drill on demand only.");
  if (policy.when !== "after_backup") return no("Its schedule says when.");
  if (isActive) return no("A drill is under way.");
  const [newest] = backups;
  if (!newest) return no("There is no backup that can be drilled.");
  // What was there before the policy is not made up for.
  if (newest.storedAt < policy.since) return no("No backup was taken since the policy was set.");
  // By the backup and not by the time: a drill reads it again, clocks are set, and an older one may be drilled while this one is being read. One
  // that took its place as the newest and is gone, or has failed, does not bring back those before it.
  const attempts = facts.scheduled.filter(({ at, backupId, takenAt }) => backupId === newest.id || (takenAt !== null && takenAt > newest.takenAt) || (policy.which === "rotate" && at >= newest.storedAt));
  if (attempts.some(({ isLost }) => !isLost)) return no("The newest backup was followed by a drill.");
  if (attempts.length >= mostAttempts) return no("Two drills in a row were lost with their worker.");
  const { backupId, which } = chooseBackup(facts) ?? { backupId: newest.id, which: "the newest backup" };
  return { isDue: true, backupId, reason: `A backup was taken: ${which}.` };
}

function no(reason: string): DueDrill {
  return { isDue: false, reason };
}

/** Which backup the next drill takes; null when none can be drilled. */
export function chooseBackup(facts: Pick<DrillFacts, "policy" | "backups" | "scheduled">): { backupId: string; which: string } | null {
  const [newest] = facts.backups;
  if (!newest) return null;
  const backupId = facts.policy?.which === "rotate" ? inTurn(facts, newest) : newest.id;
  return { backupId, which: backupId === newest.id ? "the newest backup" : "the older backup whose last drill is longest ago" };
}

/** The newest one, unless the drill before took what was the newest then: now an older one has its turn. */
function inTurn({ backups, scheduled }: Pick<DrillFacts, "backups" | "scheduled">, newest: DrillFacts["backups"][number]): string {
  const last = scheduled.find(({ isLost }) => !isLost);
  const newestThen = last && backups.find(({ storedAt }) => storedAt <= last.at);
  const older = backups.filter(({ id }) => id !== newest.id).toSorted((a, b) => (a.drilledAt?.getTime() ?? 0) - (b.drilledAt?.getTime() ?? 0) || a.takenAt.getTime() - b.takenAt.getTime());
  return last && newestThen?.id === last.backupId ? (older[0]?.id ?? newest.id) : newest.id;
}
