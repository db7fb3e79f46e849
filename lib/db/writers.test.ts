import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "@/lib/audit/verify";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = fileURLToPath(new URL("./writers.test-program.ts", import.meta.url));
const run = promisify(execFile);

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function writer(name: string, count: number) {
  const args = ["--conditions=react-server", "--import", "tsx", program, test.url, name, String(count)];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  return JSON.parse(stdout) as { failures: number; lastFailure: string };
}

describe("two processes on one metadata database", () => {
  it("write 300 transactions each without a failure, and their audit entries form one chain", { timeout: 60_000 }, async () => {
    expect(await Promise.all([writer("web", 300), writer("worker", 300)])).toEqual([
      { failures: 0, lastFailure: "" },
      { failures: 0, lastFailure: "" },
    ]);
    expect(await verifyChain(test.db)).toMatchObject({ verified: 600, brokenAt: null });
  });
});
