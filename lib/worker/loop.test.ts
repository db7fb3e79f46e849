import { afterEach, beforeEach, expect, it } from "vitest";
import { enqueueRun } from "@/lib/runs/enqueue";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { Loop } from "./loop";

let holdfast: TestHoldfast;
beforeEach(async () => {
  holdfast = await testHoldfast();
});
afterEach(() => holdfast.close());

const queue = () => enqueueRun(holdfast.db, holdfast.ctx, { kind: "rescan_store", input: { storeId: holdfast.storeId } });
const read = (id: number) => holdfast.db.run.findUniqueOrThrow({ where: { id } });

it("leaves a run to the next worker whose claim was under way when this one was told to stop", async () => {
  const { runId } = await queue();
  const loop = new Loop(holdfast.worker);
  const over = loop.run();
  await loop.stop(5_000);
  const atStop = await read(runId);
  await over;
  expect(atStop).toMatchObject({ status: "queued", startedAt: null, heartbeatAt: null, workerId: null });
  expect(await read(runId)).toEqual(atStop);
  const next = new Loop(holdfast.worker);
  const done = next.run();
  await expect.poll(async () => (await read(runId)).status).toBe("succeeded");
  await next.stop(0);
  await done;
});

it("lets what it has begun end", async () => {
  const { runId } = await queue();
  const loop = new Loop(holdfast.worker);
  const over = loop.run();
  await expect.poll(() => loop.isActive(runId), { interval: 1 }).toBe(true);
  await loop.stop(5_000);
  expect((await read(runId)).status).toBe("succeeded");
  await over;
});
