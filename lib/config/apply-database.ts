import "server-only";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { Store } from "@/lib/db/generated/client";
import { saveApplication } from "@/lib/databases/application";
import { addDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addDrillCheck, removeDrillCheck, setDrillPolicy } from "@/lib/drill/manage";
import { drillPolicyOf } from "@/lib/drill/policy";
import { listDrillChecks } from "@/lib/drill/read";
import type { DrillPolicy } from "@/lib/drill/schemas";
import { hashDecision } from "@/lib/retention/hash";
import { decideNow, policyOf } from "@/lib/retention/read";
import { saveRetention } from "@/lib/retention/save";
import type { RetentionPolicy } from "@/lib/retention/schemas";
import { removeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { scheduleKinds, type ScheduleOfInput, type ScheduleSettings } from "@/lib/schedule/schemas";
import { configErrors } from "./errors";
import { at } from "./refused";
import { scheduleKeys, type ConfigDatabase } from "./schemas";

/** Registers a database or changes it to what the file says of it. `waiting`: rules that would remove backups, and so are not saved. */
export async function applyDatabase(ctx: Context, tx: Tx, name: string, wanted: ConfigDatabase): Promise<{ databaseId: string; waiting: RetentionPolicy | null }> {
  const place = ["databases", name];
  const { application, checks, drills, schedules } = wanted;
  const databaseId = await applyAddress(ctx, tx, name, wanted);
  if (application) await at([...place, "application"], () => saveApplication(ctx, { databaseId, application }));
  for (const kind of scheduleKinds) {
    const key = scheduleKeys[kind];
    const schedule = schedules?.[key];
    if (schedule) await at([...place, "schedules", key], () => applySchedule(ctx, tx, { databaseId, kind }, schedule));
  }
  if (drills) await at([...place, "drills"], () => applyDrills(ctx, tx, databaseId, drills));
  if (checks) await at([...place, "checks"], () => applyChecks(ctx, databaseId, checks));
  const waiting = wanted.retention === undefined ? null : await at([...place, "retention"], () => applyRetention(ctx, tx, databaseId, wanted.retention === "everything" ? null : (wanted.retention ?? null)));
  return { databaseId, waiting };
}

/** How it is reached, and what goes with that in one update: its store, targets and options. */
async function applyAddress(ctx: Context, tx: Tx, name: string, wanted: ConfigDatabase): Promise<string> {
  const place = ["databases", name];
  const { container, role, objectives, options } = wanted;
  const there = await tx.database.findUnique({ where: { name, removedAt: null } });
  const store = wanted.store === undefined ? null : await at([...place, "store"], () => storeNamed(tx, wanted.store ?? ""));
  if (!there) {
    const databaseName = wanted.database ?? name;
    const same = await tx.database.findFirst({ where: { container, databaseName, removedAt: null } });
    return at(place, async () => {
      if (same) throw configErrors.other_name({ name, registered: same.name });
      const storeId = (store ?? (await onlyStore(tx, name))).id;
      return (await addDatabase(ctx, AddDatabaseInput.parse({ name, container, databaseName, role, storeId, ...objectives, ...(options ? { options } : {}) }))).databaseId;
    });
  }
  const { database } = wanted;
  await at([...place, "database"], async () => {
    if (database !== undefined && database !== there.databaseName) throw configErrors.other_database({ name, registered: there.databaseName, written: database });
  });
  await at(place, () => updateDatabase(ctx, { databaseId: there.id, container, role, ...objectives, ...(store ? { storeId: store.id } : {}), ...(options ? { options } : {}) }));
  return there.id;
}

async function storeNamed(tx: Tx, name: string): Promise<Store> {
  const store = await tx.store.findUnique({ where: { name, removedAt: null } });
  if (!store) throw configErrors.no_such_store({ name });
  return store;
}

async function onlyStore(tx: Tx, name: string): Promise<Store> {
  const stores = await tx.store.findMany({ where: { removedAt: null } });
  const [store] = stores;
  if (!store || stores.length > 1) throw configErrors.store_needed({ name, stores: stores.length });
  return store;
}

/** The list in the file is the whole list. A check that reads otherwise now is another question, so it is taken out and added. */
async function applyChecks(ctx: Context, databaseId: string, wanted: NonNullable<ConfigDatabase["checks"]>): Promise<void> {
  const there = await listDrillChecks(ctx, databaseId);
  const text = ({ name, query, expected }: { name: string; query: string; expected: string }) => writeJson([name, query, expected]);
  const wantedTexts = new Set(wanted.map(text));
  const kept = there.filter((check, index) => wantedTexts.has(text(check)) && there.findIndex((other) => text(other) === text(check)) === index);
  for (const check of there) if (!kept.includes(check)) await removeDrillCheck(ctx, { checkId: check.id });
  const keptTexts = new Set(kept.map(text));
  for (const check of wanted) if (!keptTexts.has(text(check))) await addDrillCheck(ctx, { databaseId, ...check });
}

async function applySchedule(ctx: Context, tx: Tx, which: ScheduleOfInput, wanted: "none" | ScheduleSettings): Promise<void> {
  if (wanted !== "none") return saveSchedule(ctx, { ...which, ...wanted });
  const there = await tx.schedule.findUnique({ where: { databaseId_kind: which, removedAt: null }, select: { id: true } });
  if (there) await removeSchedule(ctx, which);
}

/** `scheduled` leaves the times to the schedule, which is in place by now. */
async function applyDrills(ctx: Context, tx: Tx, databaseId: string, wanted: DrillPolicy): Promise<void> {
  const database = await tx.database.findUniqueOrThrow({ where: { id: databaseId }, include: { schedules: true } });
  const present = drillPolicyOf(database);
  await setDrillPolicy(ctx, { databaseId, ...wanted, ...(wanted.when === "scheduled" && present ? { when: present.when, hour: present.hour } : {}) });
}

/**
 * Saves rules only when nothing goes by them at this moment. The page asks for a look at what would go, and a file must not be a way
 * round that: what is written once, copied, or meant for another store, has seen nothing.
 */
async function applyRetention(ctx: Context, tx: Tx, databaseId: string, policy: RetentionPolicy | null): Promise<RetentionPolicy | null> {
  const before = policyOf(await tx.database.findUniqueOrThrow({ where: { id: databaseId }, select: { retention: true } }));
  if (writeJson(before) === writeJson(policy)) return null;
  const decision = policy && (await decideNow(tx, databaseId, policy, ctx.clock.now()));
  if (decision && decision.go.length > 0) return policy;
  await saveRetention(ctx, { databaseId, policy, hash: decision ? hashDecision(decision) : "", shown: 0, phrase: "" });
  return null;
}
