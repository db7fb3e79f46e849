import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import { verifyChain } from "./verify";

const settingKey = "audit.chain";

/** The last check of the chain, as it is kept. */
export const ChainState = z.object({
  at: z.string(),
  verified: z.number().int(),
  lastId: z.number().int().nullable(),
  /** Of the furthest entry that was ever right: the end of the log cannot be cut off unnoticed either. */
  lastHash: z.string().nullable(),
  brokenAt: z.object({ id: z.number().int(), why: z.enum(["changed", "missing before", "removed"]) }).nullable(),
});
export type ChainState = z.output<typeof ChainState>;

/** The last check, and how many entries came since; null when none was made. */
export async function readChain({ db }: Pick<Context, "db">): Promise<(ChainState & { since: number }) | null> {
  const setting = await db.setting.findUnique({ where: { key: settingKey } });
  const state = readJson(ChainState, setting?.value ?? null);
  if (!state) return null;
  return { ...state, since: await db.auditEntry.count({ where: { id: { gt: state.lastId ?? 0 } } }) };
}

/** Recomputes the whole chain and keeps the result. Also finds entries that were there at the last check and are not now. */
export async function checkChain({ db, clock }: Pick<Context, "db" | "clock">): Promise<ChainState> {
  const before = await readChain({ db });
  const { verified, lastId, brokenAt } = await verifyChain(db);
  const last = lastId === null ? null : await db.auditEntry.findUnique({ where: { id: lastId }, select: { hash: true } });
  const removed = !brokenAt && (await isGone({ db }, before));
  // The furthest that was ever right: behind a break lie entries that may not vanish unnoticed either.
  const reached = before?.lastId != null && (lastId === null || before.lastId > lastId) ? before : { lastId, lastHash: last?.hash ?? null };
  const state: ChainState = {
    at: clock.now().toISOString(),
    verified,
    lastId: reached.lastId,
    lastHash: reached.lastHash,
    brokenAt: removed ? { id: before?.lastId ?? 0, why: "removed" } : brokenAt,
  };
  const value = writeJson(state);
  await db.setting.upsert({ where: { key: settingKey }, create: { key: settingKey, value }, update: { value } });
  return state;
}

async function isGone({ db }: Pick<Context, "db">, before: ChainState | null): Promise<boolean> {
  if (!before?.lastId || !before.lastHash) return false;
  const entry = await db.auditEntry.findUnique({ where: { id: before.lastId }, select: { hash: true } });
  return entry?.hash !== before.lastHash;
}

/** The hour, UTC, after which the chain is checked by itself. */
const dailyHour = 3;

/** Checks the chain once a day, and at the first look when nobody ever did. Returns whether it was time. */
export async function checkChainDaily(ctx: Pick<Context, "db" | "clock">): Promise<boolean> {
  const setting = await ctx.db.setting.findUnique({ where: { key: settingKey } });
  const checked = readJson(ChainState, setting?.value ?? null);
  const due = ctx.clock.now();
  if (due.getUTCHours() < dailyHour) due.setUTCDate(due.getUTCDate() - 1);
  due.setUTCHours(dailyHour, 0, 0, 0);
  if (checked && new Date(checked.at) >= due) return false;
  await checkChain(ctx);
  return true;
}
