import "server-only";
import type { Context } from "@/lib/context";

/** Stores whose files count for nothing now: those that cannot be read, and those taken out of use that still hold something. */
export async function silentStores({ db }: Pick<Context, "db">): Promise<{ id: string; name: string }[]> {
  return db.store.findMany({ where: { OR: [{ problem: { not: null }, removedAt: null }, { removedAt: { not: null }, copies: { some: {} } }] }, select: { id: true, name: true } });
}
