import { expect, it } from "vitest";
import { byWhom, drillPolicyName } from "./initiators";

it("tells a drill that the policy started from one that a schedule did", () => {
  expect(byWhom("schedule", drillPolicyName)).toBe("by the drill policy");
  expect(byWhom("schedule", "Schedule")).toBe("by the schedule");
});
