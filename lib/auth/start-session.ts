import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { transaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/users/schemas";
import { authErrors } from "./errors";
import { passwordFits } from "./passwords";
import { forgetFailures, reserveAttempt, throttleKey } from "./throttle";
import { visitorContext, type Visitor } from "./visitor";

const hour = 3_600_000;
/** A session ends this long after sign-in, used or not. */
export const sessionMs = { usual: 8 * hour, remembered: 7 * 24 * hour };
const keepEndedMs = 30 * 24 * hour;

/**
 * Checks an email and password and writes the row that makes a browser signed in. Throws `auth.wrong_credentials`, which
 * never says which of the two was wrong, or `auth.locked` with the time to wait. Every outcome is an audit entry.
 */
export async function startSession(visitor: Visitor, input: { email: string; password: string; remember: boolean }): Promise<{ sessionId: string }> {
  const { db, clock } = visitor;
  const keys = [throttleKey.account(input.email), throttleKey.address(visitor.origin)];
  const attempt = await transaction(visitor, async (tx) => {
    const reserved = await reserveAttempt(tx, clock, keys);
    if (!reserved.allowed && reserved.first) await recordAudit(tx, visitorContext(visitor), refused(input.email, "locked"));
    return reserved;
  });
  const locked = (until: Date) => authErrors.locked({ retryInMs: until.getTime() - clock.now().getTime() });
  if (!attempt.allowed) throw locked(attempt.lockedUntil);

  const user = await db.user.findUnique({ where: { email: input.email } });
  const fits = await passwordFits(user?.passwordHash ?? null, input.password);
  const sessionId = await transaction(visitor, async (tx) => {
    // Looked at again under the write lock: an admin may have disabled the account while the hash was computed.
    const still = user && fits ? await tx.user.findFirst({ where: { id: user.id, passwordHash: user.passwordHash, disabledAt: null } }) : null;
    if (!still) {
      await recordAudit(tx, visitorContext(visitor), refused(input.email, !user ? "no such user" : fits ? "disabled" : "wrong password"));
      return null;
    }
    await forgetFailures(tx, keys);
    return startFor(tx, visitor, { id: still.id, name: still.name, role: still.role as Role }, input.remember);
  });
  if (sessionId) return { sessionId };
  throw attempt.lockedUntil ? locked(attempt.lockedUntil) : authErrors.wrong_credentials({});
}

async function startFor(tx: Parameters<typeof recordAudit>[0], visitor: Visitor, user: { id: string; name: string; role: Role }, remember: boolean): Promise<string> {
  const now = visitor.clock.now();
  const { id } = await tx.session.create({
    data: {
      userId: user.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + (remember ? sessionMs.remembered : sessionMs.usual)),
      origin: visitor.origin,
      userAgent: visitor.userAgent.slice(0, 300),
    },
  });
  await tx.session.deleteMany({ where: { userId: user.id, expiresAt: { lt: new Date(now.getTime() - keepEndedMs) } } });
  const actor = { kind: "user" as const, id: user.id, name: user.name, role: user.role, sessionId: id, origin: visitor.origin };
  await recordAudit(tx, { actor, clock: visitor.clock }, { action: "session.started", outcome: "succeeded", sentence: "Signed in" });
  return id;
}

function refused(email: string, why: "locked" | "no such user" | "disabled" | "wrong password") {
  return {
    action: "session.started" as const,
    outcome: "refused" as const,
    sentence: `Refused a sign-in as ${email}`,
    after: { email, why },
  };
}
