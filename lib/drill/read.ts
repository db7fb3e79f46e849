import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { drillErrors } from "./errors";
import { drillSubject, toDrillRow, type DrillRow } from "./list";
import { DrillReport } from "./schemas";

/** A drill with everything it found, as its page and its printed report show it. */
export interface DrillDetail extends DrillRow {
  container: string | null;
  objectiveRpoSeconds: number | null;
  objectiveRtoSeconds: number | null;
  backupDeleted: boolean;
  /** Null while it runs, and for one whose worker was lost. */
  report: DrillReport | null;
}

/** One drill. Throws `drill.not_found`. */
export async function readDrill({ db }: Pick<Context, "db">, input: { drillId: string }): Promise<DrillDetail> {
  const found = await db.drill.findUnique({
    where: { id: input.drillId },
    include: { ...drillSubject, database: { select: { name: true, container: true, objectiveRpoSeconds: true, objectiveRtoSeconds: true } }, backup: { select: { takenAt: true, databaseName: true, deletedAt: true } } },
  });
  if (!found) throw drillErrors.not_found({});
  return {
    ...toDrillRow(found),
    container: found.database?.container ?? null,
    objectiveRpoSeconds: found.database?.objectiveRpoSeconds ?? null,
    objectiveRtoSeconds: found.database?.objectiveRtoSeconds ?? null,
    backupDeleted: found.backup.deletedAt !== null,
    report: readJson(DrillReport, found.report),
  };
}

/** The drill that a run made; null before it has begun, and for runs of other kinds. */
export async function findDrillOfRun({ db }: Pick<Context, "db">, runId: number): Promise<{ drillId: string } | null> {
  const found = await db.drill.findUnique({ where: { runId }, select: { id: true } });
  return found && { drillId: found.id };
}

/** A question of the user's own. */
export interface OwnCheck {
  id: string;
  name: string;
  query: string;
  expected: string;
}

/** The questions that every drill of a database asks, in the order they were added. */
export async function listDrillChecks({ db }: Pick<Context, "db">, databaseId: string): Promise<OwnCheck[]> {
  return db.drillCheck.findMany({ where: { databaseId, removedAt: null }, orderBy: [{ createdAt: "asc" }, { id: "asc" }], select: { id: true, name: true, query: true, expected: true } });
}
