import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { tokenErrors } from "./errors";

/** Ends a token at its next request, for good. What was done with it stays on record. Throws `token.not_found`. */
export async function revokeToken(ctx: Context, { tokenId }: { tokenId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const { count } = await tx.apiToken.updateMany({ where: { id: tokenId, revokedAt: null }, data: { revokedAt: ctx.clock.now(), revokedBy: ctx.actor.name } });
    if (count === 0) throw tokenErrors.not_found({});
    const token = await tx.apiToken.findUniqueOrThrow({ where: { id: tokenId } });
    await recordAudit(tx, ctx, { action: "token.revoked", outcome: "succeeded", sentence: `Revoked the API token ${token.name}`, before: { tokenId, start: token.start, lastUsedAt: token.lastUsedAt?.toISOString() ?? null } });
  });
}
