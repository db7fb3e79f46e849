import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Clock } from "@/lib/clock";
import type { Db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/users/schemas";

/**
 * Ends one session because its owner signed out. Does nothing when it is over already, so it may be called twice.
 * Without `origin` the entry names the address the session was started from.
 */
export async function endSession(place: { db: Db; clock: Clock; origin?: string }, sessionId: string): Promise<void> {
  await transaction(place, async (tx) => {
    const now = place.clock.now();
    const ended = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null, expiresAt: { gt: now } }, data: { revokedAt: now } });
    if (ended.count === 0) return;
    const session = await tx.session.findUniqueOrThrow({ where: { id: sessionId }, include: { user: true } });
    const actor = {
      kind: "user" as const,
      id: session.user.id,
      name: session.user.name,
      role: session.user.role as Role,
      sessionId,
      origin: place.origin ?? session.origin,
    };
    await recordAudit(tx, { actor, clock: place.clock }, { action: "session.ended", outcome: "succeeded", sentence: "Signed out" });
  });
}
