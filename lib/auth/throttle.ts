import "server-only";
import { createHash } from "node:crypto";
import type { Clock } from "@/lib/clock";
import type { Tx } from "@/lib/db/client";

const freeFailures = 5;
const firstLockMs = 60_000;
const longestLockMs = 3_600_000;
/** A failure older than this no longer counts. Longer than the longest lock, so that waiting one out resets nothing. */
const forgetAfterMs = 24 * 3_600_000;

/** How long the next attempt waits after so many failures in a row; null while it need not. */
export function lockAfter(failures: number): number | null {
  return failures < freeFailures ? null : Math.min(firstLockMs * 2 ** (failures - freeFailures), longestLockMs);
}

/** Attempts are counted per account and per address. The email is hashed: people type passwords into the wrong field. */
export const throttleKey = {
  account: (email: string) => `account:${createHash("sha256").update(email).digest("hex")}`,
  address: (address: string) => `address:${address}`,
};

export type Attempt =
  | { allowed: true; /** When this attempt fails, the next one waits until then. */ lockedUntil: Date | null }
  | { allowed: false; lockedUntil: Date; /** The first attempt refused by this lock: the one worth an audit entry. */ first: boolean };

/**
 * Counts an attempt as failed before the password is looked at, so that many at once cannot all slip in before the first
 * failure is written; `forgetFailures` takes it back when the password was right. Refuses while a lock holds.
 */
export async function reserveAttempt(tx: Tx, clock: Clock, keys: readonly string[]): Promise<Attempt> {
  const now = clock.now();
  const rows = await tx.signInThrottle.findMany({ where: { key: { in: [...keys] } } });
  const locks = rows.filter((row) => row.lockedUntil !== null && row.lockedUntil > now);
  if (locks.length > 0) {
    const first = locks.some((row) => row.lastFailureAt.getTime() + (lockAfter(row.failures) ?? 0) === row.lockedUntil?.getTime());
    await tx.signInThrottle.updateMany({ where: { key: { in: locks.map((row) => row.key) } }, data: { lastFailureAt: now } });
    return { allowed: false, lockedUntil: latest(locks.map((row) => row.lockedUntil)) ?? now, first };
  }
  const written: (Date | null)[] = [];
  for (const key of keys) {
    const before = rows.find((row) => row.key === key);
    const counts = before && now.getTime() - before.lastFailureAt.getTime() < forgetAfterMs;
    const failures = (counts ? before.failures : 0) + 1;
    const lockMs = lockAfter(failures);
    const values = { failures, lastFailureAt: now, lockedUntil: lockMs === null ? null : new Date(now.getTime() + lockMs) };
    await tx.signInThrottle.upsert({ where: { key }, create: { key, ...values }, update: values });
    written.push(values.lockedUntil);
  }
  await tx.signInThrottle.deleteMany({ where: { lastFailureAt: { lt: new Date(now.getTime() - forgetAfterMs) } } });
  return { allowed: true, lockedUntil: latest(written) };
}

/** The password was right: neither the account nor the address waits any longer. */
export async function forgetFailures(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.signInThrottle.deleteMany({ where: { key: { in: [...keys] } } });
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((a, b) => (b !== null && (a === null || b > a) ? b : a), null);
}
