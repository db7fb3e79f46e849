import "server-only";
import { createHash } from "node:crypto";
import { saveChannel } from "@/lib/alerts/save";
import { toChannel } from "@/lib/alerts/channels";
import { recordAudit } from "@/lib/audit/record";
import { parseBackupConfig } from "@/lib/config/backup-config";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { asOne } from "@/lib/db/transaction";
import { applicationOf, saveApplication } from "@/lib/databases/application";
import { getDatabase } from "@/lib/databases/get";
import { addDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { plural } from "@/lib/format/counts";
import { decideRetention } from "@/lib/retention/decide";
import { hashDecision } from "@/lib/retention/hash";
import { policyOf, readRecords, readRetained } from "@/lib/retention/read";
import { saveRetention } from "@/lib/retention/save";
import { presetPolicy } from "@/lib/retention/schemas";
import { findSchedule } from "@/lib/schedule/list";
import { saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { usualSettings } from "@/lib/schedule/usual";
import { addStore, startRescanStore } from "@/lib/stores/manage";
import { decideSettings, targetOf, type Intents, type Present, type PresentDatabase } from "./decide-settings";
import { importErrors } from "./errors";
import { importIds, type ApplySettingsInput, type ImportRow, type SettingsImportInput, type SettingsPreview } from "./schemas";

/** What an old `backup_config.sh` would change, row by row. It is parsed and never run, and nothing is changed. */
export async function previewSettings(ctx: Context, input: SettingsImportInput): Promise<SettingsPreview> {
  const { rows, problems } = await decide(ctx.db, input, ctx.clock.now());
  return { rows, problems, hash: hashOf(rows) };
}

/** Applies the chosen rows, all or none of them. Throws `import.changed` when they are not what was shown any more. */
export async function applySettings(ctx: Context, input: ApplySettingsInput): Promise<{ applied: number }> {
  return asOne(ctx, async (inner, tx) => {
    const { rows, intents, target } = await decide(tx, input, ctx.clock.now());
    if (hashOf(rows) !== input.hash) throw importErrors.changed({});
    const chosen = importIds.flatMap((id) => rows.find((row) => row.id === id && row.verdict === "change" && input.chosen.includes(id)) ?? []);
    if (chosen.length === 0 || chosen.length !== new Set(input.chosen).size) throw importErrors.changed({});
    const lost = chosen.find((row) => row.needsDatabase && !chosen.some(({ id }) => id === "database"));
    if (lost) throw importErrors.database_needed({ what: lost.becomes ?? lost.id });
    await apply(inner, tx, intents, new Set(chosen.map(({ id }) => id)), target?.id ?? null);
    const facts = (side: "present" | "becomes") => Object.fromEntries(chosen.map((row) => [row.id, row[side]]));
    await recordAudit(tx, inner, { action: "config.imported", outcome: "succeeded", sentence: `Took over ${plural(chosen.length, "setting")} from backup_config.sh`, before: facts("present"), after: facts("becomes") });
    return { applied: chosen.length };
  });
}

async function decide(db: Context["db"] | Tx, input: SettingsImportInput, now: Date) {
  const [databases, stores, channels] = await Promise.all([
    db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: { store: true, schedules: { where: { kind: "backup", removedAt: null } } } }),
    db.store.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" }, select: { id: true, name: true, path: true } }),
    db.alertChannel.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" } }),
  ]);
  const present = databases.map((database): PresentDatabase => {
    const [schedule] = database.schedules;
    const { id, name, container, databaseName, role, store } = database;
    return { id, name, container, databaseName, role, storeName: store.name, cron: schedule?.cron ?? null, timeZone: schedule?.timeZone ?? null, retention: policyOf(database), containers: applicationOf(database).containers };
  });
  const target = targetOf(parseBackupConfig(input.text).values, present, input.databaseId);
  const [backups, records] = target ? await Promise.all([readRetained(db, target.id, now), readRecords(db, target.id)]) : [[], []];
  const facts: Present = { databases: present, stores, channels: channels.map(toChannel), wouldRemove: (days) => decideRetention(backups, presetPolicy(days), records).go.length };
  return { ...decideSettings(input, facts), target };
}

function hashOf(rows: readonly ImportRow[]): string {
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

async function apply(ctx: Context, tx: Tx, intents: Intents, chosen: ReadonlySet<string>, targetId: string | null): Promise<void> {
  const { store, database, schedule, retention, application, mail, slack, offsite } = intents;
  let newStore: string | null = null;
  if (chosen.has("store") && store) {
    newStore = (await addStore(ctx, store)).storeId;
    await startRescanStore(ctx, { storeId: newStore });
  }
  let databaseId = targetId ?? "";
  if (chosen.has("database") && database) {
    const { existingId, container, databaseName, role } = database;
    if (existingId !== null) await updateDatabase(ctx, { databaseId: existingId, role });
    else {
      const storeId = database.storeId ?? newStore;
      if (storeId === null) throw importErrors.store_needed({ name: databaseName });
      databaseId = (await addDatabase(ctx, AddDatabaseInput.parse({ container, databaseName, role, storeId }))).databaseId;
    }
  }
  if (chosen.has("schedule") && schedule) {
    const present = (await findSchedule({ db: tx, clock: ctx.clock }, databaseId, "backup"))?.schedule;
    await saveSchedule(ctx, SaveScheduleInput.parse({ ...usualSettings("backup"), ...present, ...schedule, databaseId, kind: "backup" }));
  }
  if (chosen.has("retention") && retention) {
    // Only rules by which nothing goes are offered; should one go by now, this refuses.
    await saveRetention(ctx, { databaseId, policy: retention, hash: hashDecision({ go: [] }), shown: 0, phrase: "" });
  }
  if (chosen.has("application") && application) await saveApplication(ctx, { databaseId, application: { ...applicationOf(await getDatabase(tx, databaseId)), ...application } });
  if (chosen.has("mail") && mail) await saveChannel(ctx, mail);
  if (chosen.has("slack") && slack) await saveChannel(ctx, slack);
  if (chosen.has("offsite") && offsite) await startRescanStore(ctx, await addStore(ctx, offsite));
}
