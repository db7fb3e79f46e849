import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authErrors } from "@/lib/auth/errors";
import { hashPassword } from "@/lib/auth/passwords";
import { forgetFailures, reserveAttempt, throttleKey } from "@/lib/auth/throttle";
import { visitorContext, type Visitor } from "@/lib/auth/visitor";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import type { SetupInput } from "./schemas";
import { isSetupToken, useUpSetupToken } from "./setup-token";
import { toUser, type User } from "./user";

/**
 * Makes the first administrator out of whoever holds the token from the log; the token is used up by it. Throws
 * `auth.setup_done` once anyone has an account, `auth.wrong_token`, or `auth.locked` after too many wrong ones.
 */
export async function completeSetup(visitor: Pick<Visitor, "db" | "clock" | "origin">, input: z.output<typeof SetupInput>): Promise<User> {
  const ctx = visitorContext(visitor);
  const keys = [throttleKey.address(visitor.origin)];
  const attempt = await transaction(ctx, async (tx) => {
    if ((await tx.user.count()) > 0) throw authErrors.setup_done({});
    const reserved = await reserveAttempt(tx, ctx.clock, keys);
    if (!reserved.allowed || (await isSetupToken(tx, input.token))) return reserved;
    await recordAudit(tx, ctx, { action: "setup.completed", outcome: "refused", sentence: "Refused a setup with a wrong token" });
    return "wrong" as const;
  });
  if (attempt === "wrong") throw authErrors.wrong_token({});
  if (!attempt.allowed) throw authErrors.locked({ retryInMs: attempt.lockedUntil.getTime() - ctx.clock.now().getTime() });

  const passwordHash = await hashPassword(input.password);
  return transaction(ctx, async (tx) => {
    // Asked again under the write lock: of two who hold the token, one becomes the administrator.
    if ((await tx.user.count()) > 0) throw authErrors.setup_done({});
    if (!(await isSetupToken(tx, input.token))) throw authErrors.wrong_token({});
    const { name, email } = input;
    const row = await tx.user.create({ data: { name, email, role: "admin", passwordHash, createdAt: ctx.clock.now() } });
    await useUpSetupToken(tx);
    await forgetFailures(tx, keys);
    await recordAudit(tx, ctx, {
      action: "setup.completed",
      outcome: "succeeded",
      sentence: `Set up Holdfast with ${name} as its first admin`,
      after: { userId: row.id, name, email, role: "admin" },
    });
    return toUser(row);
  });
}

/** Whether nobody has an account yet, which is when the setup page answers. */
export async function needsSetup(ctx: Pick<Context, "db">): Promise<boolean> {
  return (await ctx.db.user.count()) === 0;
}
