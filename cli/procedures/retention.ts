import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/generated/client";
import { AppError, toPublicError } from "@/lib/errors";
import { plural } from "@/lib/format/counts";
import { pruneDue } from "@/lib/retention/prune-due";
import { previewRetention } from "@/lib/retention/preview";
import { policyOf } from "@/lib/retention/read";
import { saveRetention } from "@/lib/retention/save";
import { presetPolicy, RetentionPolicy } from "@/lib/retention/schemas";
import { scheduleSentence } from "@/lib/schedule/sentence";
import { perform } from "../perform";
import type { Session } from "../session";
import { plain } from "../text";
import type { Transcript } from "./transcript";

export type KeepDecision =
  | { do: "save"; days: number }
  /** The present rules hold; `days` where they are a plain number of days. */
  | { do: "leave"; days: number | null }
  | { do: "nothing" };

/**
 * What becomes of BACKUP_RETENTION_DAYS. It is the database's rule where that is a plain number of days or none. Rules that somebody
 * made richer stay: a script's variable must not throw a year of monthly backups away.
 */
export function decideKeep(policy: RetentionPolicy | null, wantedDays: number | null): KeepDecision {
  const days = policy === null ? null : plainDays(policy);
  if (wantedDays === null) return policy === null ? { do: "nothing" } : { do: "leave", days };
  if (policy !== null && (days === null || days === wantedDays)) return { do: "leave", days };
  return { do: "save", days: wantedDays };
}

function plainDays(policy: RetentionPolicy): number | null {
  return JSON.stringify(policy) === JSON.stringify(presetPolicy(policy.everyDays)) ? policy.everyDays : null;
}

/** Makes "every backup for so many days" the database's rule. What it lets go at once is removed as the rules remove it. */
export async function keepDays(session: Session, database: Pick<Database, "id" | "name">, days: number): Promise<void> {
  const { ctx } = session;
  const policy = presetPolicy(days);
  const preview = await previewRetention(ctx, { databaseId: database.id, policy });
  const { runId } = await saveRetention(ctx, { databaseId: database.id, policy, hash: preview.hash, shown: preview.go.count, phrase: database.name });
  if (runId !== null) await perform(session, () => Promise.resolve({ runId }), { steps: false });
}

/** "Cleaning old backups (>30 days)": by the database's own rules, which protect what must not go whatever its age. */
export async function cleanOld(session: Session, found: Pick<Database, "id">, wantedDays: number | null, transcript: Transcript): Promise<void> {
  const { ctx } = session;
  const database = await ctx.db.database.findUniqueOrThrow({ where: { id: found.id } });
  const decision = decideKeep(policyOf(database), wantedDays);
  if (decision.do === "nothing") {
    transcript.say(plain(`🧹 Old backups are not cleaned: ${database.name} has no rules, so everything is kept.`));
    return;
  }
  transcript.say(decision.do === "save" || decision.days !== null ? `🧹 Cleaning old backups (>${decision.days} days)...` : plain(`🧹 Cleaning old backups by the rules of ${database.name} in Holdfast...`));
  const before = await ctx.db.backup.count({ where: { databaseId: database.id, deletedAt: null } });
  if (decision.do === "save") {
    await keepDays(session, database, decision.days).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "config.managed") throw error;
      transcript.say(plain(`   BACKUP_RETENTION_DAYS is not used: ${toPublicError(error).message}`));
    });
  }
  const queued = await pruneDue(ctx, [database.id]);
  for (const runId of queued) {
    const { status, error } = await perform(session, () => Promise.resolve({ runId }), { steps: false });
    if (status !== "succeeded") transcript.say(plain(`⚠️  Old backups were not all cleaned: ${error?.message ?? `run ${runId} is ${status}`}`));
  }
  const elsewhere = queued.length === 0 ? await whyElsewhere(ctx, database.id) : null;
  const gone = before - (await ctx.db.backup.count({ where: { databaseId: database.id, deletedAt: null } }));
  transcript.say(plain(`   ${cleanedWords(gone, elsewhere)}`));
}

/** Where the clean-up is done, when not by this script; null: the rules let nothing go. */
type Elsewhere = { activeRunId: number } | { schedule: string };

/** What cleans up instead. */
export async function whyElsewhere({ db }: Pick<Context, "db">, databaseId: string): Promise<Elsewhere | null> {
  const active = await db.run.findFirst({ where: { databaseId, kind: "prune_backups", status: { in: ["queued", "running"] } }, orderBy: { id: "desc" }, select: { id: true } });
  if (active) return { activeRunId: active.id };
  const schedule = await db.schedule.findUnique({ where: { databaseId_kind: { databaseId, kind: "clean_up" }, removedAt: null } });
  return schedule && { schedule: scheduleSentence(schedule) };
}

/** What became of the clean-up, also where another one does it. */
export function cleanedWords(gone: number, elsewhere: Elsewhere | null): string {
  const removed = gone > 0 ? `Removed ${plural(gone, "backup")}` : null;
  if (elsewhere && "activeRunId" in elsewhere) return `${removed ? `${removed}; more` : "Old backups"} are being removed by run ${elsewhere.activeRunId}, which is not over`;
  if (elsewhere && !removed) return `Not now: they are cleaned at times of their own. ${elsewhere.schedule}`;
  return removed ?? "Nothing to remove";
}
