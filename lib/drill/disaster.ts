import "server-only";
import { runBackup } from "@/lib/backup/run";
import { StartBackupInput } from "@/lib/backup/schemas";
import { databaseErrors } from "@/lib/databases/errors";
import type { Database } from "@/lib/db/generated/client";
import type { Engine } from "@/lib/docker/engine";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { minuteTime } from "@/lib/format/times";
import { listScratch } from "@/lib/postgres/scratch";
import type { Job, JobResult } from "@/lib/runs/job";
import { applicationStep, skipped } from "./application-step";
import { drillErrors } from "./errors";
import { noFindings, type Findings } from "./findings";
import { openDrill } from "./record";
import { loadCopy, setUp } from "./restore-copy";
import { conclude, fetchFile, restoreAndAsk, whileCleaningUp } from "./run";
import type { DisasterReport, DisasterStep } from "./schemas";
import { checksStep } from "./sentence";
import { readSubject, type Subject } from "./subject";

/**
 * The procedures' disaster drill, on copies only: a fresh backup of the live database, a throwaway server that stands for production,
 * its total loss, a restore from the store alone, and a copy of the application on what was recovered. Measures how long recovery took,
 * without the application, and what would have been lost.
 */
export async function runDisasterDrill(job: Job): Promise<JobResult> {
  const startedAt = job.ctx.clock.now();
  const database = await job.ctx.db.database.findUnique({ where: { id: job.databaseId ?? "" } });
  if (!database) throw databaseErrors.not_found({});
  const report = emptyReport(database);
  const subject = await told(report, "backup", "Fresh backup", () => freshBackup(job, database), ({ backup, copy }) => `Taken at ${minuteTime(backup.takenAt)} UTC, stored as ${copy.key} and read back.`);
  const findings = noFindings();
  const drillId = await openDrill(job, { kind: "disaster", databaseId: database.id, backupId: subject.backup.id, startedAt });
  const conclusion = await whileCleaningUp(job, findings, (engine, containers) => rehearse(job, engine, { subject, database, findings, report, containers }));
  // That nothing was left behind is a check too: the step counts the same ones as the list.
  for (const step of report.steps) if (step.id === "verify") Object.assign(step, checksStep(findings.checks));
  if (!applicationIn(report)) report.steps.push(skipped(database, findings));
  await conclude(job, drillId, subject, findings, conclusion, report);
  const application = applicationIn(report)?.outcome;
  return {
    backupId: subject.backup.id,
    sentence: `Disaster drill of ${database.name} passed: recovered in ${duration(report.rtoMs ?? 0)}, ${duration(report.rpoMs ?? 0)} of data would have been lost${application ? applicationWords[application] : ""}`,
    result: { drillId, outcome: conclusion.outcome, application },
    after: { outcome: conclusion.outcome, application, rtoMs: report.rtoMs, rpoMs: report.rpoMs, tables: findings.compared.tables, rows: findings.compared.rows },
  };
}

function applicationIn({ steps }: DisasterReport): DisasterStep | undefined {
  return steps.find(({ id }) => id === "application");
}

const applicationWords = { done: ", and its application answered", failed: ", but its application did not answer", skipped: "" } as const satisfies Record<DisasterStep["outcome"], string>;

interface Rehearsal {
  subject: Subject;
  database: Database;
  findings: Findings;
  report: DisasterReport;
  containers: string[];
}

function emptyReport({ objectiveRtoSeconds, objectiveRpoSeconds }: Database): DisasterReport {
  return { steps: [], rtoMs: null, rpoMs: null, lostAt: null, restoredAt: null, objectiveRtoSeconds, objectiveRpoSeconds };
}

/** A whole backup with its proof, within this run; its steps are lines of the log. */
async function freshBackup(job: Job, database: Database): Promise<Subject> {
  const input = StartBackupInput.parse({ databaseId: database.id, label: "disaster drill" });
  const { backupId } = await job.step("fresh_backup", () =>
    runBackup({
      ...job,
      input,
      step: async (name, work, done) => {
        job.signal.throwIfAborted();
        const result = await work();
        await job.log(`fresh backup, ${name}${done ? `: ${done(result)}` : ""}`);
        return result;
      },
    }),
  );
  return readSubject(job.ctx, backupId ?? null);
}

async function rehearse(job: Job, engine: Engine, { subject, database, findings, report, containers }: Rehearsal): Promise<void> {
  const production = await told(report, "production", "A stand-in for production", () => job.step("production", () => standIn(job, engine, subject)), ({ sentence }) => sentence);
  containers.push(production.scratch.server.container.name);
  const lostAt = await told(report, "loss", "Total loss", () => job.step("lose", () => lose(job, engine, production.scratch.remove)), (at) => `Container and volume were destroyed at ${minuteTime(at)} UTC. From here on only the store was used.`);
  report.lostAt = lostAt.toISOString();
  report.rpoMs = lostAt.getTime() - subject.backup.takenAt.getTime();
  const scratch = await told(
    report,
    "restore",
    "Restore and verification",
    async () => {
      await fetchFile(job, subject, findings);
      return restoreAndAsk(job, engine, subject, findings, containers);
    },
    () => `${plural(findings.compared.tables, "table")} restored into a new server and compared with the backup: ${findings.differences.length === 0 ? "no difference" : plural(findings.differences.length, "difference")}.`,
  );
  const { fetch = 0, start = 0, restore = 0, compare = 0, checks } = findings.phases;
  const rtoMs = fetch + start + restore + compare;
  report.rtoMs = rtoMs;
  report.restoredAt = new Date(lostAt.getTime() + rtoMs).toISOString();
  report.steps.push(verification(findings, checks ?? null));
  report.steps.push(await applicationStep(job, engine, { scratch, subject, database, findings, containers }));
}

/** What stands for production is loaded like the drill's own copy, and measured for nothing. */
async function standIn(job: Job, engine: Engine, subject: Subject) {
  const own = noFindings();
  const scratch = await setUp(job, engine, subject, own);
  try {
    const loaded = await loadCopy(job, engine, scratch, subject, own);
    return { scratch, sentence: `PostgreSQL ${scratch.server.facts.version} in a container without network: ${loaded}.` };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

async function lose(job: Job, engine: Engine, destroy: () => Promise<void>): Promise<Date> {
  const at = job.ctx.clock.now();
  await destroy();
  const left = (await listScratch(engine, job.tag)).length;
  if (left > 0) throw drillErrors.not_cleaned({ left });
  return at;
}

function verification({ checks }: Findings, ms: number | null): DisasterStep {
  return { id: "verify", at: new Date().toISOString(), ms, title: "Checks on the recovered copy", ...checksStep(checks) };
}

/** Does a step and writes down when it began, how long it took, and what came of it. */
async function told<T>(report: DisasterReport, id: DisasterStep["id"], title: string, work: () => Promise<T>, detail: (result: T) => string): Promise<T> {
  const started = Date.now();
  const step = { id, at: new Date(started).toISOString(), title };
  try {
    const result = await work();
    report.steps.push({ ...step, ms: Date.now() - started, outcome: "done", detail: detail(result) });
    return result;
  } catch (error) {
    report.steps.push({ ...step, ms: Date.now() - started, outcome: "failed", detail: error instanceof Error ? error.message : "It failed." });
    throw error;
  }
}
