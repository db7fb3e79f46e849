import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { atLeast, type Role } from "@/lib/users/schemas";
import { authErrors } from "./errors";
import type { SignedIn } from "./find-session";

/** What is needed to do something, and its name for the audit log when it is refused. */
export interface Requirement {
  role: Role;
  /** Beyond the role: what only some of its people may. */
  permission?: "restore";
  attempt: string;
}

/**
 * Turns a session into the context of a domain operation. Throws `auth.signed_out` without one, and `auth.forbidden` when
 * the role does not reach or a permission is missing; that refusal is an audit entry under the attempt's name.
 */
export async function authorise(place: { db: Db; clock: Clock; origin: string }, signedIn: SignedIn | null, { role, permission, attempt }: Requirement): Promise<Context> {
  if (!signedIn) throw authErrors.signed_out({});
  const { db, clock, origin } = place;
  const { user, sessionId } = signedIn;
  const ctx: Context = { db, clock, actor: { kind: "user", id: user.id, name: user.name, role: user.role, mayRestore: user.mayRestore, sessionId, origin } };
  const isAllowed = permission !== "restore" || user.mayRestore;
  if (atLeast(user.role, role) && isAllowed) return ctx;
  const needed = atLeast(user.role, role) ? "the permission to restore" : `the role ${role}`;
  await transaction(ctx, (tx) =>
    recordAudit(tx, ctx, {
      action: "access.refused",
      outcome: "refused",
      sentence: `Refused ${attempt}: it needs ${needed}`,
      after: { attempt, role: user.role, needed: permission ?? role },
    }),
  );
  if (atLeast(user.role, role)) throw authErrors.may_not_restore({});
  throw authErrors.forbidden({ role: user.role, needed: role });
}
