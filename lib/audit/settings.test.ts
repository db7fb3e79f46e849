import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "@/lib/context";
import { saveApplication } from "@/lib/databases/application";
import { SaveApplicationInput } from "@/lib/databases/application-schemas";
import { addDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, UpdateDatabaseInput } from "@/lib/databases/schemas";
import { setDrillPolicy } from "@/lib/drill/manage";
import { hashDecision } from "@/lib/retention/hash";
import { saveRetention } from "@/lib/retention/save";
import { presetPolicy } from "@/lib/retention/schemas";
import { pauseSchedule, resumeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { addStore, updateStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { listDifferences } from "./differences";

let test: TestDatabase;
let ctx: Context;
let storeId: string;
let databaseId: string;

beforeEach(async () => {
  test = await testDatabase();
  ctx = await test.as("admin");
  ({ storeId } = await addStore(ctx, { name: "local-disk", path: test.directory }));
  ({ databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId })));
  await saveSchedule(ctx, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC" }));
  await saveRetention(ctx, { databaseId, policy: presetPolicy(30), hash: hashDecision({ go: [] }), shown: 0, phrase: "" });
  await saveApplication(ctx, SaveApplicationInput.parse({ databaseId, application: { containers: ["web"], healthUrl: null } }));
});
afterEach(() => test.close());

const update = (more: object) => updateDatabase(ctx, UpdateDatabaseInput.parse({ databaseId, role: "postgres", container: "postgres", storeId, objectiveRpoSeconds: 86_400, objectiveRtoSeconds: 300, objectiveTableSeconds: 120, objectivePointInTimeSeconds: 600, options: {}, ...more }));

const changes: [string, () => Promise<unknown>, string][] = [
  ["a schedule", () => saveSchedule(ctx, SaveScheduleInput.parse({ databaseId, cron: "0 5 * * *", timeZone: "UTC" })), "cron"],
  ["a pause", () => pauseSchedule(ctx, { databaseId, kind: "backup", reason: "Moving", hours: null }), "paused"],
  ["the end of a pause", async () => {
    await pauseSchedule(ctx, { databaseId, kind: "backup", reason: "Moving", hours: null });
    await resumeSchedule(ctx, { databaseId, kind: "backup" });
  }, "paused"],
  ["what is kept", () => saveRetention(ctx, { databaseId, policy: presetPolicy(90), hash: hashDecision({ go: [] }), shown: 0, phrase: "" }), "everyDays"],
  ["a drill policy", () => setDrillPolicy(ctx, { databaseId, when: "weekly", which: "newest", hour: 3 }), "when"],
  ["objectives", () => update({ objectiveRpoSeconds: 3_600 }), "objectiveRpoSeconds"],
  ["options", () => update({ options: { format: "plain" } }), "options.format"],
  ["an application", () => saveApplication(ctx, SaveApplicationInput.parse({ databaseId, application: { containers: ["api"], healthUrl: null } })), "containers"],
  ["a store", () => updateStore(ctx, { storeId, name: "disk-2", path: test.directory }), "name"],
];

describe("what a settings page changes is in the audit log with before and after:", () => {
  it.each(changes)("%s", async (_, change, member) => {
    await change();
    const entry = await test.db.auditEntry.findFirstOrThrow({ where: { before: { not: null }, after: { not: null } }, orderBy: { id: "desc" } });
    const read = (text: string | null) => JSON.parse(text ?? "null") as Record<string, unknown>;
    expect(entry.actorName).toBe("The admin");
    expect(listDifferences(read(entry.before), read(entry.after)).map(({ name }) => name)).toContain(member);
  });
});
