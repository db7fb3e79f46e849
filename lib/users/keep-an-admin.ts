import "server-only";
import type { Tx } from "@/lib/db/client";
import { userErrors } from "./errors";

/**
 * Refuses, with `user.last_admin`, a change after which nobody could administer Holdfast. Called after the change and
 * inside its transaction: throwing takes it back, and the write lock keeps a second such change out until then.
 */
export async function keepAnAdmin(tx: Tx, changed: { name: string }): Promise<void> {
  const left = await tx.user.count({ where: { role: "admin", disabledAt: null } });
  if (left === 0) throw userErrors.last_admin({ name: changed.name });
}
