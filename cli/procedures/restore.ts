import { toPublicError } from "@/lib/errors";
import { fullTime } from "@/lib/format/times";
import { keepWords } from "@/lib/restore/review-words";
import { rowsSentence } from "@/lib/restore/plan-rows";
import type { ReadPlan } from "@/lib/restore/read-plan";
import { readRestoreOfRun } from "@/lib/restore/read-result";
import { isLive } from "@/lib/restore/result";
import { RestoreRequest } from "@/lib/restore/schemas";
import { startRestore } from "@/lib/restore/start";
import { restoreErrors } from "@/lib/restore/errors";
import type { RunView } from "@/lib/runs/live";
import { askOrRead } from "../ask";
import { exitCodeOfRun, exitCodes } from "../exit-codes";
import { perform } from "../perform";
import { described } from "../restore-end";
import { planOf, restorable } from "../restoring";
import { runData, runEnd } from "../run-end";
import type { Done } from "../screen";
import type { Session } from "../session";
import { plain } from "../text";
import { procedureDatabase, type ProcedureDatabase } from "./database";
import { readSettings } from "./settings";
import { takeIn } from "./take-in";
import { Transcript } from "./transcript";
import { countLines, header } from "./words";

/** `scripts/restore_postgres.sh <file>` (Backup Procedures, "Full Restore"): statistics, warning, `yes`, statistics. */
export async function restoreProcedure(session: Session, file: string): Promise<Done> {
  const transcript = new Transcript(session);
  try {
    return await restore(session, file, transcript);
  } catch (error) {
    transcript.end("❌ Restore Failed", plain(`${fullTime(session.ctx.clock.now())}, ${toPublicError(error).message}`));
    throw error;
  }
}

async function restore(session: Session, file: string, transcript: Transcript): Promise<Done> {
  const { ctx, home, screen } = session;
  const settings = readSettings(home.directory, process.env);
  for (const line of settings.notUnderstood) screen.warn(`config/backup_config.sh is read, not run; this was left out: ${line}`);
  const database = await procedureDatabase(session, settings, transcript);
  for (const line of header(`${database.name} PostgreSQL Restore (Docker)`)) transcript.say(line);
  const { backup, convertedFrom } = await chooseBackup(session, file, database, transcript);
  const shown = await planOf(session, RestoreRequest.parse({ backupId: backup.id, databaseId: database.id, choices: {} }));
  sayPlan(shown, file, transcript);
  const blocking = shown.plan.checks.find(({ outcome }) => outcome === "blocking");
  if (blocking) throw restoreErrors.blocked({ what: blocking.title, detail: [blocking.detail, blocking.fix ?? ""].join(". ").replace(/[. ]+$/, "") });

  const answer = (await askOrRead(screen, "Are you sure you want to continue? (yes/no): ")).trim();
  transcript.say(process.stdin.isTTY ? "" : plain(answer));
  if (answer !== "yes") {
    transcript.say("Restore cancelled. Nothing was changed.");
    return { data: { confirmed: false }, text: [], exitCode: exitCodes.refused };
  }
  transcript.say();
  const reason = `restore_postgres.sh ${file}`.slice(0, 1_000);
  const input = { planRunId: shown.runId, hash: shown.plan.hash, phrase: shown.plan.decision.targetName, reason };
  const stages = new Stages(shown, transcript);
  const view = await perform(session, () => startRestore(ctx, input), { steps: false, onView: (now) => Promise.resolve(stages.say(now)) });
  return endOf(session, view, { database, file, isConverted: convertedFrom !== null, transcript });
}

async function chooseBackup(session: Session, file: string, database: ProcedureDatabase, transcript: Transcript) {
  const { backup, how } = await takeIn(session, file, database);
  if (how === "copied") transcript.say(plain(`📝 ${file} was not in a store of Holdfast. A copy of it is now in ${database.store.path}.`));
  if (backup.origin === "foreign") {
    transcript.say("📝 Holdfast did not make this file, so it is not loaded into the live server: it is loaded in a throwaway container");
    transcript.say("   without network and without a superuser's rights, and what is restored is Holdfast's own dump of the result.");
  }
  const chosen = await restorable(session, backup, database);
  if (chosen.convertedFrom) transcript.say();
  return chosen;
}

/** What is there now, what is lost, and what is not as it was with the old script. */
function sayPlan({ plan, evidence }: ReadPlan, file: string, transcript: Transcript): void {
  const { decision } = plan;
  transcript.say("📊 Current database stats:");
  for (const line of evidence.target.tables ? countLines(evidence.target.tables) : ["   not known"]) transcript.say(line);
  transcript.say();
  transcript.say("⚠️  WARNING: This will REPLACE the current database!");
  transcript.say(plain(`   Backup file: ${file}`));
  const { lead, rest } = rowsSentence(plan, evidence.backup.takenAt);
  transcript.say(plain(`   ${lead}${rest}`));
  for (const check of plan.checks.filter(({ outcome }) => outcome === "warning")) transcript.say(plain(`   ${check.title}: ${check.detail}`));
  if (plan.undoUntil) transcript.say(plain(`   The backup is restored and compared beside ${decision.targetName} first. The present database is kept ${keepWords(decision.keepHours)}: holdfast undo`));
  transcript.say();
}

/** The procedures' lines, each when what it says begins. In the order of what is done, which is not the old script's: see docs/procedures.md. */
class Stages {
  readonly #said = new Set<string>();

  constructor(
    private readonly shown: ReadPlan,
    private readonly transcript: Transcript,
  ) {}

  say(view: RunView): void {
    for (const { name, state } of view.steps) {
      if (state === "todo" || state === "skipped") continue;
      if (name === "stage") this.#once("🆕 Creating fresh database...", "📥 Restoring backup...");
      if (name === "compare") this.#once("🔍 Verifying restoration...");
      if (name === "compare" && state === "done") this.#once(...countLines((this.shown.plan.rows ?? []).filter(({ after }) => after !== null).map(({ schema, name: table, after }) => ({ schema, name: table, rows: after }))), "");
      if (name === "stop_application" && this.shown.plan.decision.stops.length > 0) this.#once("🛑 Stopping application...");
      if (name === "swap") this.#once(this.shown.plan.decision.replacesOid === null ? "🔁 Putting the restored database in place..." : "🗑️  Setting the existing database aside...");
      if (name === "start_application" && this.shown.plan.decision.stops.length > 0) this.#once("🚀 Starting application...");
      if (name === "start_application" && this.shown.plan.decision.healthUrl !== null) this.#once("⏳ Waiting for application to be ready...");
    }
  }

  #once(...lines: string[]): void {
    const key = lines.join("\n");
    if (this.#said.has(key)) return;
    this.#said.add(key);
    for (const line of lines) this.transcript.say(line);
  }
}

interface Ending {
  database: ProcedureDatabase;
  file: string;
  isConverted: boolean;
  transcript: Transcript;
}

async function endOf(session: Session, view: RunView, { database, file, isConverted, transcript }: Ending): Promise<Done> {
  const { ctx, home, screen } = session;
  const restored = await readRestoreOfRun(ctx, view.id);
  const data = { ...runData(view), confirmed: true, restore: restored && described(restored) };
  const at = fullTime(ctx.clock.now());
  if (view.status !== "succeeded" || !restored || !isLive(restored)) {
    transcript.end("❌ Restore Failed", plain(`${at}, ${view.error?.message ?? view.status}`));
    return { data, text: runEnd(screen, view), exitCode: view.status === "succeeded" ? exitCodes.failed : exitCodeOfRun(view) };
  }
  if (restored.outcome?.health?.ok) transcript.say("✅ Application is responding");
  transcript.say();
  transcript.end("✅ Restore Complete", plain(`${at}, ${database.name}, ${file}${isConverted ? ", converted" : ""}, by ${home.user} on ${home.host}`));
  transcript.say();
  const { healthUrl } = restored.decision;
  if (healthUrl !== null) transcript.say(plain(`Web UI: ${new URL(healthUrl).origin}`));
  if (restored.kept?.isThere) transcript.say(plain(`Undo: holdfast undo ${view.id}${restored.kept.until ? ` (until ${fullTime(restored.kept.until)})` : ""}`));
  return { data, text: [] };
}
