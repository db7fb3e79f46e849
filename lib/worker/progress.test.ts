import { expect, it } from "vitest";
import { stalledFor } from "@/lib/runs/live";
import { stepsOf } from "@/lib/runs/steps";
import { testClock } from "@/lib/testing/database";
import { ProgressMeter } from "./progress";

it("tells no stall of work behind the bytes of a step, once it is said that none are due", () => {
  const clock = testClock();
  const meter = new ProgressMeter(clock);
  const steps = stepsOf({ kind: "stage_tables", status: "running" }, [{ type: "step_started", step: "stage_tables", at: clock.now(), message: "", ms: null }], new Map());
  const stall = () => stalledFor({ status: "running", progress: meter.tick(), steps }, clock.now().getTime());
  meter.detail("definitions");
  meter.total(5_000);
  expect(stall()).toBeNull();
  clock.advance(60_000);
  expect(stall()).toBe(60_000);
  meter.total(0);
  meter.detail("rows");
  expect([stall(), meter.tick()]).toEqual([null, { bytes: 0, perSecond: [], lastDataAt: "2026-09-22T09:14:00.000Z", detail: "rows" }]);
});

it("counts the next file of a step from its own start", () => {
  const meter = new ProgressMeter(testClock());
  meter.total(5_000);
  meter.tick();
  meter.total(300);
  expect(meter.tick()?.perSecond).toEqual([5_000, 300]);
});
