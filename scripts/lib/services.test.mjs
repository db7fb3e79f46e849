import { expect, it } from "vitest";
import { drainMs } from "./services.mjs";

it("gives the worker longer to stop than a running backup may take to end", () => {
  expect(drainMs(undefined)).toBe(60_000);
  expect(drainMs("0")).toBe(60_000);
  expect(drainMs("300")).toBe(340_000);
  expect(drainMs("soon")).toBe(60_000);
});
