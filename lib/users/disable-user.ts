import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import { keepAnAdmin } from "./keep-an-admin";
import type { UserIdInput } from "./schemas";
import { revokeSessionsOf } from "./revoke-sessions-of";

/**
 * Keeps someone from signing in and ends their sessions; what they did stays in the record. Throws `user.not_found`,
 * `user.own_account` and `user.last_admin`.
 */
export async function disableUser(ctx: Context, input: z.output<typeof UserIdInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: { id: input.userId } });
    if (!user) throw userErrors.not_found({ userId: input.userId });
    const now = ctx.clock.now();
    const changed = await tx.user.updateMany({ where: { id: user.id, disabledAt: null }, data: { disabledAt: now } });
    if (changed.count === 0) return;
    await keepAnAdmin(tx, user);
    if (user.id === ctx.actor.id) throw userErrors.own_account({});
    const sessions = await revokeSessionsOf(tx, user.id, now);
    await recordAudit(tx, ctx, {
      action: "user.removed",
      outcome: "succeeded",
      sentence: `Disabled ${user.name}`,
      before: { userId: user.id, disabled: false },
      after: { userId: user.id, disabled: true, sessionsEnded: sessions },
    });
  });
}
