import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Drill, Restore } from "@/lib/db/generated/client";
import { RestoreOutcome } from "@/lib/restore/schemas";
import type { Interval } from "./intervals";
import { intoPhases } from "./phases";
import type { Measurement } from "./recovery-time";

type Reading = Pick<Context, "db">;

/** Only milliseconds by phase matter here; the rest of what a drill or a restore found is read on its own page. */
const Phases = z.record(z.string(), z.number());
const Outcome = RestoreOutcome.pick({ phases: true, health: true });

/** Where a restore put the whole database in place. */
export const doneStates = ["swapped", "undone", "created"] as const;

/** The drills and restores of a range that came to their end, oldest first, and how many did not. */
export async function readMeasurements({ db }: Reading, databaseId: string, range: Interval): Promise<{ measurements: Measurement[]; failed: { drills: number; restores: number } }> {
  const startedAt = { gte: new Date(range.from), lte: new Date(range.to) };
  const [drills, restores, failedDrills, failedRestores] = await Promise.all([
    db.drill.findMany({ where: { databaseId, startedAt, outcome: "passed", totalMs: { not: null } } }),
    db.restore.findMany({ where: { databaseId, startedAt, state: { in: [...doneStates] }, totalMs: { not: null } } }),
    db.drill.count({ where: { databaseId, startedAt, outcome: "failed" } }),
    db.restore.count({ where: { databaseId, startedAt, state: "failed" } }),
  ]);
  return {
    measurements: [...drills.flatMap(fromDrill), ...restores.flatMap(fromRestore)].sort((a, b) => a.from - b.from),
    failed: { drills: failedDrills, restores: failedRestores },
  };
}

/** A passed drill as a measurement; nothing for one that was not timed. */
export function fromDrill({ id, runId, backupId, kind, startedAt, finishedAt, totalMs, phases }: Drill): Measurement[] {
  if (totalMs === null) return [];
  const from = startedAt.getTime();
  return [{ kind: kind === "disaster" ? "disaster" : "drill", id, runId, backupId, from, to: finishedAt?.getTime() ?? from + totalMs, totalMs, phases: intoPhases(readJson(Phases, phases) ?? {}) }];
}

/** A restore that was put in place as a measurement; nothing for one that was not timed, or after which the application did not come up. */
export function fromRestore({ id, runId, backupId, startedAt, finishedAt, totalMs, outcome }: Restore): Measurement[] {
  const found = readJson(Outcome, outcome);
  if (totalMs === null || found?.health?.ok === false) return [];
  const from = startedAt.getTime();
  return [{ kind: "restore", id, runId, backupId, from, to: finishedAt?.getTime() ?? from + totalMs, totalMs, phases: intoPhases(found?.phases ?? {}) }];
}

/** The newest restore of tables whose two parts were timed: staged and compared, then applied. */
export async function readNewestTableRestore({ db }: Reading, databaseId: string): Promise<{ runId: number; at: number; totalMs: number } | null> {
  const row = await db.tableRestore.findFirst({ where: { databaseId, stagedMs: { not: null }, appliedMs: { not: null } }, orderBy: { startedAt: "desc" }, select: { runId: true, startedAt: true, stagedMs: true, appliedMs: true } });
  return row ? { runId: row.runId, at: row.startedAt.getTime(), totalMs: (row.stagedMs ?? 0) + (row.appliedMs ?? 0) } : null;
}
