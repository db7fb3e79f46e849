import { span } from "@/lib/format/durations";
import { nbsp } from "@/lib/format/symbols";
import { shortTime } from "@/lib/format/times";
import type { RestoreEvidence, RestoreMethod, RestorePlan } from "./schemas";

export interface ReviewSubject {
  method: RestoreMethod;
  /** The database whose place it takes, or beside which it goes. */
  live: string;
  newName: string | null;
  takenAt: string;
  /** What the backup is of, where that is another database. */
  of: string | null;
  now: string;
}

/** The title of the review and the line under it: what it does, and what stays as it is until when. */
export function reviewTitle({ method, live, newName, takenAt, of, now }: ReviewSubject): { title: string; sub: string } {
  const at = `${of === null ? "" : `${of} from `}${shortTime(takenAt, now)} UTC`;
  switch (method) {
    case "swap":
      return { title: `Review: replace ${live} with ${at}`, sub: `Restored beside the live database, compared, then swapped in. Until the swap, ${live} stays as it is.` };
    case "beside":
      return { title: `Review: restore ${at} as ${newName ?? "a new database"}`, sub: `A new database beside ${live}. ${live} stays as it is, before and after.` };
    case "in_place":
      return { title: `Review: replace ${live} in place with ${at}`, sub: `${live} is dropped and restored in its place. It is down from the drop until the end.` };
  }
}

/** How long a database is kept, as a person chose it: hours up to two days, days beyond. */
export function keepWords(hours: number): string {
  return hours <= 48 ? `${hours}${nbsp}h` : span(hours * 3_600);
}

/** How long a restore can be undone. No time of day: it counts from the end of the restore, and a review may be read long after it was made. */
export function undoWords({ keepHours }: Pick<RestorePlan["decision"], "keepHours">): string {
  return `for ${keepWords(keepHours)} after the restore`;
}

/** Whether a live database is replaced or a new one made; `unknown` while the server could not be asked which of them it is. */
export function effectOf({ decision }: Pick<RestorePlan, "decision">, { target }: Pick<RestoreEvidence, "target">): "replaces" | "creates" | "unknown" {
  if (decision.method === "beside") return "creates";
  if (target.problem) return "unknown";
  return decision.replacesOid === null ? "creates" : "replaces";
}
