import "server-only";
import type { Context } from "@/lib/context";
import { toUser, type User } from "./user";

export interface ListedUser extends User {
  lastSeenAt: Date | null;
}

/** Everyone with an account: those who may sign in first, then by name. */
export async function listUsers(ctx: Context): Promise<ListedUser[]> {
  const rows = await ctx.db.user.findMany({
    include: { sessions: { orderBy: { lastSeenAt: "desc" }, take: 1, select: { lastSeenAt: true } } },
    orderBy: { name: "asc" },
  });
  return rows
    .map(({ sessions, ...row }) => ({ ...toUser(row), lastSeenAt: sessions[0]?.lastSeenAt ?? null }))
    .sort((a, b) => Number(a.disabledAt !== null) - Number(b.disabledAt !== null));
}
