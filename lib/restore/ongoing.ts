import { bytes } from "@/lib/format/bytes";
import { minuteTime } from "@/lib/format/times";
import type { RestoreState } from "./schemas";

/** A restore that is not over for a person: it runs, waits for a decision, or can still be undone. */
export interface OngoingRestore {
  runId: number;
  database: string;
  state: RestoreState;
  /** Whether its run is queued or running at this moment. */
  isActive: boolean;
  startedAt: string;
  /** The name that the restored database has, or will get. */
  targetName: string;
  /** The database that is not live: the previous one, after an undo the restored one. */
  keptName: string | null;
  keptBytes: number | null;
  keptUntil: string | null;
}

export interface OngoingWords {
  tone: "neutral" | "warning";
  title: string;
  text: string;
  /** On the link to its run. */
  link: string;
}

/** What there is to continue or to undo, in words; null when there is nothing. */
export function ongoingWords(restore: OngoingRestore): OngoingWords | null {
  const { database, state, keptName, keptUntil, keptBytes, isActive } = restore;
  const until = keptUntil ? ` until ${minuteTime(keptUntil)} UTC` : "";
  const size = keptBytes === null ? "" : `, ${bytes(keptBytes)}`;
  switch (state) {
    case "started":
    case "staging":
    case "staged":
    case "swapping":
      if (isActive) return { tone: "neutral", title: `${database} is being restored.`, text: "Leaving its page does not stop it.", link: "Follow it" };
      return { tone: "warning", title: `A restore of ${database} was interrupted.`, text: "Its page says which of the two databases is live.", link: "Open run" };
    case "staged_incomplete":
      return { tone: "warning", title: `A restore of ${database} waits for you.`, text: "What was restored is whole in its rows. Put it in place, or remove it.", link: "Decide" };
    case "swapped":
      return keptName === null ? null : { tone: "neutral", title: `The restore of ${database} can be undone${until}.`, text: `The database from before is kept as ${keptName}${size}.`, link: "Undo restore" };
    case "undone":
      return keptName === null ? null : { tone: "neutral", title: `The restore of ${database} was undone.`, text: `What it had restored is kept as ${keptName}${size}${until}.`, link: "Open run" };
    case "created":
    case "failed":
      return null;
  }
}
