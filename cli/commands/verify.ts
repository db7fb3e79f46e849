import type { Command } from "commander";
import { z } from "zod";
import { startVerifyBackup } from "@/lib/backup/change";
import { toRow } from "@/lib/backup/list";
import type { Act } from "../act";
import { exitCodeOfRun } from "../exit-codes";
import { findBackup, shownId } from "../find";
import { perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";
import { trustWords } from "../words";

export function addVerify(program: Command, act: Act): void {
  program
    .command("verify")
    .argument("[backup]", "latest, an id or the start of one, or a file's name", "latest")
    .summary("read a backup to its last byte and decode it")
    .description("Compares every byte with what was stored, then decodes the file to its end. Finds what gzip -t misses. Ends with 8 when the backup is not what it must be.")
    .option("--database <name>", "whose latest")
    .option("--no-wait", "leave it to the worker and return at once")
    .action(act.session(verify));
}

const Options = z.object({ database: z.string().optional(), wait: z.boolean() });

async function verify(session: Session, wanted: string, flags: unknown): Promise<Done> {
  const { ctx, screen } = session;
  const { database: name, wait } = Options.parse(flags);
  const backup = await findBackup(session, wanted, name);
  const view = await perform(session, () => startVerifyBackup(ctx, { backupId: backup.id }), { wait });
  const row = toRow(await ctx.db.backup.findUniqueOrThrow({ where: { id: backup.id }, include: { copies: { include: { store: true } } } }));
  const told = view.status === "succeeded" ? [plain(`${row.databaseName}: backup ${shownId(row.id)} is `) + trustWords(screen, row.trust)] : runEnd(screen, view);
  return { data: { ...runData(view), backup: row.id, trust: row.trust }, text: told, exitCode: exitCodeOfRun(view) };
}
