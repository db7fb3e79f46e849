import path from "node:path";
import { Manifest, StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { readJson } from "@/lib/db/codecs";
import { BackupOptions } from "@/lib/databases/schemas";
import { toPublicError } from "@/lib/errors";
import { fullTime } from "@/lib/format/times";
import type { RunView } from "@/lib/runs/live";
import { pathOf } from "@/lib/stores/local";
import { inFormat } from "../commands/backup";
import { exitCodeOfRun, exitCodes } from "../exit-codes";
import { perform } from "../perform";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";
import { procedureDatabase, procedureStore, requireReady, type ProcedureDatabase } from "./database";
import { cleanOld } from "./retention";
import { readSettings } from "./settings";
import { Transcript } from "./transcript";
import { countLines, header, prettySize, shortSize } from "./words";

/** `scripts/backup_postgres.sh [dir]` (Backup Procedures, 1): its arguments, its words, its order. */
export async function backupProcedure(session: Session, directory: string | undefined): Promise<Done> {
  const transcript = new Transcript(session);
  try {
    return await backUp(session, directory, transcript);
  } catch (error) {
    transcript.end("❌ Backup Failed", plain(`${fullTime(session.ctx.clock.now())}, ${toPublicError(error).message}`));
    throw error;
  }
}

async function backUp(session: Session, directory: string | undefined, transcript: Transcript): Promise<Done> {
  const { ctx, home, screen } = session;
  const settings = readSettings(home.directory, process.env);
  for (const line of settings.notUnderstood) screen.warn(`config/backup_config.sh is read, not run; this was left out: ${line}`);
  const database = await procedureDatabase(session, settings, transcript);
  for (const line of header(`${database.name} PostgreSQL Backup (Docker)`)) transcript.say(line);
  const wanted = directory === undefined ? settings.directory : path.resolve(home.startedIn, directory);
  const store = wanted === null ? database.store : await procedureStore(session, wanted, transcript);

  transcript.say("📊 Checking database size...");
  const { container, databaseName, role } = database;
  // What stands in the way is words for whoever reads the log; the run fails over it too, which is what the record and the alerts go by.
  const ready = await requireReady(session, { container, databaseName, role, storeId: store.id, databaseId: database.id }).then((size) => ({ size, refused: null }), (refused: unknown) => ({ size: null, refused }));
  if (ready.refused === null) {
    transcript.say(`   Database size: ${ready.size === null ? "not known" : prettySize(ready.size)}`);
    transcript.say("📊 Counting records...");
  }
  const options = inFormat(readJson(BackupOptions, database.options), "plain");
  const input = StartBackupInput.parse({ databaseId: database.id, storeId: store.id, options });
  let stored: Stored | null = null;
  const view = await perform(session, () => startBackup(ctx, input), {
    steps: false,
    onView: async (now) => {
      if (stored || !now.backup) return;
      stored = await readStored(session, now.backup.id);
      sayStored(session, stored, transcript);
    },
  });
  if (ready.refused !== null && view.status !== "succeeded") throw ready.refused;
  return endOf(session, { view, stored, database, wantedDays: settings.retentionDays, transcript });
}

interface Stored {
  id: string;
  file: string;
  sizeBytes: number;
  records: number | null;
  manifest: Manifest | null;
}

async function readStored({ ctx }: Session, backupId: string): Promise<Stored> {
  const backup = await ctx.db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { copies: { include: { store: true } }, manifest: true } });
  const [copy] = backup.copies;
  return { id: backup.id, file: copy ? pathOf(copy.store, copy.key) : "", sizeBytes: Number(backup.sizeBytes), records: backup.rows === null ? null : Number(backup.rows), manifest: readJson(Manifest, backup.manifest?.content ?? null) };
}

/** The counts are those of the dump's own snapshot, so they are known once it is written. */
function sayStored(session: Session, { manifest, file, sizeBytes }: Stored, transcript: Transcript): void {
  for (const line of countLines((manifest?.tables ?? []).filter(({ kind }) => kind === "table"))) transcript.say(line);
  transcript.say();
  transcript.say("🔄 Creating backup...");
  transcript.say(`✅ Backup created: ${shownPath(session, file)} (${shortSize(sizeBytes)})`);
  transcript.say("🗜️  Compressing backup...");
  transcript.say(`✅ Compressed: ${shownPath(session, file)} (${shortSize(sizeBytes)})`);
  transcript.say();
  transcript.say("🔍 Verifying backup integrity...");
}

interface Ended {
  view: RunView;
  stored: Stored | null;
  database: ProcedureDatabase;
  wantedDays: number | null;
  transcript: Transcript;
}

async function endOf(session: Session, { view, stored, database, wantedDays, transcript }: Ended): Promise<Done> {
  const { ctx, home } = session;
  const data = { ...runData(view), backup: stored && { id: stored.id, file: stored.file, sizeBytes: stored.sizeBytes, records: stored.records } };
  if (view.status !== "succeeded" || !stored) {
    if (stored) transcript.say("❌ Backup integrity could not be verified");
    transcript.end("❌ Backup Failed", plain(`${fullTime(ctx.clock.now())}, ${view.error?.message ?? view.status}`));
    return { data, text: runEnd(session.screen, view), exitCode: view.status === "succeeded" ? exitCodes.failed : exitCodeOfRun(view) };
  }
  transcript.say("✅ Backup integrity verified (compressed)");
  transcript.say();
  // The backup is stored and verified: what keeps the clean-up from its work is told, and takes nothing from that.
  await cleanOld(session, database, wantedDays, transcript).catch((error: unknown) => transcript.say(plain(`⚠️  Old backups were not cleaned: ${toPublicError(error).message}`)));
  transcript.say();
  await sayCurrent(session, database, stored, transcript);
  transcript.say();
  const facts = [fullTime(ctx.clock.now()), database.name, shownPath(session, stored.file), `${shortSize(stored.sizeBytes)}`, stored.records === null ? "records not counted" : `${stored.records} records`, `by ${home.user} on ${home.host}`];
  transcript.end("✅ Backup Complete", plain(facts.join(", ")));
  return { data, text: [] };
}

/** The database's backups in the directory of the new one, as the procedures list them. */
async function sayCurrent(session: Session, database: ProcedureDatabase, stored: Stored, transcript: Transcript): Promise<void> {
  const copies = await session.ctx.db.copy.findMany({ where: { missingAt: null, backup: { databaseId: database.id, deletedAt: null } }, include: { store: true, backup: { select: { takenAt: true } } }, orderBy: { backup: { takenAt: "desc" } } });
  const here = copies.map((copy) => ({ file: pathOf(copy.store, copy.key), sizeBytes: Number(copy.sizeBytes) })).filter(({ file }) => path.dirname(file) === path.dirname(stored.file));
  transcript.say("📁 Current backups:");
  for (const { file, sizeBytes } of here) transcript.say(`   ${shownPath(session, file)} (${shortSize(sizeBytes)})`);
  transcript.say(`   Total backups: ${here.length}`);
  transcript.say(`   Total size: ${shortSize(here.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`);
}

/** As a person would write it from where they are: `./backups/…`. */
export function shownPath({ home }: Pick<Session, "home">, file: string): string {
  const relative = path.relative(home.startedIn, file);
  return plain(relative.startsWith("..") ? file : `./${relative}`);
}
