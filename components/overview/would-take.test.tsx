import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { WouldTake } from "@/components/overview/would-take";

it("says what is missing in words that are true whether no drill ever ran, or only one of a smaller backup", () => {
  expect(renderToStaticMarkup(<WouldTake database={{ measured: null, objectiveRtoSeconds: 300, state: "protected" }} />)).toContain("no drill yet of a backup this size");
});
