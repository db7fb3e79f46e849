import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lookAtConfig } from "@/lib/config/look";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { writeJson } from "@/lib/db/codecs";
import { pauseSchedule, resumeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { PauseScheduleInput, SaveScheduleInput, ScheduleOfInput } from "@/lib/schedule/schemas";
import { addStore } from "@/lib/stores/manage";
import { alertWorld, type AlertWorld } from "@/lib/testing/alerts";
import { createToken } from "@/lib/tokens/create";
import { CreateTokenInput } from "@/lib/tokens/schemas";
import { lookAtAutomation } from "./automation";
import { exitCodeOfFindings, type Finding } from "./finding";

const hour = 3_600_000;
const day = 24 * hour;

let world: AlertWorld;
let directory: string;
let databaseId: string;

beforeEach(async () => {
  world = await alertWorld();
  directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-doctor-"));
  const { storeId } = await addStore(world.admin, { name: "local-disk", path: directory });
  ({ databaseId } = await addDatabase(world.admin, AddDatabaseInput.parse({ container: "pg", databaseName: "orders", role: "postgres", storeId })));
});
afterEach(async () => {
  await world.close();
  rmSync(directory, { recursive: true });
});

const all = () => lookAtAutomation({ ctx: world.admin });
async function found(id: string): Promise<Finding> {
  const one = (await all()).find((finding) => finding.id === id);
  if (!one) throw new Error(`doctor says nothing of ${id}`);
  return { ...one, detail: one.detail.replaceAll("\u00a0", " ") };
}
const daily = () => saveSchedule(world.admin, SaveScheduleInput.parse({ databaseId, kind: "backup", cron: "0 2 * * *", timeZone: "UTC" }));
const later = (ms: number) => world.test.clock.advance(ms);

it("has a hint for whatever is not well, and warnings leave the exit code alone", async () => {
  const findings = await all();
  expect(findings.map(({ id }) => id)).toEqual(["clock", "config", "notifications", "tokens", "schedule.orders", "retention.orders"]);
  expect(findings.filter(({ outcome, fix }) => (outcome === "ok") !== (fix === null))).toEqual([]);
  expect(findings.some(({ outcome }) => outcome === "warning")).toBe(true);
  expect(exitCodeOfFindings(findings)).toBe(0);
});

describe("notifications", () => {
  it("warn where nobody is told, and where a channel never carried anything", async () => {
    expect(await found("notifications")).toMatchObject({ outcome: "warning", detail: expect.stringContaining("there is no channel") as string });
    const hook = await world.receiver();
    await world.hookTo(hook.url);
    expect(await found("notifications")).toMatchObject({ outcome: "warning", detail: "nothing was ever sent to Hook" });
    await world.fail();
    await world.round();
    expect(await found("notifications")).toMatchObject({ outcome: "ok", detail: expect.stringMatching(/^Hook took its last message /) as string });
    await world.test.db.alertChannel.updateMany({ data: { isOn: false } });
    expect(await found("notifications")).toMatchObject({ outcome: "warning", detail: expect.stringContaining("turned off") as string });
  });

  it("are a problem when the last message did not arrive, with the receiver's words", async () => {
    const hook = await world.receiver(() => ({ status: 500, body: "the receiver is broken" }));
    await world.hookTo(hook.url);
    await world.fail();
    await world.round();
    expect(await found("notifications")).toMatchObject({ outcome: "problem", detail: expect.stringMatching(/^Hook has taken nothing since .*500/) as string });
  });

  it("warn of messages that were given up, also when later ones arrived", async () => {
    const hook = await world.receiver();
    await world.hookTo(hook.url);
    await world.fail();
    await world.test.db.alertDelivery.updateMany({ data: { state: "given_up", attempts: 9, answer: "500", triedAt: world.test.clock.now(), settledAt: world.test.clock.now() } });
    later(hour);
    await world.fail();
    await world.round();
    expect(await found("notifications")).toMatchObject({ outcome: "warning", detail: "Hook gave up 1 message in the last 30 days" });
  });

  it("are a problem when messages wait and nobody sends them", async () => {
    const hook = await world.receiver();
    await world.hookTo(hook.url);
    await world.fail();
    expect((await found("notifications")).outcome).toBe("warning");
    later(2 * hour);
    expect(await found("notifications")).toMatchObject({ outcome: "problem", detail: expect.stringMatching(/^1 message not sent, the oldest for 2/) as string });
  });
});

describe("a schedule", () => {
  it("is told with its next time, or that there is none", async () => {
    expect(await found("schedule.orders")).toMatchObject({ outcome: "warning", detail: expect.stringContaining("none") as string, fix: expect.stringContaining("holdfast schedule set orders") as string });
    await daily();
    expect(await found("schedule.orders")).toMatchObject({ outcome: "ok", detail: expect.stringMatching(/^'0 2 \* \* \*' UTC, next .* 02:00/) as string });
  });

  it("that is paused says since when, by whom and why", async () => {
    await daily();
    await pauseSchedule(world.admin, PauseScheduleInput.parse({ databaseId, kind: "backup", reason: "moving house", hours: null }));
    later(3 * hour);
    const paused = await found("schedule.orders");
    expect(paused).toMatchObject({ outcome: "warning", fix: "holdfast schedule resume orders --kind backup" });
    expect(paused.detail).toBe(`backup paused for 3 h by ${world.admin.actor.name}: moving house, until it is resumed`);
    await resumeSchedule(world.admin, ScheduleOfInput.parse({ databaseId, kind: "backup" }));
    expect((await found("schedule.orders")).outcome).toBe("ok");
  });

  it("whose last time was missed is a problem", async () => {
    await daily();
    const { id } = await world.test.db.schedule.findFirstOrThrow({ where: { kind: "backup" } });
    const dueAt = world.test.clock.now();
    await world.test.db.occurrence.create({ data: { scheduleId: id, dueAt, startAt: dueAt, state: "missed", why: "Holdfast was not running.", settledAt: dueAt } });
    expect(await found("schedule.orders")).toMatchObject({ outcome: "problem", detail: expect.stringContaining("was missed: Holdfast was not running; next") as string });
  });
});

it("calls a clock that was set back a problem", async () => {
  expect((await found("clock")).outcome).toBe("ok");
  later(-2 * hour);
  expect(await found("clock")).toMatchObject({ outcome: "problem", detail: expect.stringContaining("ahead of it") as string });
});

describe("settings from a file", () => {
  const look = (text: string | null) => {
    const file = path.join(directory, "holdfast.config.yaml");
    if (text === null) rmSync(file, { force: true });
    else writeFileSync(file, text);
    return lookAtConfig({ ...world.admin, origin: "host" }, { paths: [file], isNamed: false }, { seen: null });
  };

  it("are told: whether there is one, what it manages, and what is wrong with it", async () => {
    expect((await found("config")).detail).toBe("no worker has looked for one yet");
    await look(null);
    expect((await found("config")).detail).toContain("there is none");
    await look("databases:\n  orders:\n    container: pg\n    role: postgres\n    retention: { everyDays: 30 }\n");
    expect(await found("config")).toMatchObject({ outcome: "ok", detail: expect.stringMatching(/is in force and manages databases orders \(.*retention/) as string });
    await look("databases:\n  orders: { container: pg, role: postgres, oops: 1 }\n");
    expect(await found("config")).toMatchObject({ outcome: "problem", detail: expect.stringMatching(/is not applied: line \d+: /) as string, fix: expect.stringContaining("the last good one stays in force") as string });
  });
});

describe("retention", () => {
  const prune = (status: string, error: object | null = null) => {
    const at = world.test.clock.now();
    return world.test.db.run.create({ data: { kind: "prune_backups", status, databaseId, input: "{}", initiatorKind: "system", initiatorName: "x", origin: "x", queuedAt: at, finishedAt: at, error: error && writeJson(error) } });
  };

  it("warns of a database that keeps everything, and tells when it was last cleaned", async () => {
    expect(await found("retention.orders")).toMatchObject({ outcome: "warning", detail: "no rules: every backup is kept; no clean-up so far" });
    await world.test.db.database.update({ where: { id: databaseId }, data: { retention: writeJson({ everyDays: 30 }) } });
    await prune("succeeded");
    later(2 * day);
    expect(await found("retention.orders")).toMatchObject({ outcome: "ok", detail: "it has rules; last clean-up 2 d ago" });
  });

  it("calls a clean-up that could not delete a problem, with its reason", async () => {
    await prune("failed", { code: "store.not_removed", kind: "conflict", message: "The file cannot be removed." });
    expect(await found("retention.orders")).toMatchObject({ outcome: "problem", detail: expect.stringContaining("The file cannot be removed.") as string, fix: expect.stringMatching(/^holdfast runs \d+$/) as string });
  });

});

it("names API tokens that expire soon, have expired, or were never used", async () => {
  expect((await found("tokens")).detail).toBe("there are none");
  await createToken(world.admin, CreateTokenInput.parse({ name: "ci", scopes: ["read"], databaseIds: null, days: 60 }));
  expect(await found("tokens")).toMatchObject({ outcome: "ok", detail: "1 token that counts" });
  later(50 * day);
  expect(await found("tokens")).toMatchObject({ outcome: "warning", detail: "ci expires in 10 d 0 h; ci was never used" });
  later(12 * day);
  expect(await found("tokens")).toMatchObject({ outcome: "warning", detail: "ci expired 2 d ago" });
});
