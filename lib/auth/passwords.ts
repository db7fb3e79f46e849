import "server-only";
import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** Argon2id as OWASP recommends it: 19 MiB, two passes, one lane. Stored hashes carry their own parameters. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password nobody knows, at the same cost: checking it takes as long as checking a real one. */
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$YiUUE4/AWykkD05jpaKSQA$dTic4LsZIjD3AGpAFriVPnTkiScoTbWdcouFkHduD1A";

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Whether `password` fits. Without a hash, as for an unknown email, it does the same work and says no. */
export async function passwordFits(passwordHash: string | null, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? nobodysHash, password);
  return fits && passwordHash !== null;
}

// No letters or digits that are easily taken for another: these passwords are read aloud and copied by hand.
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/** Makes up a password of 100 random bits in groups of five: `k3m9p-…`. */
export function makePassword(): string {
  const groups = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => alphabet.charAt(randomInt(alphabet.length))).join(""));
  return groups.join("-");
}
