import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { AttentionList } from "@/components/overview/attention-list";

it("says that nothing else needs a person only where something else does", () => {
  expect(renderToStaticMarkup(<AttentionList items={[]} isCalm />)).toContain("Nothing needs you now.");
  expect(renderToStaticMarkup(<AttentionList items={[]} isCalm={false} />)).toContain("Nothing else needs you now.");
});
