import type { Command } from "commander";
import { z } from "zod";
import { restoreErrors } from "@/lib/restore/errors";
import { RestoreRequest, type RestoreMethod } from "@/lib/restore/schemas";
import { startRestore } from "@/lib/restore/start";
import type { Act } from "../act";
import { confirmedName, givenReason } from "../confirm";
import { cliErrors } from "../errors";
import { exitCodes } from "../exit-codes";
import { findBackup, findDatabase } from "../find";
import { given } from "../given";
import { wholeNumber } from "../options";
import { perform } from "../perform";
import { planLines } from "../plan-text";
import { restoreEnd } from "../restore-end";
import { planOf, restorable } from "../restoring";
import type { Done } from "../screen";
import type { Session } from "../session";

export function addRestore(program: Command, act: Act): void {
  program
    .command("restore")
    .argument("<backup>", "latest, an id or the start of one, or a file's name")
    .summary("put a backup in place, or beside the live database")
    .description(
      "Shows what would be done, what is lost and what comes back, and asks for the database's name. Restores into a staging database, compares it with the backup's manifest, and swaps names; the database from before is kept, so that it can be undone. Without a terminal it needs --confirm and --reason.",
    )
    .option("--database <name>", "the registered database whose place it takes, or beside which it goes")
    .option("--to-new <name>", "restore beside it, into a new database of this name")
    .option("--in-place", "drop and restore in place, where the disk cannot hold two")
    .option("--no-safety-backup", "with --in-place: no backup of what is there, first")
    .option("--keep-hours <hours>", "how long the database from before is kept", wholeNumber(1, 24 * 90), 24)
    .option("--undo-if-unhealthy", "undo by itself when the application does not come up")
    .option("--confirm <name>", "the name of the database that is restored, instead of being asked")
    .option("--reason <text>", "why, for the audit log")
    .option("--dry-run", "only show the plan")
    .option("--no-wait", "leave it to the worker and return at once")
    .action(act.session(restore));
}

const Options = z.object({
  database: z.string().optional(),
  toNew: z.string().optional(),
  inPlace: z.boolean().default(false),
  safetyBackup: z.boolean(),
  keepHours: z.number(),
  undoIfUnhealthy: z.boolean().default(false),
  confirm: z.string().optional(),
  reason: z.string().optional(),
  dryRun: z.boolean().default(false),
  wait: z.boolean(),
});

async function restore(session: Session, wanted: string, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const options = Options.parse(flags);
  if (options.toNew !== undefined && options.inPlace) throw cliErrors.usage({ message: "--to-new and --in-place exclude each other." });
  // Beside which database it goes says nothing of whose backup it is, unless that is what `latest` asks.
  const found = await findBackup(session, wanted, wanted === "latest" ? options.database : undefined);
  const database = await findDatabase(session, options.database ?? found.databaseId ?? undefined);
  const { backup } = await restorable(session, found, database);
  const method: RestoreMethod = options.toNew !== undefined ? "beside" : options.inPlace ? "in_place" : "swap";
  const choices = { method, newName: options.toNew ?? null, keepHours: options.keepHours, undoIfUnhealthy: options.undoIfUnhealthy, safetyBackup: options.safetyBackup };
  const shown = await planOf(session, given(RestoreRequest, { backupId: backup.id, databaseId: database.id, choices }));
  const { plan, runId: planRunId } = shown;
  const lines = planLines(screen, shown);
  if (options.dryRun) return { data: { plan }, text: lines, exitCode: plan.isBlocked ? exitCodes.refused : exitCodes.done };
  for (const line of lines) screen.say(line);
  const blocking = plan.checks.find(({ outcome }) => outcome === "blocking");
  if (blocking) throw restoreErrors.blocked({ what: blocking.title, detail: blocking.detail });
  screen.say("");
  const phrase = await confirmedName(plan.decision.targetName, options);
  const reason = await givenReason(options);
  const view = await perform(session, () => startRestore(ctx, { planRunId, hash: plan.hash, phrase, reason }), { wait: options.wait });
  return restoreEnd(session, view);
}

