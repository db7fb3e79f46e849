import "server-only";
import { storeErrors } from "./errors";
import type { LocalStore } from "./local";

/** A disk that wakes up needs a few seconds; a network drive whose server is gone never answers. */
const patienceMs = 15_000;

/** How many calls each directory still owes an answer to, after their time was over. */
const owed = new Map<string, number>();

/**
 * Asks a store for something, and waits only so long. Throws `store.silent` when no answer comes in time, and at once while an earlier
 * call still waits: each of them holds one of the few threads that all files are read with, and is not given up by the system.
 */
export async function inTime<T>(store: LocalStore, ask: () => Promise<T>, limitMs = patienceMs): Promise<T> {
  const { path } = store;
  if (owed.has(path)) throw storeErrors.silent({ path });
  const answer = ask();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      owed.set(path, (owed.get(path) ?? 0) + 1);
      const settle = () => settled(path);
      answer.then(settle, settle);
      reject(storeErrors.silent({ path }));
    }, limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function settled(path: string): void {
  const left = (owed.get(path) ?? 1) - 1;
  if (left === 0) owed.delete(path);
  else owed.set(path, left);
}
