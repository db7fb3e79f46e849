import { chownSync, readdirSync } from "node:fs";
import path from "node:path";

const nobody = 65_534;

/**
 * Does something as a user without rights: no permission keeps root out. What lies in the directories `owned` is theirs, as far as nobody
 * says otherwise afterwards. Where the tests do not run as root, they are such a user already.
 */
export async function asNobody<T>(owned: readonly string[], work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  for (const directory of owned) for (const name of ["", ...readdirSync(directory)]) chownSync(path.join(directory, name), nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
