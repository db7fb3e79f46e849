import "server-only";
import { createHash } from "node:crypto";
import type { Context } from "@/lib/context";
import { toBigInt, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { AuditAction, AuditOutcome } from "./schemas";

/** What happened, in one sentence without a full stop: "Backup of bimcalc, before upgrade". */
export interface AuditEvent {
  action: AuditAction;
  outcome: AuditOutcome;
  sentence: string;
  database?: { id: string; name: string } | null;
  runId?: number | null;
  backupId?: string | null;
  sizeBytes?: number | null;
  records?: number | null;
  reason?: string | null;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
}

/** What the chain starts from. */
export const genesisHash = "0".repeat(64);

/** The members of an entry that its hash covers, in this order for ever: a new member would break every old chain. */
export interface HashedEntry {
  at: Date;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  action: string;
  outcome: string;
  sentence: string;
  databaseId: string | null;
  databaseName: string | null;
  runId: number | null;
  backupId: string | null;
  sizeBytes: bigint | null;
  records: bigint | null;
  origin: string;
  reason: string | null;
  before: string | null;
  after: string | null;
}

/** SHA-256 over the previous entry's hash and this entry's members. */
export function hashEntry(previousHash: string, entry: HashedEntry): string {
  const members = [
    previousHash, entry.at.toISOString(), entry.actorKind, entry.actorId, entry.actorName, entry.action, entry.outcome,
    entry.sentence, entry.databaseId, entry.databaseName, entry.runId, entry.backupId, entry.sizeBytes?.toString() ?? null,
    entry.records?.toString() ?? null, entry.origin, entry.reason, entry.before, entry.after,
  ];
  return createHash("sha256").update(JSON.stringify(members)).digest("hex");
}

/**
 * Adds an entry to the audit log inside the caller's transaction, so that what happened and its record are one.
 * The transaction holds the write lock, which is what keeps the chain single-file.
 */
export async function recordAudit(tx: Tx, ctx: Pick<Context, "actor" | "clock">, event: AuditEvent): Promise<void> {
  const last = await tx.auditEntry.findFirst({ orderBy: { id: "desc" }, select: { hash: true } });
  const entry: HashedEntry = {
    at: ctx.clock.now(),
    actorKind: ctx.actor.kind,
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    action: event.action,
    outcome: event.outcome,
    sentence: event.sentence,
    databaseId: event.database?.id ?? null,
    databaseName: event.database?.name ?? null,
    runId: event.runId ?? null,
    backupId: event.backupId ?? null,
    sizeBytes: toBigInt(event.sizeBytes),
    records: toBigInt(event.records),
    origin: ctx.actor.origin,
    reason: event.reason ?? null,
    before: event.before ? writeJson(event.before) : null,
    after: event.after ? writeJson(event.after) : null,
  };
  const previousHash = last?.hash ?? genesisHash;
  await tx.auditEntry.create({ data: { ...entry, previousHash, hash: hashEntry(previousHash, entry) } });
}
