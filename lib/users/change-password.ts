import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authErrors } from "@/lib/auth/errors";
import { hashPassword, passwordFits } from "@/lib/auth/passwords";
import { forgetFailures, reserveAttempt, throttleKey } from "@/lib/auth/throttle";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import { revokeSessionsOf } from "./revoke-sessions-of";
import type { ChangePasswordInput } from "./schemas";
import { requirePerson } from "./user";

/**
 * Changes your own password and signs out your other sessions. Guesses at the present one count as failed sign-ins, so a
 * borrowed browser cannot try for ever. Throws `user.wrong_password` and `auth.locked`.
 */
export async function changePassword(ctx: Context, input: z.output<typeof ChangePasswordInput>): Promise<{ sessionsEnded: number }> {
  const actor = requirePerson(ctx.actor);
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: actor.id } });
  const keys = [throttleKey.account(user.email)];
  const attempt = await transaction(ctx, (tx) => reserveAttempt(tx, ctx.clock, keys));
  if (!attempt.allowed) throw authErrors.locked({ retryInMs: attempt.lockedUntil.getTime() - ctx.clock.now().getTime() });

  const entry = { action: "user.password_changed" as const };
  if (!(await passwordFits(user.passwordHash, input.current))) {
    await transaction(ctx, (tx) => recordAudit(tx, ctx, { ...entry, outcome: "refused", sentence: "Refused a change of password: the present one was wrong" }));
    throw userErrors.wrong_password({});
  }
  const passwordHash = await hashPassword(input.next);
  return transaction(ctx, async (tx) => {
    const changed = await tx.user.updateMany({ where: { id: user.id, passwordHash: user.passwordHash }, data: { passwordHash } });
    if (changed.count === 0) throw userErrors.wrong_password({});
    await forgetFailures(tx, keys);
    const sessionsEnded = await revokeSessionsOf(tx, user.id, ctx.clock.now(), actor.sessionId);
    await recordAudit(tx, ctx, { ...entry, outcome: "succeeded", sentence: "Changed their own password", after: { sessionsEnded } });
    return { sessionsEnded };
  });
}
