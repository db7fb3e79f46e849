import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { count } from "@/lib/format/counts";
import { transaction } from "@/lib/db/transaction";
import type { OpenedFile } from "./open-backup-file";

/** Writes down that a file is about to leave: before its first byte, since what was sent cannot be taken back. */
export async function recordDownload(ctx: Context, file: OpenedFile, start: number): Promise<void> {
  await transaction(ctx, (tx) =>
    recordAudit(tx, ctx, {
      action: "backup.downloaded",
      outcome: "started",
      sentence: start === 0 ? `Downloaded ${file.fileName}` : `Downloaded ${file.fileName} from byte ${count(start)} on`,
      database: file.backup.database,
      backupId: file.backup.id,
      sizeBytes: file.sizeBytes,
    }),
  );
}
