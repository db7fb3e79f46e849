import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keep } from "./duty";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("does one round at a time, however long it takes", async () => {
  let finish = () => {};
  const work = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const duty = keep({ everyMs: 1_000, work, failure: "it failed" });
  await vi.advanceTimersByTimeAsync(3_500);
  expect(work).toHaveBeenCalledTimes(1);
  finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(work).toHaveBeenCalledTimes(2);
  duty.stop();
});

it("goes on after a round that failed, and not after it was stopped", async () => {
  const work = vi.fn(() => Promise.reject(new Error("no answer")));
  const duty = keep({ everyMs: 1_000, work, failure: "it failed" });
  await duty.round();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(work).toHaveBeenCalledTimes(3);
  duty.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(work).toHaveBeenCalledTimes(3);
});
