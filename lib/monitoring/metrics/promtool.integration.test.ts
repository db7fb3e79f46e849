import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { protectedScene } from "@/lib/testing/protected";
import { watchStores } from "@/lib/worker/watch-stores";
import { answerMetrics } from "./answer";

/** Prometheus' own parser, which `npm test` fetches. */
const fetched = path.resolve("node_modules/.cache/holdfast-promtool/promtool");
const promtool = process.env["HOLDFAST_PROMTOOL"] ?? (existsSync(fetched) ? fetched : "promtool");

function ask(args: string[], input = ""): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(promtool, args, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

let test: TestDatabase;
beforeAll(async () => void (test = await testDatabase()));
afterAll(() => test.close());

it("writes what Prometheus reads, without a remark of its linter", async () => {
  const scene = await protectedScene(test);
  await scene.protect("orders", 2, { rung: 4, rows: 13_000_000n });
  await scene.protect("bimcalc", null);
  await scene.workerSpeaks();
  await watchStores(test.db, test.clock);
  const text = await (await answerMetrics(await scene.asToken(["metrics"]))).text();
  expect(await ask(["check", "metrics"], text)).toEqual({ code: 0, said: "" });
});

it("ships rules that Prometheus takes", async () => {
  const { code, said } = await ask(["check", "rules", "docs/monitoring/alerts.yml"]);
  expect([code, said]).toEqual([0, expect.stringMatching(/SUCCESS: \d+ rules found/)]);
});
