import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { DrillChecks } from "@/components/drills/drill-checks";

it("says of a drill without any check that nothing was proven, and counts none as passed", () => {
  const page = renderToStaticMarkup(<DrillChecks checks={[]} />);
  expect(page).toContain("No check ran, so nothing was proven.");
  expect(page).not.toContain("passed");
});
