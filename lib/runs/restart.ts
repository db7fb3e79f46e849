import "server-only";
import { StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { runErrors } from "./errors";

/** Starts a backup again as it was asked for: a new run, with the same options, label and note. */
export async function restartRun(ctx: Context, input: { runId: number }): Promise<{ runId: number }> {
  const run = await ctx.db.run.findUnique({ where: { id: input.runId }, select: { id: true, kind: true, status: true, input: true } });
  if (!run || run.kind !== "backup") throw runErrors.not_found(input);
  if (run.status === "queued" || run.status === "running") throw runErrors.already_active({ what: "This backup", runId: run.id });
  return startBackup(ctx, readJson(StartBackupInput, run.input));
}
