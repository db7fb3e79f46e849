import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import { keepAnAdmin } from "./keep-an-admin";
import type { ChangeRoleInput } from "./schemas";

/**
 * Gives someone another role; it counts from their next request on. A permission to restore ends with the role it was given
 * for, so that nobody has it by an accident of promotion. Throws `user.not_found` and `user.last_admin`.
 */
export async function changeRole(ctx: Context, input: z.output<typeof ChangeRoleInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: { id: input.userId } });
    if (!user) throw userErrors.not_found({ userId: input.userId });
    const changed = await tx.user.updateMany({ where: { id: user.id, role: { not: input.role } }, data: { role: input.role, mayRestore: false } });
    if (changed.count === 0) return;
    await keepAnAdmin(tx, user);
    await recordAudit(tx, ctx, {
      action: "user.changed",
      outcome: "succeeded",
      sentence: `Changed the role of ${user.name} from ${user.role} to ${input.role}`,
      before: { userId: user.id, role: user.role, ...(user.mayRestore ? { mayRestore: true } : {}) },
      after: { userId: user.id, role: input.role, ...(user.mayRestore ? { mayRestore: false } : {}) },
    });
  });
}
