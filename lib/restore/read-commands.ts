import "server-only";
import type { Context } from "@/lib/context";
import { fromHref } from "./search-params";

const most = 200;

/** For the command menu: restoring each registered database, by name. */
export async function restoreCommands({ db }: Pick<Context, "db">): Promise<{ id: string; label: string; href: string; group: string; hint: string; keywords: string }[]> {
  const databases = await db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, take: most, select: { id: true, name: true, container: true } });
  return databases.map(({ id, name, container }) => ({ id: `restore:${id}`, label: `Restore ${name}`, href: fromHref({ of: id, q: null, page: 1 }), group: "Restore", hint: container, keywords: "undo recover roll back" }));
}
