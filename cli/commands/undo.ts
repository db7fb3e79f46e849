import type { Command } from "commander";
import { z } from "zod";
import { fullTime } from "@/lib/format/times";
import { restoreErrors } from "@/lib/restore/errors";
import { listKept } from "@/lib/restore/read-kept";
import { startUndo } from "@/lib/restore/undo";
import type { Act } from "../act";
import { confirmedName, givenReason } from "../confirm";
import { cliErrors } from "../errors";
import { findDatabase } from "../find";
import { wholeNumber } from "../options";
import { perform } from "../perform";
import { restoreEnd } from "../restore-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addUndo(program: Command, act: Act): void {
  program
    .command("undo")
    .argument("[run]", "the run of the restore; the newest that can be undone unless you say", wholeNumber(1))
    .summary("put the database from before a restore back")
    .description("Swaps back to the database from before a restore, or to what was restored when it was undone already. Takes seconds. Without a terminal it needs --confirm and --reason.")
    .option("--database <name>", "the newest restore of this one")
    .option("--confirm <name>", "the name of the database, instead of being asked")
    .option("--reason <text>", "why, for the audit log")
    .option("--no-wait", "leave it to the worker and return at once")
    .action(act.session(undo));
}

const Options = z.object({ database: z.string().optional(), confirm: z.string().optional(), reason: z.string().optional(), wait: z.boolean() });

async function undo(session: Session, runId: number | undefined, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const options = Options.parse(flags);
  const database = options.database === undefined ? null : await findDatabase(session, options.database);
  const kept = (await listKept(ctx, database ? { databaseId: database.id } : {})).filter((one) => one.what !== "staged" && (runId === undefined || one.runId === runId)).sort((a, b) => b.runId - a.runId);
  const [newest] = kept;
  if (!newest) throw runId === undefined ? cliErrors.nothing_to_undo({}) : restoreErrors.nothing_to_undo({ name: database?.name ?? `run ${runId}` });
  const { targetName } = await ctx.db.restore.findUniqueOrThrow({ where: { id: newest.restoreId }, select: { targetName: true } });
  screen.say(plain(`${newest.name} in ${newest.container} takes the name ${targetName} again${newest.until ? `; it is kept until ${fullTime(newest.until)}` : ""}. What is live now is kept in its place. Connections are closed for a moment.`));
  const phrase = await confirmedName(targetName, options);
  const reason = await givenReason(options);
  return restoreEnd(session, await perform(session, () => startUndo(ctx, { restoreId: newest.restoreId, phrase, reason }), { wait: options.wait }));
}
