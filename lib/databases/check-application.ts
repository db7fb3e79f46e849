import "server-only";
import type { z } from "zod";
import { checkHealth } from "@/lib/docker/application";
import { listContainers, type ListedContainer } from "@/lib/docker/containers";
import { findEngine } from "@/lib/docker/engine";
import { toPublicError } from "@/lib/errors";
import { duration } from "@/lib/format/durations";
import type { Job, JobResult } from "@/lib/runs/job";
import type { ApplicationCheck, ApplicationLine, CheckApplicationInput } from "./application-schemas";

/** Longer than any page should take, and short enough for somebody who waits. */
const answerWithinMs = 10_000;

type Asked = z.output<typeof CheckApplicationInput>["application"];

/** Looks whether the application's containers are there and whether its address answers. Only reads. */
export async function runCheckApplication(job: Job<z.output<typeof CheckApplicationInput>>): Promise<JobResult> {
  const started = Date.now();
  const database = await job.ctx.db.database.findUniqueOrThrow({ where: { id: job.input.databaseId } });
  const found = await job.step("check", () => check(job.input.application, database.container, job.signal));
  const result: ApplicationCheck = { ...found, tookMs: Date.now() - started };
  return { result };
}

async function check(application: Asked, ownContainer: string, signal: AbortSignal): Promise<Omit<ApplicationCheck, "tookMs">> {
  let all: ListedContainer[];
  try {
    all = await listContainers(await findEngine());
  } catch (error) {
    const { message, hint } = toPublicError(error);
    const skipped = application.containers.map((name): ApplicationLine => ({ id: name, outcome: "skipped", title: name, detail: "could not be asked" }));
    return { lines: [{ id: "engine", outcome: "failed", title: "Docker Engine answers", detail: message, ...(hint ? { hint } : {}) }, ...skipped], containers: [] };
  }
  // Throwaway containers of drills and looks are nobody's application.
  const others = all.filter((one) => one.name !== ownContainer && !one.id.startsWith(ownContainer) && !("holdfast.scratch" in one.labels));
  const lines = application.containers.map((name) => containerLine(name, all, ownContainer));
  if (application.healthUrl) lines.push(await healthLine(application.healthUrl, signal));
  return {
    lines,
    containers: others.map(({ name, image, state, status }) => ({ name, image, state, status })).sort((a, b) => Number(b.state === "running") - Number(a.state === "running") || a.name.localeCompare(b.name, "en")),
  };
}

function containerLine(name: string, all: readonly ListedContainer[], ownContainer: string): ApplicationLine {
  const found = all.find((one) => one.name === name || (name.length >= 12 && one.id.startsWith(name)));
  if (!found) return { id: name, outcome: "failed", title: name, detail: "there is no such container on this engine", hint: "A restore would be refused until it is there or taken out here." };
  if (found.name === ownContainer || found.id.startsWith(ownContainer)) return { id: name, outcome: "failed", title: name, detail: "is the container of the database itself", hint: "Take it out: stopping it would stop the server that the restore works in." };
  if (found.state === "running") return { id: name, outcome: "passed", title: name, detail: `${found.image}, ${found.status.toLowerCase()}` };
  return { id: name, outcome: "warning", title: name, detail: `${found.image}, ${found.status.toLowerCase()}`, hint: "It does not run. A restore starts only what it stopped, so it stays as it is." };
}

async function healthLine(url: string, signal: AbortSignal): Promise<ApplicationLine> {
  const { ok, detail, ms } = await checkHealth(url, AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]));
  signal.throwIfAborted();
  if (ok) return { id: "health", outcome: "passed", title: url, detail: `${detail}, in ${duration(ms)}` };
  return { id: "health", outcome: "failed", title: url, detail, hint: "It is asked from where the worker runs. In a container, localhost is that container itself." };
}
