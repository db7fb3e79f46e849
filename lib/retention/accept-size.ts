import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { backupErrors } from "@/lib/backup/errors";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { shortTime } from "@/lib/format/times";
import type { AcceptSizeInput } from "./schemas";

/**
 * Says that a backup is right to be so much smaller than those before it. From then on it is as good as any: it replaces older ones, and
 * those after it are compared with it. Throws `backup.not_found`.
 */
export async function acceptSize(ctx: Context, input: z.output<typeof AcceptSizeInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const backup = await tx.backup.findUnique({ where: { id: input.backupId, deletedAt: null } });
    if (!backup) throw backupErrors.not_found({});
    if (backup.sizeAcceptedBy !== null) return;
    await tx.backup.update({ where: { id: backup.id }, data: { sizeAcceptedBy: ctx.actor.name } });
    await recordAudit(tx, ctx, {
      action: "backup.size_accepted",
      outcome: "succeeded",
      sentence: `Accepted that ${backup.databaseName} ${shortTime(backup.takenAt)} is so small`,
      database: backup.databaseId ? { id: backup.databaseId, name: backup.databaseName } : null,
      backupId: backup.id,
      sizeBytes: toNumber(backup.sizeBytes),
      records: toNumber(backup.rows),
      before: { sizeAccepted: false },
      after: { sizeAccepted: true },
    });
  });
}
