import "server-only";
import { createHash, randomInt, timingSafeEqual } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const startLength = 10;
/** Of 62 signs: 256 bits, so that nobody finds one by trying and a plain hash is enough to keep it. */
const secretLength = 43;

/** `hf_<start>_<secret>`: a prefix that scanners for secrets can look for, a part that may be shown, one that may not. */
const form = new RegExp(`^(hf_[A-Za-z0-9]{${startLength}})_([A-Za-z0-9]{${secretLength}})$`);

/** Makes up a token. Only `start` and the hash are to be kept. */
export function makeToken(): { token: string; start: string; secretSha256: string } {
  const start = `hf_${random(startLength)}`;
  const secret = random(secretLength);
  return { token: `${start}_${secret}`, start, secretSha256: sha256(secret).toString("hex") };
}

/** The two parts of what a request sent; null when it has not the form of a token. */
export function readToken(token: string): { start: string; secret: string } | null {
  const [, start, secret] = form.exec(token) ?? [];
  return start && secret ? { start, secret } : null;
}

/** Whether the secret is the one whose hash was kept; without a hash, as for an unknown start, it does the same work and says no. */
export function secretFits(secretSha256: string | null, secret: string): boolean {
  const kept = secretSha256 === null ? Buffer.alloc(32) : Buffer.from(secretSha256, "hex");
  const given = sha256(secret);
  return kept.length === given.length && timingSafeEqual(kept, given) && secretSha256 !== null;
}

function random(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
