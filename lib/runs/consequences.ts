import { bytes } from "@/lib/format/bytes";
import { minuteTime } from "@/lib/format/times";
import { ifRestoreCancelled, meaningOfRestore } from "@/lib/restore/consequences";
import type { RunView } from "./live";
import { isActive } from "./schemas";

type Told = Pick<RunView, "kind" | "status" | "title" | "database" | "steps" | "progress" | "newestOther" | "backup" | "restore" | "isFinal">;

/** Steps of a backup before its file has a name in the store. */
const beforeStored: readonly string[] = ["prepare", "snapshot", "dump"];

function presentStep(view: Told): string | null {
  return view.steps.find((step) => step.state === "now")?.name ?? null;
}

/** "The backup from 21 Sep 02:10 is unchanged." */
function otherBackup(view: Told): string {
  const name = view.database?.name ?? "this database";
  if (view.newestOther) return `The readable backup of ${name} from ${minuteTime(view.newestOther.takenAt)} is unchanged.`;
  return `There is no other readable backup of ${name}.`;
}

/** What cancelling does at this moment. */
export function ifCancelled(view: Told): string {
  const step = presentStep(view);
  if (view.restore) return ifRestoreCancelled({ ...view, restore: view.restore, step });
  switch (view.kind) {
    case "backup": {
      if (step === null) return `It does not start, and nothing is stored. ${otherBackup(view)}`;
      if (!beforeStored.includes(step)) return "The backup is stored already and stays in the list. It is not checked any further; you can verify it later.";
      const moved = step === "dump" && view.progress && view.progress.bytes > 0 ? `the ${bytes(view.progress.bytes)} written so far are removed` : "nothing is stored";
      return `The dump stops inside the container and ${moved}. ${otherBackup(view)}`;
    }
    case "verify_backup":
      return "The check stops. The backup stays as it is, with the proof it had.";
    case "recheck":
      return "Reading stops. Files that were read already count as read; the others have their turn the next time.";
    case "delete_backup":
      return step === null ? "Nothing is deleted." : "What is deleted already stays deleted. The backup stays in the list until its last file is gone.";
    case "convert_backup":
      return "The throwaway server and all in it is removed. The file stays as it is; a backup that is stored already stays in the list.";
    case "rescan_store":
      return "What was found so far stays in the list. Files in the store are not touched; another rescan finds the rest.";
    case "stage_tables":
      return "Staging stops and is removed. The live tables were only read.";
    case "apply_tables":
      return "The transaction is taken back: the live tables stay as they are, and the staged rows stay too. Once it commits, cancelling is too late; undo it then.";
    case "undo_tables":
      return "The transaction is taken back: the tables stay as the restore left them.";
    case "drop_tables":
      return "What is removed already stays removed. Live tables are not touched.";
    case "drill":
    case "disaster_drill":
      return "The drill stops, and its containers and volumes are removed. It proves nothing then: a backup keeps the rung it has.";
    default:
      return "Nothing was changed, and nothing has to be undone.";
  }
}

/** What a run that did not succeed means for the data. Null while it runs, and for one that did what it was asked. */
export function meaningForData(view: Told): string | null {
  if (isActive(view.status) || view.status === "succeeded") return null;
  if (view.restore) return meaningOfRestore({ ...view, restore: view.restore, step: presentStep(view) });
  switch (view.kind) {
    case "backup":
      if (view.backup && !view.backup.deleted) return "The file was stored and is in the list, with as much proof as it got. Verify it before you rely on it.";
      if (view.status === "lost") return `If the file was whole it is in the list of backups; if it was not, it was removed. ${otherBackup(view)}`;
      return `No backup came of it. ${otherBackup(view)}`;
    case "verify_backup":
      return view.status === "failed" ? "The file itself was not changed. What is known of it now is on the backup's page." : "The backup keeps the proof it had.";
    case "recheck":
      return "The files themselves were not changed. What is known of them now is on the pages of their backups.";
    case "delete_backup":
      return "The backup stays in the list as long as a file of it may be left.";
    case "convert_backup":
      return view.backup && !view.backup.deleted ? "No live server was touched. What the file was converted to, if anything, is on its page." : "No live server was touched, and the file is as it was.";
    case "rescan_store":
      return "Files in the store were not touched. The list may be incomplete until a rescan succeeds.";
    case "stage_tables":
      return "No live table was touched. What was staged is removed.";
    case "apply_tables":
    case "undo_tables":
      return "Either all of it happened or nothing did, never a part. The page of this restore says which.";
    case "drill":
    case "disaster_drill":
      return view.status === "failed" ? "No live database was touched. What was compared, and what was not the same, is on the drill's page." : "No live database was touched, and nothing was proven: the backup keeps the rung it has.";
    default:
      return "Nothing was changed.";
  }
}
