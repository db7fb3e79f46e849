import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { isAlive } from "./lock.mjs";
import { keepRunning } from "./supervisor.mjs";

const running = [];
afterEach(() => {
  for (const service of running.splice(0)) service.kill();
});

function start(script, options = {}) {
  const lines = [];
  const service = keepRunning({
    name: "thing",
    command: process.execPath,
    args: ["-e", script],
    write: (_, line) => lines.push(line),
    ...options,
  });
  running.push(service);
  return { service, lines };
}

const drains = (ms) => `
  process.on("SIGTERM", () => { console.log("draining"); setTimeout(() => { console.log("drained"); process.exit(0); }, ${ms}); });
  setInterval(() => {}, 1000); console.log("up");`;

it("lets a process finish what it is doing before it ends", async () => {
  const { service, lines } = start(drains(600));
  await vi.waitUntil(() => lines.includes("up"), 5_000);
  expect(await service.stop(5_000)).toBe(true);
  expect(lines).toEqual(["up", "draining", "drained"]);
});

it("ends a process that does not end in time, with everything it started", async () => {
  const script = `
    const child = require("node:child_process").spawn("sleep", ["300"]);
    process.on("SIGTERM", () => {}); console.log("child " + child.pid); setInterval(() => {}, 1000);`;
  const { service, lines } = start(script);
  await vi.waitUntil(() => lines.some((line) => line.startsWith("child")), 5_000);
  const grandchild = Number(lines[0].slice("child ".length));
  expect(isAlive(grandchild)).toBe(true);
  expect(await service.stop(300)).toBe(false);
  // Nobody waits for the grandchild where process 1 does not, so it may stay as a zombie: a dead one all the same.
  await vi.waitUntil(() => !runs(grandchild), 5_000);
});

function runs(pid) {
  return isAlive(pid) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

it("starts a crashed process again, later each time", async () => {
  const { service, lines } = start(`process.exit(3)`);
  await vi.waitUntil(() => lines.length >= 2, 8_000);
  await service.stop(1_000);
  expect(lines).toEqual(["exited 3. Starting it again in 1 s.", "exited 3. Starting it again in 2 s."]);
});

it("does not start again what never came up", async () => {
  const gaveUp = new Promise((resolve) => void start(`process.exit(7)`, { mustStart: 10_000, onGaveUp: resolve }));
  expect(await gaveUp).toBe(7);
});

it("keeps lines whole and marks the last one too", async () => {
  const { lines } = start(`process.stdout.write("a"); setTimeout(() => process.stdout.write("b\\nc"), 50)`);
  await vi.waitUntil(() => lines.includes("c"), 5_000);
  expect(lines.slice(0, 2)).toEqual(["ab", "c"]);
});
