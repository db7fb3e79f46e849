import "server-only";
import { stringify } from "yaml";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { readSettings, toChannel } from "@/lib/alerts/channels";
import { applicationOf } from "@/lib/databases/application";
import { BackupOptions } from "@/lib/databases/schemas";
import { drillPolicyOf } from "@/lib/drill/policy";
import { policyOf } from "@/lib/retention/read";
import { missedPolicies, overlapPolicies, scheduleKinds, type ScheduleKind } from "@/lib/schedule/schemas";
import { channelOf, notificationsOf } from "./export-channel";
import { scheduleKeys, type ConfigInput } from "./schemas";
import { writeDuration, writeSize } from "./units";

const preface = [
  "# Settings of Holdfast. What stands here is decided here, and read-only in the browser;",
  "# a key that is taken out is decided in the browser again. docs/configuration.md has every key.",
  "# A secret is ${NAME} of a variable in the worker's environment.",
  "# yaml-language-server: $schema=./docs/holdfast.config.schema.json",
].join("\n");

/** The present settings as a file that says the same: applied, it changes nothing. */
export async function exportConfig({ db }: Pick<Context, "db">): Promise<string> {
  const [stores, databases, channels, notifications] = await Promise.all([
    db.store.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
    db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: settings }),
    db.alertChannel.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
    readSettings(db),
  ]);
  const nameOf = new Map(databases.map(({ id, name }) => [id, name]));
  const file: ConfigInput = {
    stores: Object.fromEntries(stores.map(({ name, path }) => [name, { path }])),
    databases: Object.fromEntries(databases.map((database) => [database.name, written(database)])),
    channels: Object.fromEntries(channels.map((row) => [row.name, channelOf(toChannel(row), nameOf)])),
    notifications: notificationsOf(notifications, nameOf),
  };
  return `${preface}\n\n${stringify(file, { lineWidth: 0 })}`;
}

const settings = { store: true, schedules: { where: { removedAt: null } }, drillChecks: { where: { removedAt: null }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] } } as const satisfies Prisma.DatabaseInclude;
type Settings = Prisma.DatabaseGetPayload<{ include: typeof settings }>;
type Written = NonNullable<ConfigInput["databases"]>[string];

function written(database: Settings): Written {
  const { containers, healthUrl, healthSeconds, stopSeconds, rehearsal } = applicationOf(database);
  const drills = drillPolicyOf(database);
  return {
    container: database.container,
    database: database.databaseName,
    role: database.role,
    store: database.store.name,
    objectives: {
      loseAtMost: writeDuration(database.objectiveRpoSeconds),
      backWithin: writeDuration(database.objectiveRtoSeconds),
      tableBackWithin: writeDuration(database.objectiveTableSeconds),
      pointInTimeBackWithin: writeDuration(database.objectivePointInTimeSeconds),
    },
    options: readJson(BackupOptions, database.options),
    application: { containers, healthUrl, healthWithin: writeDuration(healthSeconds), stopWithin: writeDuration(stopSeconds), rehearsal },
    // One from before there were drills has no policy, and a file cannot say that.
    ...(drills ? { drills: { when: database.schedules.some(({ kind }) => kind === "drill") ? "scheduled" : drills.when, which: drills.which } } : {}),
    // Two of the same name cannot be told apart in a file.
    ...(new Set(database.drillChecks.map(({ name }) => name)).size === database.drillChecks.length ? { checks: database.drillChecks.map(({ name, query, expected }) => ({ name, query, expected })) } : {}),
    schedules: Object.fromEntries(scheduleKinds.map((kind) => [scheduleKeys[kind], scheduleOf(database, kind)])),
    retention: retentionOf(database),
  };
}

function scheduleOf({ schedules }: Settings, kind: ScheduleKind) {
  const schedule = schedules.find((one) => one.kind === kind);
  if (!schedule) return "none" as const;
  return {
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    spread: writeDuration(schedule.jitterSeconds),
    retries: schedule.retries,
    retryAfter: writeDuration(schedule.retryDelaySeconds),
    timeLimit: schedule.timeoutSeconds === null ? null : writeDuration(schedule.timeoutSeconds),
    missed: missedPolicies.find((one) => one === schedule.missed),
    overlap: overlapPolicies.find((one) => one === schedule.overlap),
    ...(kind === "backup" ? { options: readJson(BackupOptions, schedule.options) } : {}),
  };
}

function retentionOf(database: Settings): Written["retention"] {
  const policy = policyOf(database);
  if (!policy) return "everything";
  const { totalBytes, foreign: _, ...rules } = policy;
  return { ...rules, totalSize: totalBytes === null ? null : writeSize(totalBytes) };
}
