import "server-only";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { ConfigState } from "./schemas";

const settingKey = "config.file";

/** What is known of the file of settings; null where no worker has looked for one yet. */
export async function readConfigState(db: Context["db"] | Tx): Promise<ConfigState | null> {
  const setting = await db.setting.findUnique({ where: { key: settingKey } });
  return readJson(ConfigState, setting?.value ?? null);
}

export async function writeConfigState(tx: Tx, state: ConfigState): Promise<void> {
  const value = writeJson(state);
  await tx.setting.upsert({ where: { key: settingKey }, create: { key: settingKey, value }, update: { value } });
}
