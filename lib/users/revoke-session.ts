import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import type { SessionIdInput } from "./schemas";
import { requirePerson } from "./user";

/**
 * Signs one browser out at its next request: yours, or anyone's when you are an admin. Throws `user.session_not_found`
 * when it is over, and for someone else's too, so that ids cannot be probed.
 */
export async function revokeSession(ctx: Context, input: z.output<typeof SessionIdInput>): Promise<void> {
  const actor = requirePerson(ctx.actor);
  await transaction(ctx, async (tx) => {
    const now = ctx.clock.now();
    const mayRevoke = actor.role === "admin" ? {} : { userId: actor.id };
    const revoked = await tx.session.updateMany({ where: { id: input.sessionId, revokedAt: null, expiresAt: { gt: now }, ...mayRevoke }, data: { revokedAt: now } });
    if (revoked.count === 0) throw userErrors.session_not_found(input);
    const session = await tx.session.findUniqueOrThrow({ where: { id: input.sessionId }, include: { user: true } });
    await recordAudit(tx, ctx, {
      action: "session.revoked",
      outcome: "succeeded",
      sentence: session.userId === actor.id ? "Signed out one of their sessions" : `Signed out a session of ${session.user.name}`,
      before: { userId: session.userId, origin: session.origin, userAgent: session.userAgent },
    });
  });
}
