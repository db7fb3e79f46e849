import { isActive, type RunStatus } from "@/lib/runs/schemas";
import type { RestoreBrief } from "./result";

/** A run about a restore: the one that makes it, undoes it, decides on it, or removes what it keeps. */
export interface RestoreRun {
  kind: string | null;
  status: RunStatus;
  /** Whether it has passed the point after which it is brought to its end. */
  isFinal: boolean;
  restore: RestoreBrief;
  /** The step under way; null before the first. */
  step: string | null;
}

const final = "It cannot be cancelled any more: the names are being changed, and the run is brought to its end.";

/** What cancelling does at this moment. Until the swap nothing live is touched, whatever the step. */
export function ifRestoreCancelled({ kind, isFinal, restore, step }: RestoreRun): string {
  const { targetName, name, keptName, method, dropsLive } = restore;
  const startedAgain = step === "stop_application" ? " What was stopped is started again." : "";
  switch (kind) {
    case "undo_restore":
      return isFinal ? `${final} It can be taken back afterwards.` : `${targetName} stays as it is, and so does ${keptName ?? "the other database"}.${startedAgain}`;
    case "drop_kept":
      return step === null ? `${keptName ?? "The kept database"} stays.` : `${keptName ?? "The kept database"} stays if it is not dropped already. ${targetName} is not touched either way.`;
    case "resolve_staged":
      return isFinal ? `${final} It can be undone afterwards.` : `${targetName} stays as it is, and what was staged still waits for a decision.${startedAgain}`;
    default: {
      const until = dropsLive ? `Until ${targetName} is dropped` : "Until the swap";
      const untouched = method === "beside" ? `${name} is not touched in any case` : `${until} nothing live is touched: ${targetName} stays as it is`;
      if (step === null) return `It does not start. ${untouched}.`;
      if (isFinal && dropsLive) return `It cannot be cancelled any more: ${targetName} is dropped to make room, and the run is brought to its end. It cannot be undone afterwards.`;
      if (isFinal) return method === "beside" ? "It cannot be cancelled any more: the new database is being given its name." : `${final} It can be undone afterwards.`;
      if (step === "safety") return `${untouched}, gets its name back, and its application is started. The backup that is being taken first is stopped; one that is stored already stays in the list.`;
      if (step === "stop_application") return `${untouched}${dropsLive ? "" : ", and what was staged is removed"}.${startedAgain}`;
      return step === "prepare" ? `${untouched}.` : `${untouched}, and what was staged is removed.`;
    }
  }
}

/** What a run about a restore that did not succeed means: which database is live, and what is still there. */
export function meaningOfRestore({ kind, status, restore }: RestoreRun): string | null {
  if (isActive(status) || status === "succeeded") return null;
  if (kind === "drop_kept") return restore.keptName ? `${restore.keptName} is still kept. ${restore.targetName} was not touched.` : `${restore.targetName} was not touched.`;
  return whatIsLive(restore, kind === "undo_restore");
}

/** The state of a restore as a sentence about databases. */
export function whatIsLive(restore: RestoreBrief, isUndo = false): string {
  const { state, targetName, keptName, stagingName, dropsLive, isDropped } = restore;
  const kept = (what: string) => (keptName ? ` ${what} is kept as ${keptName}.` : "");
  switch (state) {
    case "started":
    case "staging":
    case "staged":
      if (dropsLive) return `It may have stopped after ${targetName} was dropped to make room. Whether there is a database ${targetName} is read from the server as soon as it answers, and said here.`;
      return notReplaced(restore);
    case "failed":
      return isDropped ? `${targetName} was dropped to make room, and nothing took its place. Restore a backup to have it again.` : notReplaced(restore);
    case "staged_incomplete":
      return `${dropsLive ? `${targetName} was dropped to make room.` : `${targetName} was not touched.`} The rows are whole in ${stagingName ?? "the staging database"}, which is kept until you decide.`;
    case "swapping":
      return `It stopped while names were being changed, which happens in one moment or not at all. Which database is live is read from the server as soon as it answers, and said here.`;
    case "swapped":
      return `${targetName} is ${isUndo ? "still " : ""}the restored database.${kept("The one from before")}${restore.isUnasked ? ` ${unasked}` : ""}`;
    case "undone":
      return `${targetName} is the database from before the restore.${kept("What was restored")}`;
    case "created":
      return `${targetName} was made and is whole.`;
  }
}

/** Said wherever a restore that was to undo itself ended before it could know whether to. */
export const unasked = "Whether the application came up with it was not found out, so it was not undone by itself as the plan said: look at the application, and undo the restore if it does not work.";

function notReplaced({ method, name, targetName }: RestoreBrief): string {
  return method === "beside" ? `${name} was not touched, and ${targetName} was not made.` : `${targetName} was not touched: it is the database that it was before.`;
}
