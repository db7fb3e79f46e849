import { expect, it } from "vitest";
import { chaosPoints } from "./chaos";

it("covers every step with every disturbance, and repeats itself from its seed", () => {
  const points = chaosPoints(["stage", "swap"], 10, 5_000, 7);
  expect(points).toHaveLength(10);
  for (const step of ["stage", "swap"]) for (const what of ["kill", "container", "engine"]) expect(points.filter((point) => point.what === what && "step" in point.when && point.when.step === step)).toHaveLength(1);
  expect(chaosPoints(["stage", "swap"], 10, 5_000, 7)).toEqual(points);
  expect(chaosPoints(["stage", "swap"], 10, 5_000, 8)).not.toEqual(points);
  expect(points.slice(6).every((point) => !("step" in point.when) && point.when.ms < 5_000)).toBe(true);
});
