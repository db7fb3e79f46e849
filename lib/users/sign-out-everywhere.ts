import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { revokeSessionsOf } from "./revoke-sessions-of";
import { requirePerson } from "./user";

/** Signs you out of every browser but this one, and returns how many that were. */
export async function signOutEverywhere(ctx: Context): Promise<{ sessionsEnded: number }> {
  const actor = requirePerson(ctx.actor);
  return transaction(ctx, async (tx) => {
    const sessionsEnded = await revokeSessionsOf(tx, actor.id, ctx.clock.now(), actor.sessionId);
    if (sessionsEnded > 0) {
      await recordAudit(tx, ctx, {
        action: "session.revoked",
        outcome: "succeeded",
        sentence: `Signed out their other sessions: ${sessionsEnded}`,
        after: { sessionsEnded },
      });
    }
    return { sessionsEnded };
  });
}
