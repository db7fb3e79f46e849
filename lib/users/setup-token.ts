import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Db, Tx } from "@/lib/db/client";

const setting = "setup_token_sha256";

/**
 * Makes the one-time token with which the first visitor proves that they can read the log, and returns it; null once
 * anyone has an account. Only its hash is kept, so each start makes a new one and the one printed last counts.
 */
export async function ensureSetupToken(db: Db): Promise<string | null> {
  const token = randomBytes(24).toString("base64url");
  const value = sha256(token).toString("hex");
  const made = await db.$transaction(async (tx) => {
    if ((await tx.user.count()) > 0) return false;
    await tx.setting.upsert({ where: { key: setting }, create: { key: setting, value }, update: { value } });
    return true;
  });
  return made ? token : null;
}

export async function isSetupToken(tx: Tx, token: string): Promise<boolean> {
  const stored = await tx.setting.findUnique({ where: { key: setting } });
  return stored !== null && timingSafeEqual(Buffer.from(stored.value, "hex"), sha256(token));
}

export async function useUpSetupToken(tx: Tx): Promise<void> {
  await tx.setting.deleteMany({ where: { key: setting } });
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
