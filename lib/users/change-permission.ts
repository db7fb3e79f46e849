import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import type { ChangePermissionInput } from "./schemas";

/**
 * Gives an operator the permission to restore, or takes it; it counts from their next request on. Throws `user.not_found`, and
 * `user.not_granted` for other roles: admins always may, viewers never.
 */
export async function changePermission(ctx: Context, input: z.output<typeof ChangePermissionInput>): Promise<void> {
  const { userId, mayRestore } = input;
  await transaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) throw userErrors.not_found({ userId });
    if (user.role !== "operator") throw userErrors.not_granted({ name: user.name, role: user.role });
    const changed = await tx.user.updateMany({ where: { id: user.id, mayRestore: !mayRestore }, data: { mayRestore } });
    if (changed.count === 0) return;
    await recordAudit(tx, ctx, {
      action: "user.changed",
      outcome: "succeeded",
      sentence: mayRestore ? `Gave ${user.name} the permission to restore` : `Took the permission to restore from ${user.name}`,
      before: { userId, mayRestore: user.mayRestore },
      after: { userId, mayRestore },
    });
  });
}
