import "server-only";
import { authenticateToken, type Place, type TokenContext } from "./authenticate";
import { tokenErrors } from "./errors";
import { recordRefusal } from "./refusal";
import type { Scope } from "./schemas";

/**
 * The context of a request that came with a token, when the token has the scope. Throws `token.scope` when it has not; that refusal
 * is an audit entry under the attempt's name. Which databases it reaches is asked where one is named: `reaches`.
 */
export async function authoriseToken(place: Place, authorization: string | null, { scope, attempt }: { scope: Scope; attempt: string }): Promise<TokenContext> {
  const ctx = await authenticateToken(place, authorization);
  if (ctx.actor.scopes.includes(scope)) return ctx;
  await recordRefusal(ctx, `Refused ${attempt}: it needs the scope ${scope}`, { attempt, scopes: ctx.actor.scopes, needed: scope });
  throw tokenErrors.scope({ name: ctx.actor.name, scope });
}
