import { ageSpan } from "@/lib/format/ages";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { minuteTime } from "@/lib/format/times";

export interface Deletion {
  databaseName: string;
  sizeBytes: number;
  rows: number | null;
  stores: readonly string[];
  /** Stores that were taken out of use: their files stay. */
  leftIn: readonly string[];
  /** What the newest readable point becomes; null when deleting this backup does not change it. */
  movesBack: { from: string; to: string | null } | null;
}

/** Whether the newest readable point of the database moves when `backupId` goes, and to when. */
export function movesBack(backupId: string, newest: readonly { id: string; takenAt: Date }[]): Deletion["movesBack"] {
  const [first, second] = newest;
  if (!first || first.id !== backupId) return null;
  return { from: first.takenAt.toISOString(), to: second?.takenAt.toISOString() ?? null };
}

/** Where a backup's files are deleted, and where they stay. */
export function storesOf({ copies }: { copies: readonly { store: string; missing: boolean; outOfUse: boolean }[] }): Pick<Deletion, "stores" | "leftIn"> {
  const present = copies.filter((copy) => !copy.missing);
  const names = (outOfUse: boolean) => present.filter((copy) => copy.outOfUse === outOfUse).map((copy) => copy.store);
  return { stores: names(false), leftIn: names(true) };
}

/** Nothing of it lies where Holdfast still deletes anything. */
function staysWhole({ stores, leftIn }: Deletion): boolean {
  return stores.length === 0 && leftIn.length > 0;
}

/** What deleting a backup costs, the worst first. */
export function deletionConsequences(deletion: Deletion): string[] {
  const { databaseName, movesBack: moves, stores, leftIn, sizeBytes, rows } = deletion;
  const where = stores.length > 0 ? ` from ${stores.join(" and ")}` : "";
  if (staysWhole(deletion)) return [...(moves ? [newestSentence(databaseName, moves)] : []), `It goes from the list. No file is deleted: what lies in ${leftIn.join(" and ")} stays there, because Holdfast does not use that store any more.`, "The audit log keeps that it existed."];
  return [
    ...(moves ? [newestSentence(databaseName, moves)] : []),
    `${bytes(sizeBytes)}${rows === null ? "" : ` with ${plural(rows, "record")}`} are deleted${where}, with the roles and the description beside them.`,
    ...(leftIn.length > 0 ? [`What lies in ${leftIn.join(" and ")} stays there, because Holdfast does not use that store any more.`] : []),
    "This cannot be undone. The audit log keeps that it existed.",
  ];
}

function newestSentence(database: string, { from, to }: { from: string; to: string | null }): string {
  if (to === null) return `It is the only readable backup of ${database}. Without it there is nothing that is known to be readable.`;
  return `It is the newest readable backup of ${database}. Without it the newest readable point moves back ${ageSpan(to, from)}, to ${minuteTime(to)}.`;
}

/** The same in one line, for the foot of the backup's page. */
export function deletionSummary(deletion: Deletion): string {
  if (deletion.movesBack) return newestSentence(deletion.databaseName, deletion.movesBack);
  if (staysWhole(deletion)) return `It goes from the list, and no file is deleted: ${deletion.leftIn.join(" and ")} is not in use any more.`;
  return `${bytes(deletion.sizeBytes)}${deletion.rows === null ? "" : `, ${count(deletion.rows)} records,`} are deleted for good. The newest readable point of ${deletion.databaseName} does not change.`;
}
