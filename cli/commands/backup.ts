import { Option, type Command } from "commander";
import { z } from "zod";
import { rungWords } from "@/components/proof/rungs";
import { rungOf, StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { readJson } from "@/lib/db/codecs";
import { BackupOptions, dumpFormats } from "@/lib/databases/schemas";
import { AppError, toPublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { pruneDue } from "@/lib/retention/prune-due";
import type { RunView } from "@/lib/runs/live";
import { pathOf } from "@/lib/stores/local";
import type { Act } from "../act";
import { exitCodeOfKind, exitCodeOfRun, exitCodes, type ExitCode } from "../exit-codes";
import { findDatabases, findStore, shownId } from "../find";
import { given } from "../given";
import { hasWorker, perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";

export function addBackup(program: Command, act: Act): void {
  program
    .command("backup")
    .argument("[database...]", "which ones; without a name the only one there is")
    .summary("back a database up, read it back, decode it")
    .description("Takes a backup: counts, dumps, stores, reads back, decodes. With a worker running it is queued there and followed; without one this command does it itself.")
    .option("-a, --all", "every registered database, one after the other")
    .option("--label <text>", "a name for it, such as: before upgrade")
    .option("--note <text>", "anything to remember about it")
    .option("--keep", "keep it until somebody removes it, whatever the rules say")
    .addOption(new Option("--format <format>", "instead of the database's own").choices(dumpFormats))
    .option("--store <name>", "where it goes, instead of the database's own store")
    .option("--no-wait", "leave it to the worker and return at once")
    .action(act.session(backUp));
}

const Options = z.object({
  all: z.boolean().default(false),
  label: z.string().optional(),
  note: z.string().optional(),
  keep: z.boolean().default(false),
  format: z.enum(dumpFormats).optional(),
  store: z.string().optional(),
  wait: z.boolean(),
});

async function backUp(session: Session, names: string[], flags: unknown): Promise<Done> {
  const { all, format, store, wait, ...described } = Options.parse(flags);
  const databases = await findDatabases(session, names, all);
  const storeId = store === undefined ? null : (await findStore(session, store)).id;
  const ends: End[] = [];
  for (const database of databases) {
    const own = readJson(BackupOptions, database.options);
    const input = given(StartBackupInput, { ...described, databaseId: database.id, storeId, options: format ? inFormat(own, format) : null });
    // One that cannot start, such as one that is being backed up already, keeps none of the others from it.
    const end = await perform(session, () => startBackup(session.ctx, input), { wait }).then((view) => endOf(session, view), (error: unknown) => notStarted(session, database, error, databases.length));
    ends.push(end);
    if (end.view?.status === "cancelled") break;
  }
  const done = ends.flatMap(({ view }) => (view?.status === "succeeded" && view.database ? [view.database.id] : []));
  if (done.length > 0 && !(await hasWorker(session))) await cleanUp(session, done);
  const exitCode = ends.find((end) => end.exitCode !== exitCodes.done)?.exitCode ?? exitCodes.done;
  return { data: { runs: ends.map(({ data }) => data) }, text: ends.flatMap(({ text }) => text), exitCode };
}

/** The same options in another form; a level of compression means something else there. */
export function inFormat(options: BackupOptions, format: BackupOptions["format"]): BackupOptions {
  return options.format === format ? options : { ...options, format, compressionLevel: null };
}

/** What the worker does after a backup: the clean-up that the rules ask for. */
async function cleanUp(session: Session, databaseIds: readonly string[]): Promise<void> {
  for (const runId of await pruneDue(session.ctx, databaseIds)) {
    const { status, error } = await perform(session, () => Promise.resolve({ runId }));
    if (status !== "succeeded") session.screen.warn(`Old backups were not all cleaned: ${error?.message ?? `run ${runId} is ${status}`}`);
  }
}

/** How one of several backups ended; `view` is null for one that could not start. */
interface End {
  view: RunView | null;
  data: object;
  text: string[];
  exitCode: ExitCode;
}

/** Says why a backup could not start. The only one that was asked for fails the whole command. */
function notStarted({ screen }: Session, database: { name: string }, error: unknown, asked: number): End {
  if (!(error instanceof AppError) || asked === 1) throw error;
  const shown = toPublicError(error);
  screen.warn(`${database.name}: ${shown.message}`);
  return { view: null, data: { database: database.name, status: "not_started", error: shown }, text: [plain(`${database.name}: no backup was started. ${shown.message}`)], exitCode: exitCodeOfKind[shown.kind] };
}

async function endOf(session: Session, view: RunView): Promise<End> {
  const backup = view.backup && (await session.ctx.db.backup.findUnique({ where: { id: view.backup.id }, include: { copies: { include: { store: true } } } }));
  const [copy] = backup?.copies ?? [];
  const file = copy ? pathOf(copy.store, copy.key) : null;
  const data = { ...runData(view), backup: backup && { id: backup.id, file, sizeBytes: Number(backup.sizeBytes), records: backup.rows === null ? null : Number(backup.rows), proof: rungOf(backup.rung) } };
  const exitCode = exitCodeOfRun(view);
  if (view.status !== "succeeded" || !backup || !file) return { view, data, text: runEnd(session.screen, view), exitCode };
  const took = view.startedAt && view.finishedAt ? `, ${duration(Date.parse(view.finishedAt) - Date.parse(view.startedAt))}` : "";
  const rung = rungOf(backup.rung);
  const text = [plain(`${view.database?.name ?? backup.databaseName}: backup ${shownId(backup.id)} is ${rung ? rungWords[rung].toLowerCase() : "stored"}, ${count(backup.rows)} records, ${bytes(Number(backup.sizeBytes))}${took}`), plain(file)];
  return { view, data, text, exitCode };
}
