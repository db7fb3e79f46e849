import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor, Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import { getDatabase } from "@/lib/databases/get";
import { transaction } from "@/lib/db/transaction";
import { mayRestore } from "@/lib/users/schemas";
import { scopeWords } from "./scope-words";
import { tokenErrors } from "./errors";
import { scopesBeyond } from "./reach";
import type { CreateTokenInput, Scope } from "./schemas";
import { makeToken } from "./secret";

const dayMs = 86_400_000;

/**
 * Makes a token and returns it: the only time it can be read, because its secret is kept as a hash. Throws `token.beyond_maker` for
 * scopes that its maker could not use themselves; that attempt is an audit entry.
 */
export async function createToken(ctx: Context, input: CreateTokenInput): Promise<{ tokenId: string; token: string; expiresAt: string }> {
  const beyond = beyondMaker(ctx.actor, input.scopes);
  if (beyond.length > 0) {
    await transaction(ctx, (tx) => recordAudit(tx, ctx, { action: "access.refused", outcome: "refused", sentence: `Refused to make the token ${input.name}: its scopes reach further than its maker may`, after: { attempt: "token.create", scopes: input.scopes, beyond } }));
    throw tokenErrors.beyond_maker({ scopes: beyond });
  }
  const { token, start, secretSha256 } = makeToken();
  return transaction(ctx, async (tx) => {
    const now = ctx.clock.now();
    if (await tx.apiToken.findFirst({ where: { name: input.name, revokedAt: null, expiresAt: { gt: now } }, select: { id: true } })) throw tokenErrors.name_taken({ name: input.name });
    const databases = await Promise.all((input.databaseIds ?? []).map((id) => getDatabase(tx, id)));
    const expiresAt = new Date(now.getTime() + input.days * dayMs);
    const { id } = await tx.apiToken.create({
      data: {
        name: input.name,
        start,
        secretSha256,
        scopes: writeJson(input.scopes),
        databaseIds: input.databaseIds ? writeJson(input.databaseIds) : null,
        createdAt: now,
        createdById: ctx.actor.kind === "user" ? ctx.actor.id : null,
        createdBy: ctx.actor.name,
        expiresAt,
      },
    });
    await recordAudit(tx, ctx, {
      action: "token.created",
      outcome: "succeeded",
      sentence: `Made the API token ${input.name}: ${input.scopes.map((scope) => scopeWords[scope].word.toLowerCase()).join(", ")}`,
      after: { tokenId: id, start, scopes: input.scopes, databases: input.databaseIds ? databases.map(({ name }) => name) : "all", expiresAt: expiresAt.toISOString() },
    });
    return { tokenId: id, token, expiresAt: expiresAt.toISOString() };
  });
}

/** The command line reaches whoever holds the metadata file, and is as free as they are; a token makes no tokens. */
function beyondMaker(actor: Actor, scopes: readonly Scope[]): readonly Scope[] {
  if (actor.kind === "cli") return [];
  if (actor.kind !== "user") return scopes;
  return scopesBeyond({ role: actor.role, mayRestore: mayRestore({ role: actor.role, granted: actor.mayRestore ?? false }) }, scopes);
}
