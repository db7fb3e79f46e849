import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { sweep } from "./sweep";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

it("does not wait for the time of a heartbeat that was given while the clock was ahead", async () => {
  const worker = { id: "here:1:a", db: test.db, installation: "t" };
  const ahead = new Date(Date.now() + 365 * 86_400_000);
  const { id } = await test.db.run.create({ data: { kind: "verify_backup", status: "running", workerId: "elsewhere:1:a", heartbeatAt: ahead, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "t", queuedAt: ahead } });
  expect(await sweep(worker, () => false)).toEqual([]);
  const { heartbeatAt } = await test.db.run.findUniqueOrThrow({ where: { id } });
  expect(heartbeatAt?.getTime()).toBeLessThanOrEqual(Date.now());
  await test.db.run.update({ where: { id }, data: { heartbeatAt: new Date((heartbeatAt?.getTime() ?? 0) - 46_000) } });
  expect(await sweep(worker, () => false)).toEqual([id]);
});
