import "server-only";
import { applicationOf } from "@/lib/databases/application";
import type { Database } from "@/lib/db/generated/client";
import type { Engine } from "@/lib/docker/engine";
import { toPublicError } from "@/lib/errors";
import { duration } from "@/lib/format/durations";
import type { Scratch } from "@/lib/postgres/scratch";
import type { Job } from "@/lib/runs/job";
import type { Findings } from "./findings";
import { rehearseApplication } from "./rehearse-application";
import type { DisasterStep } from "./schemas";
import type { Subject } from "./subject";

interface Recovered {
  scratch: Scratch;
  subject: Subject;
  database: Database;
  findings: Findings;
  containers: string[];
}

/**
 * Whether the application works with what was recovered: asked of a copy of it where one is configured. That it does not is a finding, not
 * a failure of the drill: the data were compared before. Throws only what ends the run.
 */
export async function applicationStep(job: Job, engine: Engine, { scratch, subject, database, findings, containers }: Recovered): Promise<DisasterStep> {
  const { rehearsal, healthSeconds: seconds } = applicationOf(database);
  if (!rehearsal) return skipped(database, findings);
  const started = Date.now();
  const step = { id: "application", at: new Date(started).toISOString(), title: "The application answers" } as const;
  try {
    const answer = await job.step("ask_application", () => rehearseApplication(job, engine, { scratch, subject, database, rehearsal, seconds, containers }), ({ status, ms }) => `answered ${status} after ${duration(ms)}`);
    const detail = `A copy of ${rehearsal.container} ran without network on the recovered database. ${rehearsal.url} answered ${answer.status} after ${duration(answer.ms)}.`;
    return { ...step, ms: Date.now() - started, outcome: "done", detail };
  } catch (error) {
    if (job.signal.aborted) throw error;
    const { message, hint, toolOutput } = toPublicError(error);
    await job.warn(`The application did not answer. ${message}`);
    return { ...step, ms: Date.now() - started, outcome: "failed", detail: hint ? `${message} ${hint}` : message, ...(toolOutput ? { log: toolOutput } : {}) };
  }
}

/** Nothing was asked: no copy is configured, or the drill ended before. The user's own questions stand for it. */
export function skipped(database: Database, findings: Findings): DisasterStep {
  const { rehearsal, healthUrl, containers } = applicationOf(database);
  const own = `Checks of your own stand for it: ${findings.checks.filter(({ id }) => id === "own").length}.`;
  const how = "To have a copy of it asked, name its container and an address inside it under Settings, Databases, Application.";
  const detail = rehearsal
    ? `The drill ended before ${rehearsal.url} could be asked in a copy of ${rehearsal.container}.`
    : healthUrl
      ? `${healthUrl} belongs to the live application, which does not use the copy, so it was not asked. ${own} ${how}`
      : containers.length > 0
        ? `No address that tells whether the application works is configured, so nothing was asked. ${own} ${how}`
        : `No application is configured. ${own} ${how}`;
  return { id: "application", at: new Date().toISOString(), ms: null, outcome: "skipped", title: "The application answers", detail };
}
