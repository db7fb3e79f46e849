import "server-only";
import type { Tx } from "@/lib/db/client";

/** Ends every live session of a user, but `except`, and returns how many there were. */
export async function revokeSessionsOf(tx: Tx, userId: string, now: Date, except?: string): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { userId, revokedAt: null, expiresAt: { gt: now }, ...(except ? { id: { not: except } } : {}) },
    data: { revokedAt: now },
  });
  return count;
}
