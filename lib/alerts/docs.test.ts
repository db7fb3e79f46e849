import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { alertEvents, eventGroups, eventKinds } from "./events";

const rows = [...readFileSync("docs/alerts.md", "utf8").matchAll(/^\| `([a-z_]+)` \| (\w+) \| (.+) \| (yes|no) \|$/gm)].map(([, event, severity, told, isUsual]) => ({ event, severity, told, isUsual }));

it("docs/alerts.md lists every event as it is", () => {
  expect(rows.map(({ event, severity, isUsual }) => [event, severity, isUsual])).toEqual(alertEvents.map((event) => [event, eventKinds[event].severity, eventKinds[event].isUsual ? "yes" : "no"]));
  for (const { event, told } of rows) expect(told?.includes("repeated"), event).toBe(eventKinds[event as (typeof alertEvents)[number]].nature === "condition");
});

it("the page offers every event once", () => expect(eventGroups.flatMap(({ events }) => [...events]).sort()).toEqual([...alertEvents].sort()));
