import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { z } from "zod";
import { runErrors } from "./errors";
import { RunResult } from "./result";
import { atLeast } from "@/lib/users/schemas";
import { PublicErrorSchema, type RunKind } from "./schemas";

/** Kinds whose answers are rows or names out of a backup: not for everyone who may see that there is one. */
const forOperators: readonly string[] = ["query_look", "open_look", "inspect_foreign"] satisfies RunKind[];

/** The answer of a run. Throws `run.not_found`. */
export async function readRunResult({ db, actor }: Pick<Context, "db" | "actor">, { id }: { id: number }): Promise<RunResult> {
  const run = await db.run.findUnique({ where: { id }, select: { kind: true, status: true, result: true, error: true, finishedAt: true } });
  const mayRead = run && (!forOperators.includes(run.kind) || (actor.kind === "user" && atLeast(actor.role, "operator")));
  if (!mayRead) throw runErrors.not_found({ runId: id });
  return RunResult.parse({
    status: run.status,
    result: readJson(z.unknown(), run.result),
    error: readJson(PublicErrorSchema, run.error),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  });
}
