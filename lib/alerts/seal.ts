import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { readJson, writeJson } from "@/lib/db/codecs";
import { alertErrors } from "./errors";
import { ChannelSecret } from "./schemas";

const algorithm = "aes-256-gcm";
const version = "v1";

/**
 * Seals a channel's secrets for the metadata file: AES-256-GCM under a key that HKDF-SHA-256 derives from AUTH_SECRET and a salt of
 * its own. The channel's id is authenticated with them, so that they open nowhere else. Throws `alert.no_key`.
 */
export function seal(secret: ChannelSecret, channelId: string): string {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, keyFrom(salt), nonce).setAAD(Buffer.from(channelId));
  const sealed = Buffer.concat([cipher.update(writeJson(secret), "utf8"), cipher.final()]);
  return [version, ...[salt, nonce, cipher.getAuthTag(), sealed].map((part) => part.toString("base64url"))].join(".");
}

/** Opens what `seal` made. Throws `alert.secret_unreadable` under another AUTH_SECRET or when a byte is another one, `alert.no_key`. */
export function unseal(text: string | null, channel: { id: string; name: string }): ChannelSecret {
  if (text === null) return {};
  const [found, ...parts] = text.split(".");
  const [salt, nonce, tag, sealed] = parts.map((part) => Buffer.from(part, "base64url"));
  if (found !== version || !salt || !nonce || !tag || !sealed) throw alertErrors.secret_unreadable({ name: channel.name });
  const key = keyFrom(salt);
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(channel.id)).setAuthTag(tag);
    return readJson(ChannelSecret, Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8"));
  } catch (error) {
    throw alertErrors.secret_unreadable({ name: channel.name }, { cause: error });
  }
}

function keyFrom(salt: Buffer): Buffer {
  const secret = process.env["AUTH_SECRET"];
  if (!secret) throw alertErrors.no_key({});
  return Buffer.from(hkdfSync("sha256", secret, salt, "holdfast alerts, secrets of a channel", 32));
}
