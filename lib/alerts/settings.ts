import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { requireChannelUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { readSettings, writeSettings } from "./channels";
import { describeSettings } from "./describe";
import type { AlertSettings } from "./schemas";

/** Says after how many hours without a success people are told, and how often what still holds is told again. */
export async function saveAlertSettings(ctx: Context, input: AlertSettings): Promise<void> {
  await transaction(ctx, async (tx) => {
    const before = await readSettings(tx);
    const databases = new Map((await tx.database.findMany({ where: { removedAt: null }, select: { id: true, name: true } })).map(({ id, name }) => [id, name]));
    const after = { ...input, ownHours: Object.fromEntries(Object.entries(input.ownHours).filter(([id]) => databases.has(id))) };
    if (writeJson(before) === writeJson(after)) return;
    await requireChannelUnmanaged(tx, ctx, null);
    await writeSettings(tx, writeJson(after));
    await recordAudit(tx, ctx, { action: "alert.settings_changed", outcome: "succeeded", sentence: "Changed when notifications are sent", before: describeSettings(before, databases), after: describeSettings(after, databases) });
  });
}
