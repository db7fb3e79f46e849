import { plural } from "@/lib/format/counts";
import { byWhom } from "./initiators";

/** A run that worked with the backup, as far as its timeline needs it. */
export interface TimelineRun {
  id: number;
  kind: string;
  status: string;
  initiatorKind: string;
  initiatorName: string;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  events: readonly { at: Date; step: string | null; message: string }[];
  /** What a drill found; null for runs of other kinds, and before one has begun. */
  drill: TimelineDrill | null;
  /** The name that a restore gave, or is to give; null for runs of other kinds. */
  restoredAs: string | null;
  /** Whether it does an undone restore again. */
  isRedo: boolean;
}

export interface TimelineDrill {
  /** Null while it runs. */
  outcome: string | null;
  /** The server's image; null when it came to none. */
  image: string | null;
  /** Tables compared. */
  tables: number;
  /** Whether the record says that each of them was equal. */
  isEqual: boolean;
  cleanUp: { at: string; containers: number; left: number | null } | null;
}

/** Something that happened to a backup. */
export interface Moment {
  at: string;
  text: string;
  /** Null where no run on record did it. */
  runId: number | null;
  mark: "neutral" | "proven" | "danger";
}

/** The kinds of runs that a timeline tells of, by what they do with the backup. */
const told: Readonly<Record<string, string>> = {
  backup: "Backup",
  verify_backup: "Verification",
  drill: "Drill",
  disaster_drill: "Disaster drill",
  restore: "Restore",
  undo_restore: "Undo of the restore",
  resolve_staged: "Decision on the restore",
  apply_tables: "Restore of tables",
  undo_tables: "Undo of the restore of tables",
};
export const timelineKinds = Object.keys(told);

/** What a finished step says of the backup. Steps that are not named here say nothing a reader needs. */
const stepMoments: Readonly<Record<string, (message: string, kind: string) => string>> = {
  snapshot: (message) => `Snapshot taken, ${message}`,
  dump: (message) => `Stored, ${message.split(" stored as ")[0] ?? message}`,
  read_back: (_, kind) => (kind === "verify_backup" ? "Read back again" : "Intact"),
  decode: () => "Readable",
};

/** When a backup last became proven, and the run of the first drill on record that proved it: both may lie before every run that is told of. */
export interface Proof {
  provenAt: Date | null;
  firstRunId: number | null;
}

/** What happened to a backup, newest first: how it was made, verified, drilled and restored. */
export function timelineOf(runs: readonly TimelineRun[], { provenAt, firstRunId }: Proof): Moment[] {
  const moments = runs.flatMap((run) => [startOf(run), ...stepsOf(run), ...cleanUpOf(run), ...endOf(run, run.id === firstRunId)]);
  // Found in a store with a proof of its own: no drill on record here says when.
  if (provenAt && firstRunId === null) moments.push({ at: provenAt.toISOString(), text: "Proven, as its description in the store says", runId: null, mark: "proven" });
  return moments.map((moment, index) => ({ moment, index })).sort((a, b) => b.moment.at.localeCompare(a.moment.at) || b.index - a.index).map(({ moment }) => moment);
}

function startOf(run: TimelineRun): Moment {
  const on = run.drill?.image ? ` on ${run.drill.image}` : "";
  return { at: (run.startedAt ?? run.queuedAt).toISOString(), text: `${nameOf(run)} started${on} ${byWhom(run.initiatorKind, run.initiatorName)}`, runId: run.id, mark: "neutral" };
}

function stepsOf(run: TimelineRun): Moment[] {
  return run.events.flatMap((event) => {
    const text = stepMoments[event.step ?? ""]?.(event.message, run.kind);
    return text ? [{ at: event.at.toISOString(), text, runId: run.id, mark: "neutral" as const }] : [];
  });
}

function cleanUpOf({ id: runId, drill }: TimelineRun): Moment[] {
  if (!drill?.cleanUp) return [];
  const { at, containers, left } = drill.cleanUp;
  return [{ at, text: left === null ? "Drill cleaned up; what is left could not be asked" : `${containers === 1 ? "Drill container" : "Drill containers"} removed, ${left} left over`, runId, mark: "neutral" }];
}

/** How it ended, where that is not said by its steps. A drill ends with what it proved, whatever became of its run. */
function endOf(run: TimelineRun, isFirstProof: boolean): Moment[] {
  const { id: runId, drill } = run;
  if (!run.finishedAt) return [];
  const ended = { at: run.finishedAt.toISOString(), runId, mark: "neutral" as const };
  const name = nameOf(run);
  if (drill?.outcome === "passed") return [{ ...ended, text: `${isFirstProof ? "Proven" : "Proven again"}, ${comparedWords(drill)}`, mark: "proven" }];
  const how = drill?.outcome ?? run.status;
  if (how !== "succeeded") return [{ ...ended, text: `${name} ${how}`, mark: how === "failed" ? "danger" : "neutral" }];
  if (run.kind === "restore") return [{ ...ended, text: `Restored as ${run.restoredAs ?? "a database"}` }];
  return run.kind === "backup" || run.kind === "verify_backup" ? [] : [{ ...ended, text: `${name} done` }];
}

function nameOf({ kind, isRedo }: TimelineRun): string {
  return isRedo ? "Redo of the restore" : (told[kind] ?? kind);
}

function comparedWords({ tables, isEqual }: TimelineDrill): string {
  return isEqual ? `${tables} of ${plural(tables, "table")} equal` : `${plural(tables, "table")} compared`;
}
