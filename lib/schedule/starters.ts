import "server-only";
import { enqueueRecheck } from "@/lib/backup/recheck-due";
import { StartBackupInput } from "@/lib/backup/schemas";
import { enqueueBackup } from "@/lib/backup/start";
import type { Context } from "@/lib/context";
import { BackupOptions } from "@/lib/databases/schemas";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { enqueueChosenDrill } from "@/lib/drill/schedule";
import { enqueueDisasterDrill } from "@/lib/drill/start";
import { enqueueCleanUp } from "@/lib/retention/prune-due";
import { backupKey } from "@/lib/runs/enqueue";
import type { Named } from "./record";
import type { ScheduleKind } from "./schemas";

/** What came of a start: a run, or that none was needed or possible, with the reason. */
export type Started = { runId: number } | { state: "done" | "skipped"; why: string };

interface Starter {
  /** The run that has to be over first. */
  busy: (tx: Tx, databaseId: string) => Promise<{ id: number } | null>;
  start: (tx: Tx, ctx: Context, schedule: Named) => Promise<Started>;
}

const active = { in: ["queued", "running"] };
const select = { id: true } as const;

/** A drill takes as much of the machine as a backup, so those that start by themselves go one at a time in all; and the file must be nobody else's. */
function drilling(tx: Tx, databaseId: string) {
  const drills = { in: ["drill", "disaster_drill"] };
  const onFiles = { in: ["verify_backup", "delete_backup", "prune_backups", "recheck"] };
  return tx.run.findFirst({ where: { status: active, OR: [{ kind: drills, initiatorKind: "schedule" }, { databaseId, kind: drills }, { databaseId, kind: onFiles }] }, orderBy: { id: "asc" }, select });
}

/** What each kind of schedule starts. A kind without a starter does not compile. */
export const starters: Record<ScheduleKind, Starter> = {
  backup: {
    busy: (tx, databaseId) => tx.run.findUnique({ where: { activeKey: backupKey(databaseId) }, select }),
    start: (tx, ctx, { databaseId, options }) => enqueueBackup(tx, ctx, StartBackupInput.parse({ databaseId, options: readJson(BackupOptions, options) })),
  },
  drill: { busy: drilling, start: (tx, ctx, { databaseId }) => enqueueChosenDrill(tx, ctx, databaseId) },
  disaster_drill: {
    busy: async (tx, databaseId) => (await starters.backup.busy(tx, databaseId)) ?? drilling(tx, databaseId),
    start: (tx, ctx, { databaseId }) => enqueueDisasterDrill(tx, ctx, { databaseId }),
  },
  clean_up: {
    busy: (tx, databaseId) => tx.run.findFirst({ where: { databaseId, kind: "prune_backups", status: active }, select }),
    start: (tx, ctx, { databaseId }) => enqueueCleanUp(tx, ctx, databaseId),
  },
  recheck: {
    busy: (tx) => tx.run.findFirst({ where: { kind: "recheck", status: active }, select }),
    start: enqueueRecheck,
  },
};
