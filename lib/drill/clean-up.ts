import "server-only";
import type { Engine } from "@/lib/docker/engine";
import { plural } from "@/lib/format/counts";
import { listScratch, removeScratch } from "@/lib/postgres/scratch";
import type { Job } from "@/lib/runs/job";
import { checked, type Findings } from "./findings";
import type { CleanUp } from "./schemas";

/**
 * Removes everything that the run made on the engine and looks whether it is gone. What was restored lay in the container and its volume
 * only, so with them it is gone from every disk. Never throws: what could not be asked stays not known.
 */
export async function cleanUp(job: Job, engine: Engine, containers: readonly string[], findings: Findings): Promise<CleanUp> {
  const before = await listScratch(engine, job.tag).catch(() => []);
  const volumes = before.filter(({ kind }) => kind === "volume").length;
  const left = await removeAll(engine, job.tag);
  const result: CleanUp = { at: new Date().toISOString(), containers: [...containers], volumes, left };
  findings.cleanUp = result;
  const isGone = left === 0;
  const detail = isGone ? `${plural(containers.length, "container")} (${containers.join(", ")}) and ${plural(volumes, "volume")} are gone; nothing of the copy was anywhere else.` : left === null ? "The engine could not be asked." : `${left} of them could not be removed. The worker tries again.`;
  if (containers.length > 0) findings.checks.push(checked("clean_up", isGone ? "passed" : "failed", "Nothing left behind", detail));
  return result;
}

const attempts = 3;

async function removeAll(engine: Engine, tag: string): Promise<number | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeScratch(engine, tag);
      const left = (await listScratch(engine, tag)).length;
      if (left === 0 || attempt === attempts) return left;
    } catch {
      if (attempt === attempts) return null;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
