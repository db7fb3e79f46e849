import "server-only";
import type { Context } from "@/lib/context";
import { requirePerson } from "./user";

export interface ListedSession {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  origin: string;
  userAgent: string;
  /** The one this request came with. */
  present: boolean;
}

/** Your own live sessions: the present one first, then by when they were last used. */
export async function listSessions(ctx: Context): Promise<ListedSession[]> {
  const actor = requirePerson(ctx.actor);
  const rows = await ctx.db.session.findMany({
    where: { userId: actor.id, revokedAt: null, expiresAt: { gt: ctx.clock.now() } },
    orderBy: { lastSeenAt: "desc" },
  });
  return rows
    .map(({ id, createdAt, lastSeenAt, expiresAt, origin, userAgent }) => ({ id, createdAt, lastSeenAt, expiresAt, origin, userAgent, present: id === actor.sessionId }))
    .sort((a, b) => Number(b.present) - Number(a.present));
}
