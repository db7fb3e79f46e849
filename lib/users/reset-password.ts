import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { hashPassword, makePassword } from "@/lib/auth/passwords";
import { forgetFailures, throttleKey } from "@/lib/auth/throttle";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import { revokeSessionsOf } from "./revoke-sessions-of";
import type { ResetPasswordByEmailInput, UserIdInput } from "./schemas";

/**
 * Makes up a new password for someone else and returns it, once: it is stored only as a hash. Ends their sessions and
 * lifts a sign-in lock. Throws `user.not_found`, and `user.own_account` because your own change asks for the present one.
 */
export async function resetPassword(ctx: Context, input: z.output<typeof UserIdInput>): Promise<{ password: string }> {
  if (input.userId === ctx.actor.id) throw userErrors.own_account({});
  const password = makePassword();
  await setPassword(ctx, { id: input.userId }, password, false);
  return { password };
}

/**
 * The way back in when no admin can sign in: sets a password by email, enables the account, ends its sessions and lifts a
 * lock. For the command line on the host. Throws `user.not_found`.
 */
export async function resetPasswordByEmail(ctx: Context, input: z.output<typeof ResetPasswordByEmailInput>): Promise<void> {
  await setPassword(ctx, { email: input.email }, input.password, true);
}

async function setPassword(ctx: Context, which: { id: string } | { email: string }, password: string, enable: boolean): Promise<void> {
  const passwordHash = await hashPassword(password);
  await transaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: which });
    if (!user) throw userErrors.not_found({ userId: "id" in which ? which.id : which.email });
    await tx.user.update({ where: { id: user.id }, data: { passwordHash, ...(enable ? { disabledAt: null } : {}) } });
    await forgetFailures(tx, [throttleKey.account(user.email)]);
    const sessionsEnded = await revokeSessionsOf(tx, user.id, ctx.clock.now());
    const enabled = enable && user.disabledAt !== null;
    await recordAudit(tx, ctx, {
      action: "user.password_changed",
      outcome: "succeeded",
      sentence: `Set a new password for ${user.name}${enabled ? " and enabled the account" : ""}`,
      after: { userId: user.id, sessionsEnded, enabled },
    });
  });
}
