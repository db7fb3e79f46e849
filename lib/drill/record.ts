import "server-only";
import { recordProblem, recordRung } from "@/lib/backup/record";
import { readSidecar, writeSidecar } from "@/lib/backup/sidecar";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { AppError, toPublicError } from "@/lib/errors";
import type { Job } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import type { Findings, Judgement } from "./findings";
import type { DisasterReport, DrillKind, DrillReport } from "./schemas";
import type { Subject } from "./subject";

/** How a drill ended; `problem` is why it did not pass. */
export type Conclusion = Judgement & { problem: unknown };

/** Lists and pages keep this many differences and failures; the totals are exact. */
const mostKept = 200;

/** Puts a drill that begins on record. Its outcome stays open until `closeDrill`. */
export async function openDrill(job: Job, drill: { kind: DrillKind; databaseId: string | null; backupId: string; startedAt: Date }): Promise<string> {
  const { id } = await job.ctx.db.drill.create({ data: { runId: job.runId, ...drill }, select: { id: true } });
  return id;
}

/**
 * Writes what came of a drill: its report, and what it means for the backup, in one transaction. Throws `run.lease_lost` where the drill
 * is over already for everybody else: what was found of the backup since counts.
 */
export async function closeDrill(job: Job, drillId: string, subject: Subject, findings: Findings, judgement: Conclusion, disaster: DisasterReport | null = null): Promise<void> {
  const now = job.ctx.clock.now();
  const totalMs = findings.phases.cleanUp === undefined ? null : totalOf(findings);
  await ownTransaction(job, async (tx) => {
    await tx.drill.update({
      where: { id: drillId },
      data: { outcome: judgement.outcome, finishedAt: now, totalMs, phases: writeJson(findings.phases), report: writeJson(reportOf(findings, judgement.problem, disaster)) },
    });
    if (judgement.outcome === "passed") await recordProven(tx, subject, findings, now, totalMs);
  });
  if (judgement.outcome === "passed") await describeProof(job, subject, now);
  else if (judgement.blamesBackup) await recordProblem(job, { backupId: subject.backup.id, copyId: subject.copy.id, error: judgement.problem });
}

/** From the first byte read to a copy that was checked: what a restore of this backup takes. Cleaning up is the drill's own. */
export function totalOf({ phases }: Findings): number {
  return Object.entries(phases).reduce((total, [phase, ms]) => (phase === "cleanUp" ? total : total + (ms ?? 0)), 0);
}

/** A drill read every byte and decoded all of it on the way, so it renews the rungs below as well. */
async function recordProven(tx: Tx, { backup, copy }: Subject, { phases }: Findings, at: Date, ms: number | null): Promise<void> {
  const backupId = backup.id;
  await recordRung(tx, { backupId, copyId: copy.id, rung: "intact", at, ms: phases.fetch ?? 0 });
  await recordRung(tx, { backupId, rung: "readable", at, ms: phases.restore ?? 0 });
  await recordRung(tx, { backupId, rung: "proven", at, ms: ms ?? 0 });
  await tx.backup.update({ where: { id: backupId }, data: { problem: null } });
}

/** Brings the description beside the file up to date. A store that cannot be written right now keeps the old one: it is not wrong. */
async function describeProof(job: Job, { evidence: { store, key } }: Subject, at: Date): Promise<void> {
  const sidecar = await readSidecar(store, key).catch(() => null);
  if (!sidecar) return;
  const time = at.toISOString();
  const proof = { ...sidecar.proof, intactAt: time, readableAt: time, provenAt: time };
  await writeSidecar(store, key, { ...sidecar, proof }, job.tag).catch((error: Error) => job.warn(`The description beside the file could not be renewed: ${error.message}`));
}

export function reportOf(findings: Findings, problem: unknown, disaster: DisasterReport | null): DrillReport {
  const { phases: _phases, isSchemaUnknown: _isSchemaUnknown, amcheckEnded: _amcheckEnded, differences, failures, ...rest } = findings;
  return {
    ...rest,
    differences: differences.slice(0, mostKept),
    differencesTotal: differences.length,
    failures: failures.slice(0, mostKept),
    problem: problem === null || problem === undefined ? null : toPublicError(problem),
    disaster,
  };
}

/** Errors of the fetch that say the file is not what was stored: that is a failure of the backup, not of the drill. */
const againstFile = ["store.file_missing", "backup.empty_file", "backup.wrong_size", "backup.changed", "backup.roles_damaged", "backup.truncated", "backup.not_gzip", "backup.undecodable", "drill.not_loadable"];

/** What a drill that did not come to its end means. */
export function judgeError(error: unknown): Conclusion {
  const isAgainstFile = error instanceof AppError && againstFile.includes(error.code);
  return { outcome: isAgainstFile ? "failed" : "inconclusive", error: null, blamesBackup: isAgainstFile, problem: error };
}
