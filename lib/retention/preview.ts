import "server-only";
import type { z } from "zod";
import type { Context } from "@/lib/context";
import { databaseErrors } from "@/lib/databases/errors";
import { coverageOf } from "./coverage";
import { decideRetention } from "./decide";
import { hashDecision } from "./hash";
import type { RetentionPreview } from "./preview-schemas";
import { readRetained } from "./read";
import type { PreviewInput, RetainedBackup, RetentionDecision } from "./schemas";

const mostListed = 200;
/** More marks than this would lie on top of one another. */
const mostMarks = 600;

/** What a policy would do at this moment, for the page that asks before it is saved. Changes nothing. */
export async function previewRetention(ctx: Context, { databaseId, policy }: z.output<typeof PreviewInput>): Promise<RetentionPreview> {
  const database = await ctx.db.database.findUnique({ where: { id: databaseId, removedAt: null }, select: { id: true } });
  if (!database) throw databaseErrors.not_found({});
  const backups = await readRetained(ctx.db, databaseId);
  const decision = decideRetention(backups, policy);
  return {
    computedAt: ctx.clock.now().toISOString(),
    hash: hashDecision(decision),
    go: { count: decision.go.length, bytes: decision.bytesFreed, listed: decision.go.slice(-mostListed).reverse().map(({ backup, reason }) => ({ id: backup.id, takenAt: backup.takenAt.toISOString(), sizeBytes: backup.sizeBytes, reason })) },
    stay: { count: decision.stay.length, bytes: decision.bytesKept, groups: groupsOf(decision) },
    byReason: countsOf(decision),
    before: written(coverageOf(backups)),
    after: written(coverageOf(decision.stay.map(({ backup }) => backup))),
    marks: marksOf(decision),
    suspicious: decision.suspicious.length,
    anchor: decision.anchor?.toISOString() ?? null,
  };
}

function written({ everyDaySince, everyWeekSince, oldest }: ReturnType<typeof coverageOf>): RetentionPreview["before"] {
  return { everyDaySince: everyDaySince?.toISOString() ?? null, everyWeekSince: everyWeekSince?.toISOString() ?? null, oldest: oldest?.toISOString() ?? null };
}

/** Every backup that stays counts once, for the strongest of its reasons. */
function countsOf({ stay }: RetentionDecision): RetentionPreview["byReason"] {
  const counts: RetentionPreview["byReason"] = {};
  for (const { reasons } of stay) for (const reason of new Set(reasons)) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Neighbours that stay for the same reason, as one line. */
function groupsOf({ stay }: RetentionDecision): RetentionPreview["stay"]["groups"] {
  const groups: RetentionPreview["stay"]["groups"] = [];
  for (const { backup, reasons } of stay) {
    const [reason] = reasons;
    if (!reason) continue;
    const last = groups.at(-1);
    const at = backup.takenAt.toISOString();
    if (last?.reason === reason) {
      last.from = at;
      last.count += 1;
    } else groups.push({ from: at, to: at, count: 1, reason });
  }
  return groups.slice(0, mostListed);
}

function marksOf({ stay, go }: RetentionDecision): RetentionPreview["marks"] {
  const mark = (backup: RetainedBackup, what: RetentionPreview["marks"][number]["what"]) => ({ at: backup.takenAt.toISOString(), what });
  const all = [...stay.map(({ backup }) => mark(backup, backup.isKept || backup.isOnLegalHold ? "held" : "stays")), ...go.map(({ backup }) => mark(backup, "goes"))].sort((a, b) => (a.at < b.at ? -1 : 1));
  const step = Math.max(1, Math.ceil(all.length / mostMarks));
  return all.filter((one, index) => one.what === "held" || index % step === 0);
}
