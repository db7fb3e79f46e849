interface Place {
  missingAt: Date | null;
  problem: string | null;
  store: { removedAt: Date | null; problem: string | null };
}

/**
 * The copy to read: one that is there, in a store in use; rather one that nothing is known against, and then rather where the store can be
 * read. Undefined when there is none.
 */
export function bestCopy<T extends Place>(copies: readonly T[]): T | undefined {
  const there = copies.filter(({ missingAt, store }) => missingAt === null && store.removedAt === null);
  const whole = there.filter(({ problem }) => problem === null);
  const rather = whole.length > 0 ? whole : there;
  return rather.find(({ store }) => store.problem === null) ?? rather[0];
}
