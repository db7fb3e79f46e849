import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { hashPassword } from "@/lib/auth/passwords";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { userErrors } from "./errors";
import type { AddUserInput } from "./schemas";
import { toUser, type User } from "./user";

/** Adds someone who may sign in. Throws `user.email_taken`. */
export async function createUser(ctx: Context, input: z.output<typeof AddUserInput>): Promise<User> {
  const passwordHash = await hashPassword(input.password);
  return transaction(ctx, async (tx) => {
    const { name, email, role } = input;
    if (await tx.user.findUnique({ where: { email }, select: { id: true } })) throw userErrors.email_taken({ email });
    const row = await tx.user.create({ data: { name, email, role, passwordHash, createdAt: ctx.clock.now() } });
    await recordAudit(tx, ctx, {
      action: "user.added",
      outcome: "succeeded",
      sentence: `Added ${name} as ${role}`,
      after: { userId: row.id, name, email, role },
    });
    return toUser(row);
  });
}
