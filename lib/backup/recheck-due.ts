import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { plural } from "@/lib/format/counts";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { Times } from "@/lib/schedule/occurrences";
import { recheckEveryDays, recheckShare } from "./recheck-share";
import { BackupProblem } from "./schemas";

/** Queues the reading of those stored files of a database whose month is about to end; or says why none is read now. */
export async function enqueueRecheck(tx: Tx, ctx: Context, schedule: Times & { databaseId: string; database: { name: string } }): Promise<{ runId: number } | { state: "done" | "skipped"; why: string }> {
  const { databaseId, database } = schedule;
  const copies = await tx.copy.findMany({
    where: { missingAt: null, sha256: { not: null }, store: { removedAt: null }, backup: { databaseId, deletedAt: null } },
    select: { id: true, readBackAt: true, storedAt: true, backup: { select: { problem: true } } },
  });
  const sound = copies.filter(({ backup }) => !isKnownAsDamaged(backup.problem)).map(({ id, readBackAt, storedAt }) => ({ id, lastReadAt: readBackAt ?? storedAt }));
  if (sound.length === 0) return { state: "done", why: "There is no stored file with a known SHA-256." };
  const share = recheckShare(sound, schedule, ctx.clock.now());
  if (share.length === 0) return { state: "done", why: `No file had its turn: ${sound.length === 1 ? "the one stored was" : `all ${plural(sound.length, "file")} were`} read within the last ${recheckEveryDays} days.` };
  const activeKey = { key: `recheck:${databaseId}`, what: `A re-check of ${database.name}` };
  return enqueueRun(tx, ctx, { kind: "recheck", databaseId, input: { copyIds: share.map(({ id }) => id) }, activeKey });
}

/** Reading again what is known to be another file would only say so again. */
function isKnownAsDamaged(problem: string | null): boolean {
  const rung = readJson(BackupProblem, problem)?.rung;
  return rung === "stored" || rung === "intact";
}
