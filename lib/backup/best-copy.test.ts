import { describe, expect, it } from "vitest";
import { bestCopy } from "./best-copy";

const copy = (name: string, facts: { missing?: boolean; removed?: boolean; problem?: string } = {}) => {
  const at = new Date(0);
  return { name, missingAt: facts.missing ? at : null, store: { removedAt: facts.removed ? at : null, problem: facts.problem ?? null } };
};

describe("the copy to read", () => {
  it("is one whose store can be read", () => expect(bestCopy([copy("nas", { problem: "not mounted" }), copy("disk")])?.name).toBe("disk"));
  it("is one of a store with a problem where there is no other: it may be over", () => expect(bestCopy([copy("gone", { missing: true }), copy("nas", { problem: "not mounted" })])?.name).toBe("nas"));
  it("is none that is missing or lies in a store out of use", () => expect(bestCopy([copy("gone", { missing: true }), copy("old", { removed: true })])).toBeUndefined());
});
