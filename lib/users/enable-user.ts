import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import type { UserIdInput } from "./schemas";

/** Lets someone who was disabled sign in again, with their old password and role. Throws `user.not_found`. */
export async function enableUser(ctx: Context, input: z.output<typeof UserIdInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: { id: input.userId } });
    if (!user) throw userErrors.not_found({ userId: input.userId });
    const changed = await tx.user.updateMany({ where: { id: user.id, disabledAt: { not: null } }, data: { disabledAt: null } });
    if (changed.count === 0) return;
    await recordAudit(tx, ctx, {
      action: "user.changed",
      outcome: "succeeded",
      sentence: `Enabled ${user.name}`,
      before: { userId: user.id, disabled: true },
      after: { userId: user.id, disabled: false },
    });
  });
}
