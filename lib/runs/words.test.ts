import { expect, it } from "vitest";
import { skippedWords } from "./words";

it("says of a run that succeeded why a step was left out, not that it came not so far", () => {
  expect(skippedWords("ask_application", "succeeded")).toBe("not asked: no copy of the application is configured");
  expect(skippedWords("safety", "succeeded")).toBe("not needed");
  expect(skippedWords("ask_application", "failed")).toBe("not reached");
});
