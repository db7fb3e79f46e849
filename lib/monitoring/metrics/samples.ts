import { isOlder } from "@/lib/clock";
import type { RunStatus } from "@/lib/runs/schemas";
import type { OccurrenceState } from "@/lib/schedule/schemas";
import { silentAfterMs, states, storeUnseenAfterMs } from "../schemas";
import type { FamilyName, Sample } from "./families";
import type { DatabaseFigures, Figures, WholeFigures } from "./read";

/** Makes figures into samples. What is not known makes none. */
export function toSamples({ databases, whole }: Figures, now: Date, version: string): Sample[] {
  return [{ name: "holdfast_build_info", labels: { version }, value: 1 }, ...databases.flatMap((one) => ofDatabase(one, now)), ...(whole ? ofWhole(whole, now) : [])];
}

type OfDatabase = Extract<Sample, { labels: { database: string } }>["name"];

function ofDatabase({ name: database, facts, assessment, withinObjective, objectiveRtoSeconds, last, measuredMs, nextRunAt }: DatabaseFigures, now: Date): Sample[] {
  const { newest, newestReadable, newestProven, lastDrill } = facts;
  const one = (name: Exclude<OfDatabase, "holdfast_database_state" | `holdfast_store_${string}`>, value: number | null | undefined): Sample[] => (value === null || value === undefined ? [] : [{ name, labels: { database }, value }]);
  return [
    ...states.map((state): Sample => ({ name: "holdfast_database_state", labels: { database, state }, value: Number(assessment.state === state) })),
    ...one("holdfast_database_within_objective", Number(withinObjective)),
    ...one("holdfast_backup_last_success_timestamp_seconds", seconds(newestReadable?.takenAt)),
    ...one("holdfast_backup_age_seconds", age(newestReadable?.takenAt, now)),
    ...one("holdfast_backup_size_bytes", last?.sizeBytes),
    ...one("holdfast_backup_duration_seconds", inSeconds(last?.durationMs)),
    ...one("holdfast_backup_rows", last?.rows),
    ...one("holdfast_backup_proof_rung", newest?.rung),
    ...one("holdfast_backup_proven_timestamp_seconds", seconds(newestProven?.takenAt)),
    ...one("holdfast_backup_proven_age_seconds", age(newestProven?.takenAt, now)),
    ...one("holdfast_rpo_target_seconds", facts.objectiveRpoSeconds),
    ...one("holdfast_rpo_measured_seconds", inSeconds(assessment.couldLoseMs)),
    ...one("holdfast_rto_target_seconds", objectiveRtoSeconds),
    ...one("holdfast_rto_measured_seconds", inSeconds(measuredMs)),
    ...one("holdfast_schedule_next_run_timestamp_seconds", seconds(nextRunAt)),
    ...one("holdfast_drill_last_timestamp_seconds", seconds(lastDrill?.at)),
    ...one("holdfast_drill_last_passed", lastDrill ? Number(!lastDrill.failed) : null),
  ];
}

function ofWhole(whole: WholeFigures, now: Date): Sample[] {
  const { runs, drills, occurrences, stores, worker, tokens } = whole;
  const withStatus = (wanted: RunStatus) => runs.reduce((sum, { status, many }) => sum + (status === wanted ? many : 0), 0);
  return [
    ...runCounts(runs),
    ...(["passed", "failed", "inconclusive"] as const).map((outcome): Sample => ({ name: "holdfast_drills_total", labels: { outcome }, value: drills.find((one) => one.outcome === outcome)?.many ?? 0 })),
    ...occurrenceCounts(occurrences),
    { name: "holdfast_queue_length", labels: {}, value: withStatus("queued") },
    { name: "holdfast_runs_running", labels: {}, value: withStatus("running") },
    ...stores.flatMap((store) => ofStore(store, now)),
    ...ofWorker(worker, now),
    ...tokens.map(({ name: token, expiresAt }): Sample => ({ name: "holdfast_token_expiry_timestamp_seconds", labels: { token }, value: expiresAt.getTime() / 1_000 })),
  ];
}

const outcomes = ["succeeded", "failed", "cancelled", "lost"] as const satisfies readonly RunStatus[];
/** These have a series before their first run, so that the first failure is an increase and not a beginning. */
const always = ["backup", "restore", "drill"];

/** That no run of a kind failed is known: the record has them all. */
function runCounts(runs: WholeFigures["runs"]): Sample[] {
  const kinds = [...new Set([...always, ...runs.map(({ kind }) => kind)])].sort();
  return kinds.flatMap((kind) => outcomes.map((outcome): Sample => ({ name: "holdfast_runs_total", labels: { kind, outcome }, value: runs.find((one) => one.kind === kind && one.status === outcome)?.many ?? 0 })));
}

function occurrenceCounts(occurrences: WholeFigures["occurrences"]): Sample[] {
  const kinds = [...new Set(["backup", ...occurrences.map(({ kind }) => kind)])].sort();
  const became = ["done", "late", "missed", "skipped", "failed"] as const satisfies readonly OccurrenceState[];
  return kinds.flatMap((kind) => became.map((outcome): Sample => ({ name: "holdfast_schedule_occurrences_total", labels: { kind, outcome }, value: occurrences.find((one) => one.kind === kind && one.state === outcome)?.many ?? 0 })));
}

function ofStore({ name: store, problem, checkedAt, totalBytes, freeBytes, use }: WholeFigures["stores"][number], now: Date): Sample[] {
  const up = checkedAt !== null && !problem && !isOlder(checkedAt, storeUnseenAfterMs, now);
  const space = (name: Extract<FamilyName, "holdfast_store_size_bytes" | "holdfast_store_free_bytes" | "holdfast_store_used_bytes">, value: number | null): Sample[] =>
    // What was free before the store was lost says nothing of it now.
    up && value !== null ? [{ name, labels: { store }, value }] : [];
  return [
    { name: "holdfast_store_up", labels: { store }, value: Number(up) },
    ...space("holdfast_store_size_bytes", totalBytes),
    ...space("holdfast_store_free_bytes", freeBytes),
    ...space("holdfast_store_used_bytes", totalBytes === null || freeBytes === null ? null : totalBytes - freeBytes),
    ...use.flatMap(({ name: database, bytes, backups }): Sample[] => [
      { name: "holdfast_store_backup_bytes", labels: { store, database }, value: bytes },
      { name: "holdfast_store_backups", labels: { store, database }, value: backups },
    ]),
  ];
}

function ofWorker({ heartbeatAt, isStopped, problem }: WholeFigures["worker"], now: Date): Sample[] {
  const silentSeconds = age(heartbeatAt, now);
  const up = silentSeconds !== null && silentSeconds * 1_000 <= silentAfterMs && !isStopped;
  return [
    { name: "holdfast_worker_up", labels: {}, value: Number(up) },
    ...(silentSeconds === null ? [] : [{ name: "holdfast_worker_heartbeat_age_seconds" as const, labels: {}, value: silentSeconds }]),
    ...(up ? [{ name: "holdfast_engine_up" as const, labels: {}, value: Number(problem === null) }] : []),
  ];
}

function seconds(at: Date | null | undefined): number | null {
  return at ? at.getTime() / 1_000 : null;
}

function inSeconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1_000;
}

/** Never below zero: a clock that runs ahead makes nothing younger than new. */
function age(at: Date | null | undefined, now: Date): number | null {
  return at ? Math.max(0, (now.getTime() - at.getTime()) / 1_000) : null;
}
