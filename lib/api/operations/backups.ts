import "server-only";
import { z } from "zod";
import { holdBackup, keepBackup, startDeleteBackup, startVerifyBackup } from "@/lib/backup/change";
import { backupErrors } from "@/lib/backup/errors";
import { listBackups } from "@/lib/backup/list";
import { readBackup } from "@/lib/backup/read";
import { DeletionReason, StartBackupInput } from "@/lib/backup/schemas";
import { backupKinds, backupSorts, BackupsParams, proofFilters, takenRanges } from "@/lib/backup/search-params";
import { startBackup } from "@/lib/backup/start";
import { LegalHoldInput } from "@/lib/retention/schemas";
import { BackupAnswer, Backups } from "../answers";
import { BackupId, ofDatabase, Paged } from "../inputs";
import { namedDatabase } from "../named-database";
import { operation, startsRun } from "../operation";

const Filters = Paged.extend({
  ...ofDatabase,
  proof: z.enum(proofFilters).optional(),
  kind: z.enum(backupKinds).optional(),
  taken: z.enum(takenRanges).optional().describe("Taken in the last 24 hours, 7, 30, 90 or 365 days."),
  q: z.string().max(200).optional().describe("In label, note, database and who made it."),
  sort: z.enum(backupSorts).optional(),
  order: z.enum(["asc", "desc"]).optional(),
});

export const getBackups = operation(
  { attempt: "backup.list", method: "GET", path: "/backups", summary: "Backups that are listed, the newest first, 25 on a page", scope: "read", input: Filters, answer: Backups },
  async (ctx, { databaseId, ...filters }) => listBackups(ctx, BackupsParams.parse({ ...filters, database: namedDatabase(ctx, databaseId) ?? undefined })),
);

export const postBackup = startsRun(
  { attempt: "backup.start", method: "POST", path: "/backups", summary: "Take a backup. While one of the same database is under way, another is refused with 409", scope: "backup", input: StartBackupInput },
  startBackup,
);

export const getBackup = operation(
  { attempt: "backup.read", method: "GET", path: "/backups/{backupId}", summary: "One backup: how far it is proven, when, and what is in it", scope: "read", input: BackupId, answer: BackupAnswer },
  async (ctx, { backupId }) => {
    const found = await readBackup(ctx, backupId);
    if (!found) throw backupErrors.not_found({});
    return found.state === "listed" ? { state: found.state, ...found.backup } : { state: found.state, ...found.backup };
  },
);

export const verifyBackup = startsRun(
  { attempt: "backup.verify", method: "POST", path: "/backups/{backupId}/verify", summary: "Read a backup back and decode it", scope: "backup", input: BackupId },
  startVerifyBackup,
);

export const putKeep = operation(
  { attempt: "backup.keep", method: "PUT", path: "/backups/{backupId}/keep", summary: "Keep a backup until a person removes it, or let it go again", scope: "backup", input: BackupId.extend({ keep: z.boolean() }), answer: z.object({ keep: z.boolean() }) },
  async (ctx, input) => {
    await keepBackup(ctx, input);
    return { keep: input.keep };
  },
);

export const putHold = operation(
  { attempt: "backup.hold", method: "PUT", path: "/backups/{backupId}/hold", summary: "Place a backup on legal hold with its reason, or lift the hold (null). Nobody and no rule deletes it meanwhile", scope: "manage", input: BackupId.extend({ reason: LegalHoldInput.shape.reason }), answer: z.object({ legalHold: z.string().nullable() }) },
  async (ctx, input) => {
    await holdBackup(ctx, input);
    return { legalHold: input.reason };
  },
);

export const deleteBackup = startsRun(
  { attempt: "backup.delete", method: "DELETE", path: "/backups/{backupId}", summary: "Delete a backup and its files", scope: "manage", input: BackupId.extend({ phrase: z.string().max(200).describe("The name of its database."), reason: DeletionReason.describe("Why. It goes into the audit log.") }) },
  startDeleteBackup,
);
