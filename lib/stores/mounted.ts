import "server-only";
import type { Db } from "@/lib/db/client";
import { storeErrors } from "./errors";
import { isStored, type LocalStore } from "./local";
import { inTime } from "./patience";

/** So many are asked for before none of them counts as none at all. */
const mostAsked = 20;

/**
 * A directory in which not one of several listed files lies is rather the place of a disk that is not mounted than a store somebody
 * emptied: to believe it would take every proof of every backup back, and what is written goes to the disk underneath. Throws
 * `store.unmounted`. `listed` begins with the newest; one alone may have been removed by hand.
 */
export function requireMounted(store: { name: string; path: string }, listed: readonly { key: string }[], keys: ReadonlySet<string>): void {
  if (listed.length < 2 || listed.some(({ key }) => keys.has(key))) return;
  throw storeErrors.unmounted({ name: store.name, path: store.path, listed: listed.length });
}

/** The same before something is written, by a few of the newest files. Throws `store.silent` where the store does not answer. */
export async function requireMountedNow(db: Db, store: LocalStore & { id: string }): Promise<void> {
  const listed = await newestListed(db, store, []);
  if (!(await holdsAny(store, listed))) requireMounted(store, listed, new Set());
}

/** Files that are listed as being in a store, newest first, but for `except`. */
export async function newestListed(db: Db, store: { id: string }, except: readonly string[]): Promise<{ key: string }[]> {
  return db.copy.findMany({ where: { storeId: store.id, missingAt: null, id: { notIn: [...except] } }, orderBy: { storedAt: "desc" }, take: mostAsked, select: { key: true } });
}

/** Whether one of the files is there. Throws `store.silent` where the store does not answer. */
export async function holdsAny(store: LocalStore, listed: readonly { key: string }[]): Promise<boolean> {
  for (const { key } of listed) if (await inTime(store, () => isStored(store, key))) return true;
  return false;
}
