import { describe, expect, it } from "vitest";
import { bestCopy } from "./best-copy";

const copy = (name: string, facts: { missing?: boolean; removed?: boolean; damaged?: boolean; problem?: string } = {}) => {
  const at = new Date(0);
  return { name, missingAt: facts.missing ? at : null, problem: facts.damaged ? "{}" : null, store: { removedAt: facts.removed ? at : null, problem: facts.problem ?? null } };
};

describe("the copy to read", () => {
  it("is one whose store can be read", () => expect(bestCopy([copy("nas", { problem: "not mounted" }), copy("disk")])?.name).toBe("disk"));
  it("is one of a store with a problem where there is no other: it may be over", () => expect(bestCopy([copy("gone", { missing: true }), copy("nas", { problem: "not mounted" })])?.name).toBe("nas"));
  it("is one that nothing is known against, wherever it lies, and a damaged one where there is no other", () => {
    expect(bestCopy([copy("cut", { damaged: true }), copy("nas", { problem: "not mounted" })])?.name).toBe("nas");
    expect(bestCopy([copy("cut", { damaged: true }), copy("nas", { problem: "not mounted" }), copy("disk")])?.name).toBe("disk");
    expect(bestCopy([copy("nas", { damaged: true, problem: "not mounted" }), copy("cut", { damaged: true })])?.name).toBe("cut");
  });
  it("is none that is missing or lies in a store out of use", () => expect(bestCopy([copy("gone", { missing: true }), copy("old", { removed: true })])).toBeUndefined());
});
