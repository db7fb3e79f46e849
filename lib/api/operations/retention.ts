import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { retentionErrors } from "@/lib/retention/errors";
import { previewRetention } from "@/lib/retention/preview";
import { policyOf } from "@/lib/retention/read";
import { startCleanUp } from "@/lib/retention/save";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { PreviewAnswer } from "../answers";
import { DatabaseId } from "../inputs";
import { operation, startsRun } from "../operation";

const Policy = RetentionPolicy.nullable().default(null).describe("Null takes the database's own rules.");

/** The rules that are meant. Throws `retention.nothing_to_remove` where nothing was given and the database keeps everything. */
async function chosenPolicy(ctx: Context, { databaseId, policy }: { databaseId: string; policy: RetentionPolicy | null }): Promise<RetentionPolicy> {
  const found = policy ?? policyOf(await getDatabase(ctx.db, databaseId));
  if (!found) throw retentionErrors.nothing_to_remove({});
  return found;
}

export const postPreview = operation(
  { attempt: "retention.preview", method: "POST", path: "/retention/{databaseId}/preview", summary: "What would go and what would stay, and why: prune without pruning. Changes nothing", scope: "read", input: DatabaseId.extend({ policy: Policy }), answer: PreviewAnswer },
  async (ctx, input) => {
    const policy = await chosenPolicy(ctx, input);
    return { policy, ...(await previewRetention(ctx, { databaseId: input.databaseId, policy })) };
  },
);

export const postPrune = startsRun(
  {
    attempt: "retention.clean_up", method: "POST", path: "/retention/{databaseId}/prune", scope: "manage",
    summary: "Remove what a preview showed. Needs its hash and the database's name; refused when something else would go by now",
    input: DatabaseId.extend({ policy: Policy, hash: z.string().max(100), shown: z.number().int().min(0).describe("How many were to go: go.count of the preview."), phrase: z.string().max(200).describe("The name of the database."), why: z.string().trim().min(1).max(200).default("by its retention rules") }),
  },
  async (ctx, input) => startCleanUp(ctx, { ...input, policy: await chosenPolicy(ctx, input) }),
);
