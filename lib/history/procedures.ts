import type { Measurement } from "./recovery-time";
import type { Objective } from "./schemas";
import { neverMeasured } from "./words";

/** A line of the emergency procedures: what happened, what was promised, and what was measured. */
export interface Procedure {
  objective: Objective;
  scenario: string;
  targetSeconds: number;
  /** Null: nothing was measured, so nothing is claimed. */
  actualMs: number | null;
  /** When it was measured, or null where nothing was. */
  at: number | null;
  met: boolean | null;
  /** Where the figure comes from, or why there is none. */
  source: string;
  runId: number | null;
}

export interface ProcedureFacts {
  targets: Record<Objective, number>;
  /** The newest drill or restore of the whole database, of a backup as large as the newest. */
  whole: Measurement | null;
  /** The newest restore of tables that was applied. */
  table: { runId: number; at: number; totalMs: number } | null;
  /** The age of the newest recoverable data; null where nobody knows. */
  ageMs: number | null;
  whyNoAge: string;
  now: number;
}

const sources = { drill: "drill", disaster: "disaster drill", restore: "restore" } as const satisfies Record<Measurement["kind"], string>;

/** The table of the emergency procedures, as it stands. */
export function procedures({ targets, whole, table, ageMs, whyNoAge, now }: ProcedureFacts): Procedure[] {
  return [
    line("rto", "The whole database is lost", targets, whole && { ms: whole.totalMs, at: whole.from, source: sources[whole.kind], runId: whole.runId }, neverMeasured),
    line("table", "A table is damaged or emptied", targets, table && { ms: table.totalMs, at: table.at, source: "restore of tables", runId: table.runId }, "no table was restored yet"),
    line("point_in_time", "Back to a point between two backups", targets, null, "no evidence: nothing has done this yet"),
    line("rpo", "Data written since the last backup is lost", targets, ageMs === null ? null : { ms: ageMs, at: now, source: "age of the newest recoverable data", runId: null }, whyNoAge),
  ];
}

function line(objective: Objective, scenario: string, targets: Record<Objective, number>, found: { ms: number; at: number; source: string; runId: number | null } | null, missing: string): Procedure {
  const targetSeconds = targets[objective];
  if (!found) return { objective, scenario, targetSeconds, actualMs: null, at: null, met: null, source: missing, runId: null };
  return { objective, scenario, targetSeconds, actualMs: found.ms, at: found.at, met: found.ms <= targetSeconds * 1_000, source: found.source, runId: found.runId };
}
