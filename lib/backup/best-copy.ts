interface Place {
  missingAt: Date | null;
  store: { removedAt: Date | null; problem: string | null };
}

/** The copy to read: one that is there, in a store in use, and rather where the store can be read. Undefined when there is none. */
export function bestCopy<T extends Place>(copies: readonly T[]): T | undefined {
  const there = copies.filter(({ missingAt, store }) => missingAt === null && store.removedAt === null);
  return there.find(({ store }) => store.problem === null) ?? there[0];
}
