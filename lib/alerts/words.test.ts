import { describe, expect, it } from "vitest";
import { alertEvents, eventKinds, type AlertEvent, type Phase } from "./events";
import { AlertFacts } from "./facts";
import { messageOf } from "./words";
import { table } from "./words.test-table";

const openedAt = new Date("2026-09-22T03:00:00Z");
const now = new Date("2026-09-23T09:14:00Z");
const told = (facts: AlertFacts, phase: Phase) => messageOf(facts, { phase, openedAt, now });

describe("the words of an event", () => {
  it.each(table)("$event", (facts, subject, happened, meaning, todo, path) => expect(told(AlertFacts.parse(facts), "happened")).toEqual({ subject, happened, meaning, todo, path }));
  it("are tested for every event", () => expect(new Set(table.map(([{ event }]) => event))).toEqual(new Set(alertEvents)));
});

const recovered: Partial<Record<AlertEvent, string>> = {
  drill_failed: "Recovered: orders, drill",
  nothing_succeeded: "Recovered: orders, a backup succeeded",
  file_damaged: "Recovered: orders, stored backups",
  database_exposed: "Recovered: orders, within its target",
  store_filling: "Recovered: local-disk, space",
  store_unreadable: "Recovered: local-disk, store",
  worker_silent: "Recovered: worker",
};
const conditions = alertEvents.filter((event) => eventKinds[event].nature === "condition");

it("say that a backup succeeded again after some had failed", () => {
  const over = told({ event: "backup_failed", database: { id: "d1", name: "orders" }, good: null, attempts: 1, runId: 13, reason: "", hint: null, isLost: false }, "recovered");
  expect(over).toMatchObject({ subject: "Recovered: orders, backup", happened: "A backup of orders succeeded again. “A backup failed” held from 22 Sep 2026 03:00:00 UTC to 23 Sep 2026 09:14:00 UTC.", path: "/runs/13" });
});

describe("a condition", () => {
  it.each(conditions)("%s says when it began, and for how long it held", (event) => {
    const [facts] = table.find(([one]) => one.event === event) ?? [];
    if (!facts) throw new Error(event);
    const again = told(facts, "repeated");
    expect(again.subject).toMatch(/^Still [a-z]/);
    expect(again.happened).toContain("This was first said on 22 Sep 2026 03:00:00 UTC.");
    const over = told(facts, "recovered");
    expect(over.subject).toBe(recovered[event]);
    expect(over.happened).toContain(`“${eventKinds[event].title}” held from 22 Sep 2026 03:00:00 UTC to 23 Sep 2026 09:14:00 UTC.`);
  });
});
