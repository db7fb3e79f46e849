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
}

/** Something that happened to a backup. */
export interface Moment {
  at: string;
  text: string;
  runId: number;
  mark: "neutral" | "danger";
}

/** What a finished step says of the backup. Steps that are not named here say nothing a reader needs. */
const stepMoments: Readonly<Record<string, (message: string, kind: string) => string>> = {
  snapshot: (message) => `Snapshot taken, ${message}`,
  dump: (message) => `Stored, ${message.split(" stored as ")[0] ?? message}`,
  read_back: (_, kind) => (kind === "verify_backup" ? "Read back again" : "Intact"),
  decode: () => "Readable",
};

const most = 16;

/** What happened to a backup, newest first, from the events of the runs that worked with it. */
export function timelineOf(runs: readonly TimelineRun[]): Moment[] {
  const moments = runs.flatMap((run) => {
    const { id: runId } = run;
    const what = run.kind === "backup" ? `Run ${runId}` : `Verification, run ${runId},`;
    const started: Moment = { at: (run.startedAt ?? run.queuedAt).toISOString(), text: `${what} started ${byWhom(run.initiatorKind, run.initiatorName)}`, runId, mark: "neutral" };
    const steps = run.events.flatMap<Moment>((event) => {
      const text = stepMoments[event.step ?? ""]?.(event.message, run.kind);
      return text ? [{ at: event.at.toISOString(), text, runId, mark: "neutral" }] : [];
    });
    const ended = run.finishedAt && run.status !== "succeeded" ? [{ at: run.finishedAt.toISOString(), text: `${what.replace(/,$/, "")} ${run.status}`, runId, mark: run.status === "failed" ? ("danger" as const) : ("neutral" as const) }] : [];
    return [started, ...steps, ...ended];
  });
  return moments.map((moment, index) => ({ moment, index })).sort((a, b) => b.moment.at.localeCompare(a.moment.at) || b.index - a.index).slice(0, most).map(({ moment }) => moment);
}
