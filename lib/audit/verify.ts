import "server-only";
import type { Db } from "@/lib/db/client";
import type { AuditEntry } from "@/lib/db/generated/client";
import { genesisHash, hashEntry } from "./record";

export interface ChainCheck {
  /** Entries whose hash and link were recomputed and found right, counted from the first. */
  verified: number;
  lastId: number | null;
  /** The first entry that does not fit, or null. */
  brokenAt: { id: number; why: "changed" | "missing before" } | null;
}

const pageSize = 2_000;

/** Recomputes the whole chain, a page at a time. A changed entry breaks its own hash, a removed one the next link. */
export async function verifyChain(db: Db): Promise<ChainCheck> {
  let previousHash = genesisHash;
  let verified = 0;
  let lastId: number | null = null;
  for (;;) {
    const page: AuditEntry[] = await db.auditEntry.findMany({ where: { id: { gt: lastId ?? 0 } }, orderBy: { id: "asc" }, take: pageSize });
    for (const entry of page) {
      if (entry.previousHash !== previousHash) return { verified, lastId, brokenAt: { id: entry.id, why: "missing before" } };
      if (hashEntry(previousHash, entry) !== entry.hash) return { verified, lastId, brokenAt: { id: entry.id, why: "changed" } };
      previousHash = entry.hash;
      lastId = entry.id;
      verified += 1;
    }
    if (page.length < pageSize) return { verified, lastId, brokenAt: null };
  }
}
