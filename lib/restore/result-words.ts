import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import { isEqual, isLive, type RestoreView } from "./result";

type Told = Pick<RestoreView, "state" | "method" | "database" | "targetName" | "backup" | "outcome" | "kept" | "hadPrevious">;

/** What the page of a restore is called: what is where now. */
export function resultTitle(view: Pick<Told, "state" | "method" | "database" | "targetName" | "backup">): string {
  const { state, method, database, targetName, backup } = view;
  const at = `${shortTime(backup.takenAt)} UTC`;
  switch (state) {
    case "swapped":
    case "created":
      return method === "beside" ? `${targetName} holds ${database.name} as of ${at}` : `${targetName} is back at ${at}`;
    case "undone":
      return `${targetName} is as it was before the restore`;
    case "staged_incomplete":
      return `The restore of ${database.name} waits for your decision`;
    case "started":
    case "staging":
    case "staged":
    case "swapping":
    case "failed":
      return `Restore of ${database.name}`;
  }
}

export interface ResultChip {
  tone: "good" | "warning" | "neutral" | "plain";
  word: string;
}

/** How much of it was proven. Green only where every table was compared and equal. */
export function resultChip(view: Pick<Told, "state" | "outcome">): ResultChip | null {
  if (view.state === "undone") return { tone: "plain", word: "Undone" };
  if (view.state === "staged_incomplete") return { tone: "warning", word: view.outcome && view.outcome.exceptions.length === 0 ? "Not in place" : "Incomplete" };
  if (!isLive(view)) return null;
  if (view.outcome === null) return { tone: "neutral", word: "Restored, comparison not on record" };
  if (isEqual(view)) return { tone: "good", word: "Restored and equal" };
  if (view.outcome.exceptions.length > 0) return { tone: "warning", word: "Restored with exceptions" };
  return { tone: "neutral", word: view.outcome.compared.tables > 0 ? "Restored, partly compared" : "Restored, not compared" };
}

/** "all 10 tables equal to the backup's manifest", beside the heading of the rows. */
export function comparedWords({ outcome }: Pick<Told, "outcome">): string {
  if (!outcome) return "what it found is not on record: the run ended before it was written";
  if (outcome.compared.tables === 0) return "nothing to compare with: the backup has no manifest";
  const { tables, notCompared } = outcome.compared;
  const left = notCompared.length;
  if (left === 0) return tables === 1 ? "its one table is equal to the backup's manifest" : `all ${plural(tables, "table")} equal to the backup's manifest`;
  return `${plural(tables, "table")} equal to the backup's manifest, ${plural(left, "thing")} not compared`;
}
