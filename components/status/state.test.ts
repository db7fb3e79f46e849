import { describe, expect, it } from "vitest";
import { byState, type State, states, titleTemplate, worst } from "@/components/status/state";

describe("worst", () => {
  it("lets the worst one speak for the whole", () => {
    expect(worst(["protected", "at_risk", "protected"])).toBe("at_risk");
    expect(worst(["at_risk", "unknown"])).toBe("unknown");
    expect(worst(["unknown", "exposed", "protected"])).toBe("exposed");
    expect(worst(["protected", "paused"])).toBe("paused");
    expect(worst(["protected", "protected"])).toBe("protected");
  });
  it("is never green from absence of data", () => expect(worst([])).toBe("unknown"));
  it("takes any iterable", () => expect(worst(new Set<State>(["running", "protected"]))).toBe("running"));
});

describe("byState", () => {
  it("sorts worst first", () => {
    expect([...states].reverse().sort(byState)).toEqual([...states]);
  });
});

describe("titleTemplate", () => {
  it("puts what needs attention first", () => {
    expect(titleTemplate("exposed")).toBe("Exposed · %s · Holdfast");
    expect(titleTemplate("protected")).toBe("%s · Holdfast");
    expect(titleTemplate(null)).toBe("%s · Holdfast");
  });
});
