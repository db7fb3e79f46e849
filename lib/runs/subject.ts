import { shortTime } from "@/lib/format/times";
import { runKinds, type RunKind } from "./schemas";
import { redoTitle, runTitle } from "./words";

/** The columns of a run that say what it is about. */
export interface RunSubject {
  kind: string;
  /** What the run was given, as JSON. */
  input: string;
  database: { name: string } | null;
  backup: { databaseName: string; takenAt: Date } | null;
  storeName: string | null;
}

/** A kind from a newer version is not known here. */
export function knownKind(kind: string): RunKind | null {
  return runKinds.find((known) => known === kind) ?? null;
}

/** "Backup of orders", "Verification of bimcalc, 22 Sep 02:00:04", "Rescan of local-disk". */
export function titleOf(id: number, { kind, input, database, backup, storeName }: RunSubject): string {
  const known = knownKind(kind);
  if (!known) return `Run ${id}`;
  const name = database?.name ?? backup?.databaseName;
  const works = known === "verify_backup" || known === "delete_backup" || known === "drill";
  const subject = works && backup ? `${name ?? "a backup"}, ${shortTime(backup.takenAt)}` : (name ?? storeName ?? (known === "recheck" ? "no database" : "a store"));
  return isRedo({ kind, input }) ? redoTitle(subject) : runTitle[known](subject);
}

/** Whether a run does an undone restore again: to the database the same swap as the undo, the other way round. */
export function isRedo({ kind, input }: Pick<RunSubject, "kind" | "input">): boolean {
  return kind === "undo_restore" && textOf(input, "way") === "redo";
}

/** The store that a run's input names. */
export function storeIdOf(input: string): string | null {
  return textOf(input, "storeId");
}

function textOf(input: string, member: string): string | null {
  const parsed: unknown = JSON.parse(input);
  const value: unknown = typeof parsed === "object" && parsed !== null ? Object.entries(parsed).find(([name]) => name === member)?.[1] : null;
  return typeof value === "string" ? value : null;
}
