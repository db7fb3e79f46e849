import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { z } from "zod";
import { runErrors } from "./errors";
import { RunResult } from "./result";
import { PublicErrorSchema } from "./schemas";

/** The answer of a run. Throws `run.not_found`. */
export async function readRunResult({ db }: Pick<Context, "db">, { id }: { id: number }): Promise<RunResult> {
  const run = await db.run.findUnique({ where: { id }, select: { status: true, result: true, error: true, finishedAt: true } });
  if (!run) throw runErrors.not_found({ runId: id });
  return RunResult.parse({
    status: run.status,
    result: readJson(z.unknown(), run.result),
    error: readJson(PublicErrorSchema, run.error),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  });
}
