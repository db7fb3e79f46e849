import "server-only";
import type { Context } from "@/lib/context";
import { atLeast } from "@/lib/users/schemas";

/** Whether the person may restore: what pages offer. Every action asks again. */
export async function mayRestore({ actor, db }: Context): Promise<boolean> {
  if (actor.kind !== "user") return false;
  if (actor.role === "admin") return true;
  const user = await db.user.findUnique({ where: { id: actor.id }, select: { mayRestore: true } });
  return atLeast(actor.role, "operator") && user?.mayRestore === true;
}
