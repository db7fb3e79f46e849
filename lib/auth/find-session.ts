import "server-only";
import type { Clock } from "@/lib/clock";
import type { Db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { mayRestore, RoleColumn, type Role } from "@/lib/users/schemas";

/** Who a request comes from. The role is the one the row has now, not the one it had at sign-in. */
export interface SignedIn {
  sessionId: string;
  user: { id: string; name: string; email: string; role: Role; mayRestore: boolean };
}

const seenEveryMs = 60_000;

/** The session with this id, or null when it was revoked, has expired, or its user is gone or disabled. */
export async function findSession(db: Db, clock: Clock, sessionId: string): Promise<SignedIn | null> {
  const now = clock.now();
  const session = await db.session.findFirst({
    where: { id: sessionId, revokedAt: null, expiresAt: { gt: now }, user: { disabledAt: null } },
    include: { user: true },
  });
  if (!session) return null;
  if (now.getTime() - session.lastSeenAt.getTime() >= seenEveryMs) await refreshLastSeen(db, session.id, now);
  const { id, name, email } = session.user;
  const role = RoleColumn.parse(session.user.role);
  return { sessionId: session.id, user: { id, name, email, role, mayRestore: mayRestore({ role, granted: session.user.mayRestore }) } };
}

/** "Last seen" is a courtesy: a busy database must not turn it into a failed request. */
async function refreshLastSeen(db: Db, sessionId: string, now: Date): Promise<void> {
  try {
    await db.session.updateMany({ where: { id: sessionId, lastSeenAt: { lt: now } }, data: { lastSeenAt: now } });
  } catch (error) {
    log.warn({ err: error }, "could not refresh when a session was last seen");
  }
}
