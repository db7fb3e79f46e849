import { bytes } from "@/lib/format/bytes";
import { defineErrors } from "@/lib/errors";

export const storeErrors = defineErrors("store", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such store." },
  name_taken: { kind: "conflict", message: (d: { name: string }) => `There is a store named ${d.name} already.` },
  path_taken: { kind: "conflict", message: (d: { path: string; name: string }) => `${d.path} is the store ${d.name} already.` },
  in_use: {
    kind: "conflict",
    message: (d: { name: string; databases: string[] }) => `${d.name} still receives the backups of ${d.databases.join(", ")}.`,
    hint: () => "Give those databases another store first.",
  },
  unwritable: {
    kind: "unavailable",
    message: (d: { path: string; why: string }) => `The directory ${d.path} cannot be written: ${d.why}.`,
    hint: (d: { path: string; why: string }) => `Create it, or give the worker's user access: mkdir -p ${d.path}`,
  },
  unreadable: {
    kind: "unavailable",
    message: (d: { path: string; why: string }) => `The directory ${d.path} cannot be read: ${d.why}.`,
    hint: () => "Check that the disk is mounted. What is stored there has not been changed.",
  },
  unmounted: {
    kind: "precondition",
    message: (d: { name: string; path: string; listed: number }) => `None of the newest ${d.listed} files that are listed for ${d.name} is in ${d.path}.`,
    hint: () => "Is the disk mounted? Nothing was written, and the list is as it was. If the files were deleted on purpose, delete their backups here.",
  },
  silent: {
    kind: "unavailable",
    message: (d: { path: string }) => `The directory ${d.path} does not answer.`,
    hint: () => "Is its network drive there? What is stored there has not been changed; Holdfast asks again every minute.",
  },
  full: {
    kind: "unavailable",
    message: (d: { path: string }) => `The disk of ${d.path} is full. Nothing was stored; earlier backups are unchanged.`,
    hint: () => "Free space there, or choose a store on a larger disk under Settings, Storage.",
  },
  too_little_space: {
    kind: "precondition",
    message: (d: { path: string; freeBytes: number; neededBytes: number }) =>
      `${d.path} has ${bytes(d.freeBytes)} free; this backup needs about ${bytes(d.neededBytes)}.`,
    hint: () => "Free space there, or choose a store on a larger disk under Settings, Storage. Nothing was started.",
  },
  file_missing: {
    kind: "integrity",
    message: (d: { key: string; store: string }) => `${d.key} is not in ${d.store} any more.`,
    hint: () => "Somebody or something outside Holdfast removed it. Rescan the store to bring the list up to date.",
  },
  file_unreadable: {
    kind: "unavailable",
    message: (d: { key: string; store: string; why: string }) => `${d.key} in ${d.store} cannot be read: ${d.why}.`,
    hint: () => "Check the disk, and that Holdfast's user may read the file. Until it can be read nobody knows whether it is what was stored, so take a new backup.",
  },
  file_exists: {
    kind: "conflict",
    message: (d: { key: string }) => `${d.key} exists in the store already; it was not overwritten.`,
    hint: () => "Start the backup again: a new one gets a new name.",
  },
  outside: { kind: "invalid", message: (_: { key: string }) => "This is not a file of the store." },
  not_removed: {
    kind: "unavailable",
    message: (d: { key: string; why: string }) => `${d.key} could not be deleted: ${d.why}.`,
    hint: () => "The backup is still there and still listed.",
  },
});

/** The system's error codes in words a person can use. */
export function whyOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT": return "it does not exist";
    case "EACCES":
    case "EPERM": return "permission denied";
    case "ENOSPC":
    case "EDQUOT": return "no space left";
    case "EROFS": return "the file system is read-only";
    case "ENOTDIR": return "it, or a part of its path, is not a directory";
    case "EIO": return "the disk reports an input/output error";
    default: return code ?? "the system gave no reason";
  }
}

export function isFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOSPC" || code === "EDQUOT";
}
