import "server-only";
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { recordAudit } from "@/lib/audit/record";
import { recordForeign } from "@/lib/backup/foreign";
import { rolesName, sidecarName } from "@/lib/backup/names";
import type { Context } from "@/lib/context";
import type { Store } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { countBytes, sha256 } from "@/lib/pipeline/observe";
import { runPipeline } from "@/lib/pipeline/run";
import { storeErrors } from "@/lib/stores/errors";
import { createFile, isStored, removeStored, spaceOf } from "@/lib/stores/local";
import { uploadErrors } from "./errors";
import { checkKind } from "./kind";
import { storedName } from "./name";
import type { PrepareUploadInput, Uploaded, UploadInput } from "./schemas";

/** First part of the hidden name of a file that is being uploaded. */
export const uploadOwner = "upload";

/** Says before the first byte what would be refused after the last: kind, name, room. Returns the name it will have. */
export async function prepareUpload(ctx: Context, input: PrepareUploadInput): Promise<{ key: string }> {
  const { key } = await place(ctx, input, input.sizeBytes);
  return { key };
}

async function place(ctx: Pick<Context, "db">, input: UploadInput, sizeBytes: number | null) {
  const { key, named } = storedName(input.name);
  const store = await ctx.db.store.findUnique({ where: { id: input.storeId, removedAt: null } });
  if (!store) throw storeErrors.not_found({});
  if (sizeBytes === 0) throw uploadErrors.empty({ name: key });
  await requireFree(ctx, store, key);
  const { freeBytes } = await spaceOf(store);
  if (sizeBytes !== null && freeBytes < sizeBytes) throw uploadErrors.no_room({ store: store.name, freeBytes, neededBytes: sizeBytes });
  return { key, named, store };
}

/** A companion without its file would be taken for the description of this one. */
async function requireFree(ctx: Pick<Context, "db">, store: Store, key: string): Promise<void> {
  const listed = await ctx.db.copy.findUnique({ where: { storeId_key: { storeId: store.id, key } }, select: { id: true } });
  for (const name of [key, sidecarName(key), rolesName(key)]) {
    if (listed || (await isStored(store, name))) throw uploadErrors.name_taken({ key, store: store.name });
  }
}

/**
 * Streams an uploaded file into a store, under a hidden name until its last byte is on the disk, and lists it as a foreign backup.
 * `expectedBytes` is what the sender announced. Whatever fails, nothing is left behind and nothing is listed.
 */
export async function receiveUpload(ctx: Context, input: UploadInput, body: Readable, expectedBytes: number | null): Promise<Uploaded> {
  const { key, named, store } = await place(ctx, input, expectedBytes);
  const sink = await createFile(store, key, `${uploadOwner}-${randomUUID()}`);
  const stages = { kind: checkKind(key, named), bytes: countBytes(), sha256: sha256() };
  const { staged, results } = await runPipeline({ source: body, stages, sink, signal: new AbortController().signal });
  let isPublished = false;
  try {
    if (results.bytes === 0) throw uploadErrors.empty({ name: key });
    if (expectedBytes !== null && results.bytes !== expectedBytes) throw uploadErrors.cut_short({ received: results.bytes, expected: expectedBytes });
    await staged.commit();
    isPublished = true;
    const backupId = await list(ctx, { input, store, key, named, sizeBytes: staged.sizeBytes, sha256: results.sha256 });
    return { backupId, key, sizeBytes: staged.sizeBytes, sha256: results.sha256 };
  } catch (error) {
    await staged.discard();
    if (isPublished) await removeStored(store, key);
    // Somebody else gave a file this name meanwhile.
    if (error instanceof AppError && error.code === "store.file_exists") throw uploadErrors.name_taken({ key, store: store.name }, { cause: error });
    throw error;
  }
}

interface Received {
  input: UploadInput;
  store: Store;
  key: string;
  named: ReturnType<typeof storedName>["named"];
  sizeBytes: number;
  sha256: string;
}

async function list(ctx: Context, { input, store, key, named, sizeBytes, sha256: hash }: Received): Promise<string> {
  const now = ctx.clock.now();
  const changedAt = input.modifiedAt === null ? now : new Date(Math.min(input.modifiedAt, now.getTime()));
  return transaction(ctx, async (tx) => {
    const file = { storeId: store.id, key, sizeBytes, sha256: hash, named, takenAt: named.takenAt ?? changedAt, storedAt: now };
    const { backupId, database } = await recordForeign(tx, { ...file, initiator: { kind: ctx.actor.kind, name: ctx.actor.name } });
    await recordAudit(tx, ctx, {
      action: "backup.imported",
      outcome: "succeeded",
      sentence: `Uploaded ${key} into ${store.name}`,
      database,
      backupId,
      sizeBytes,
      after: { file: key, sha256: hash, name: input.name },
    });
    return backupId;
  });
}
