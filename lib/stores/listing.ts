import "server-only";
import type { Dirent } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { storeErrors, whyOf } from "./errors";
import { isGone, isShut, partialMark, type LocalStore } from "./local";

/** Where exports of tables lie. Hidden: a rescan looks for backups and leaves it alone. */
export const exportsDirectory = ".holdfast-tables";

export interface StoredFile {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/** What lies in a store. */
export interface Listing {
  files: StoredFile[];
  /** Directories below its own that this user may not read, such as `lost+found`: nothing is known of what they hold. */
  unread: string[];
}

/** Every file of the store and its subdirectories, hidden ones left out. Throws `store.unreadable`. */
export async function listStored(store: LocalStore): Promise<Listing> {
  const files: StoredFile[] = [];
  const unread = await walk(store, isShown, async (directory, entries) => {
    const found: StoredFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile() || !isShown(entry.name)) continue;
      const key = path.join(directory, entry.name);
      const facts = await stat(path.join(store.path, key)).catch(unlessGone);
      if (facts) found.push({ key, sizeBytes: facts.size, modifiedAt: facts.mtime });
    }
    files.push(...found);
  });
  return { files, unread };
}

/**
 * The hidden files that runs write before a file gets its name, exports of tables too; with `owner` those of one run. Directories that this user may not read are
 * passed over: no run could have written there. Throws `store.unreadable`.
 */
export async function listPartials(store: LocalStore, owner?: string): Promise<string[]> {
  const mark = owner === undefined ? partialMark : `${partialMark}${owner}-`;
  const names: string[] = [];
  await walk(store, (name) => isShown(name) || name === exportsDirectory, (directory, entries) => {
    for (const entry of entries) if (entry.isFile() && entry.name.startsWith(mark)) names.push(path.join(directory, entry.name));
  });
  return names;
}

/**
 * Shows every directory of a store that is to be entered with its entries, and returns those below its own that this user may not read. By
 * hand, because one of these would end a recursive `readdir` of Node's; most hidden ones are other programs' (snapshots, bins) and may hold
 * more than the store.
 */
async function walk(store: LocalStore, isToEnter: (name: string) => boolean, show: (directory: string, entries: readonly Dirent[]) => Promise<void> | void): Promise<string[]> {
  const unread: string[] = [];
  const directories = [""];
  for (const directory of directories) {
    try {
      const entries = await readdir(path.join(store.path, directory), { withFileTypes: true });
      await show(directory, entries);
      for (const entry of entries) if (entry.isDirectory() && isToEnter(entry.name)) directories.push(path.join(directory, entry.name));
    } catch (error) {
      const isBelow = directory !== "";
      if (isBelow && isShut(error)) unread.push(directory);
      else if (!isBelow || !isGone(error)) throw storeErrors.unreadable({ path: store.path, why: whyOf(error) }, { cause: error });
    }
  }
  return unread;
}

function isShown(name: string): boolean {
  return !name.startsWith(".");
}

function unlessGone(error: unknown): null {
  if (isGone(error)) return null;
  throw error;
}

/** Removes what an interrupted run left under temporary names. Returns how many files that were. */
export async function removePartials(store: LocalStore, owner: string): Promise<number> {
  const left = await listPartials(store, owner);
  await Promise.all(left.map((name) => rm(path.join(store.path, name), { force: true })));
  return left.length;
}
