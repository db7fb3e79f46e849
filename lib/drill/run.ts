import "server-only";
import { readBack } from "@/lib/backup/proof";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import type { Scratch } from "@/lib/postgres/scratch";
import type { Job, JobResult } from "@/lib/runs/job";
import { askCopy } from "./ask-copy";
import { cleanUp } from "./clean-up";
import { checked, judge, noFindings, timed, type Findings } from "./findings";
import { listDrillChecks } from "./read";
import { closeDrill, judgeError, openDrill, totalOf, type Conclusion } from "./record";
import { loadCopy, setUp } from "./restore-copy";
import type { DisasterReport } from "./schemas";
import { readSubject, type Subject } from "./subject";
import { compareCopy } from "./verify-copy";

/**
 * A drill: restores a stored backup in a scratch container of its own image, compares schema, counts and contents, asks the user's own
 * questions, and removes everything again. Passing is what makes a backup proven. A mismatch fails and names what differs; what
 * could not be set up proves nothing, and the backup keeps its rung.
 */
export async function runDrill(job: Job): Promise<JobResult> {
  const subject = await readSubject(job.ctx, job.backupId);
  const findings = noFindings();
  const drillId = await openDrill(job, { kind: "drill", databaseId: subject.backup.databaseId, backupId: subject.backup.id, startedAt: job.ctx.clock.now() });
  const judgement = await whileCleaningUp(job, findings, async (engine, containers) => {
    await fetchFile(job, subject, findings);
    await restoreAndAsk(job, engine, subject, findings, containers);
  });
  await conclude(job, drillId, subject, findings, judgement);
  return {
    backupId: subject.backup.id,
    sentence: `Drill of ${subject.backup.databaseName} passed: restored and compared in ${duration(totalOf(findings))}`,
    result: { drillId, outcome: judgement.outcome },
    after: { outcome: judgement.outcome, rung: "proven", tables: findings.compared.tables, rows: findings.compared.rows, image: findings.image },
  };
}

/** Does a drill's work, cleans up whatever came of it, and says what it proves. `work` notes every container it has made. */
export async function whileCleaningUp(job: Job, findings: Findings, work: (engine: Engine, containers: string[]) => Promise<void>): Promise<Conclusion> {
  const containers: string[] = [];
  let engine: Engine | null = null;
  let failure: { error: unknown } | null = null;
  try {
    engine = await findEngine();
    await work(engine, containers);
  } catch (error) {
    failure = { error: job.signal.aborted ? job.signal.reason : error };
  }
  if (engine) {
    // A cancel that comes meanwhile ends the step, not the drill's own record.
    await cleanUpStep(job, engine, containers, findings).catch((error: unknown) => (failure ??= { error: job.signal.aborted ? job.signal.reason : error }));
  }
  return failure ? judgeError(failure.error) : judgeFindings(findings);
}

function judgeFindings(findings: Findings): Conclusion {
  const judgement = judge(findings);
  return { ...judgement, problem: judgement.error };
}

/** Puts the end of a drill on record, and throws why it did not pass. */
export async function conclude(job: Job, drillId: string, subject: Subject, findings: Findings, conclusion: Conclusion, disaster: DisasterReport | null = null): Promise<void> {
  let last = conclusion;
  // A pass is for this worker to record, and only while the run is still its own and nobody has cancelled it.
  if (last.outcome === "passed") await job.pointOfNoReturn().catch((error: unknown) => (last = judgeError(error)));
  const close = () => closeDrill(job, drillId, subject, findings, last, disaster);
  if (last.outcome === "passed") await job.step("record", close, () => "the backup is proven");
  else await close();
  if (last.problem) throw last.problem;
}

/** Reads the stored file to its last byte and compares its hash, before anything is made of it. */
export async function fetchFile(job: Job, { evidence, copy }: Subject, findings: Findings): Promise<void> {
  await timed(findings, "fetch", () =>
    job.step("read_back", () => readBack(job, evidence), (found) => {
      findings.checks.push(checked("file", "passed", "The stored file", `${bytes(found.sizeBytes)} read from ${copy.store.name}; SHA-256 equal to the one it was stored with.`));
      return `${bytes(found.sizeBytes)} read from ${copy.store.name}; SHA-256 equal`;
    }),
  );
}

/** Sets the scratch server up, loads the backup, compares, asks. `containers` hears of every container as soon as there is one. */
export async function restoreAndAsk(job: Job, engine: Engine, subject: Subject, findings: Findings, containers: string[]): Promise<Scratch> {
  const scratch = await timed(findings, "start", () => job.step("scratch", () => setUp(job, engine, subject, findings), (made) => `PostgreSQL ${made.server.facts.version} of ${findings.image}, without network`));
  containers.push(scratch.server.container.name);
  await timed(findings, "restore", () => job.step("load", () => loadCopy(job, engine, scratch, subject, findings), (sentence) => sentence));
  await timed(findings, "compare", () => job.step("compare", () => compareCopy(job, scratch.server, subject, findings), (sentence) => sentence));
  const own = subject.database ? await listDrillChecks(job.ctx, subject.database.id) : [];
  await timed(findings, "checks", () => job.step("ask_copy", () => askCopy(job, scratch.server, own, findings), (sentence) => sentence));
  return scratch;
}

/** Also after a failure and a cancel: then it is no step of the run any more, and happens all the same. */
async function cleanUpStep(job: Job, engine: Engine, containers: readonly string[], findings: Findings): Promise<void> {
  const work = () => cleanUp(job, engine, containers, findings);
  await timed(findings, "cleanUp", async () => {
    if (job.signal.aborted) await work();
    else await job.step("clean_up", work, ({ left, volumes }) => (left === 0 ? `${plural(containers.length, "container")} and ${plural(volumes, "volume")} are gone` : "something could not be removed"));
  });
}
