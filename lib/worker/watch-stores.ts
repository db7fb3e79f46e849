import "server-only";
import type { Db } from "@/lib/db/client";
import { toPublicError } from "@/lib/errors";
import { spaceOf } from "@/lib/stores/local";

/** Looks whether each store can be reached and how much room it has. Without a look there is no evidence, and no green. */
export async function watchStores(db: Db): Promise<void> {
  for (const store of await db.store.findMany({ where: { removedAt: null } })) {
    const seen = await spaceOf(store).then(
      ({ totalBytes, freeBytes }) => ({ problem: null, totalBytes: BigInt(totalBytes), freeBytes: BigInt(freeBytes) }),
      (error: unknown) => ({ problem: toPublicError(error).message }),
    );
    await db.store.update({ where: { id: store.id }, data: { ...seen, checkedAt: new Date() } });
  }
}
