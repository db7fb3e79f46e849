import "server-only";
import type { Context } from "@/lib/context";
import { keptWords, removedWords } from "./preview-schemas";
import { decideNow, policyOf } from "./read";

/** Why one backup stays, by the policy of its database, or that it goes at the next clean-up. */
export async function whyKept({ db, clock }: Pick<Context, "db" | "clock">, backup: { id: string; databaseId: string | null; keep: boolean; legalHold: string | null }): Promise<string> {
  if (backup.legalHold !== null) return `On legal hold: ${backup.legalHold}. Nobody deletes it before the hold is lifted.`;
  if (backup.keep) return "Kept on purpose, until somebody removes it.";
  const database = backup.databaseId ? await db.database.findUnique({ where: { id: backup.databaseId }, select: { name: true, retention: true } }) : null;
  const policy = database ? policyOf(database) : null;
  if (!database || !policy) return "No rule removes backups of this database, so it stays until somebody deletes it.";
  const { stay, go } = await decideNow(db, backup.databaseId ?? "", policy, clock.now());
  const stays = stay.find((one) => one.backup.id === backup.id);
  if (stays) return `The retention of ${database.name} keeps it: ${stays.reasons.map((reason) => keptWords[reason]).join(", ")}.`;
  const goes = go.find((one) => one.backup.id === backup.id);
  return `It goes at the next clean-up of ${database.name}${goes ? `: ${removedWords[goes.reason]}` : ""}.`;
}
