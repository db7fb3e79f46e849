import { describe, expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import { trustOf, wasWords, type CopyState } from "./trust";

const at = (text: string) => new Date(`2026-09-${text}Z`);
const proven = { rung: 4, storedAt: at("21T02:01:36"), intactAt: at("21T02:02:19"), readableAt: at("21T02:03:20"), provenAt: at("21T02:06:31") };
const good: CopyState = { store: "local-disk", storeProblem: null, storeRemovedAt: null, missingAt: null, isDamaged: false };
const problem = { rung: "intact", code: "backup.changed", message: "It changed.", at: "2026-09-22T00:00:00.000Z" } as const;

describe("trustOf", () => {
  it("is the rung with its time", () => expect(trustOf(proven, null, [good])).toEqual({ state: "checked", rung: "proven", at: "2026-09-21T02:06:31.000Z" }));
  it("is not known when no copy can be looked at", () => {
    const trust = trustOf(proven, null, [{ ...good, storeProblem: "not mounted" }]);
    expect(trust).toMatchObject({ state: "unknown", was: "proven", why: "local-disk cannot be read" });
    expect(trust.state === "unknown" && wasWords(trust)).toBe(`was proven 21${nbsp}Sep`);
  });
  it("is not known without any copy", () => expect(trustOf(proven, null, []).state).toBe("unknown"));
  it("counts no copy in a store that was taken out of use", () => {
    const left = { ...good, store: "nas (removed)", storeRemovedAt: at("22T00:00:00") };
    expect(trustOf(proven, null, [left])).toMatchObject({ state: "unknown", was: "proven", why: "nas (removed) is not in use any more" });
    expect(trustOf(proven, null, [left, { ...good, storeProblem: "not mounted" }])).toMatchObject({ state: "unknown", why: "local-disk cannot be read" });
    expect(trustOf(proven, null, [left, good]).state).toBe("checked");
  });
  it("is not known of a copy that is damaged, while no other can be looked at", () => {
    const cut = { ...good, store: "nas", isDamaged: true };
    expect(trustOf(proven, null, [cut])).toMatchObject({ state: "unknown", why: "damaged in nas" });
    expect(trustOf(proven, null, [{ ...good, storeProblem: "not mounted" }, cut]).state).toBe("unknown");
    expect(trustOf(proven, null, [cut, good]).state).toBe("checked");
  });
  it("needs only one copy that can be looked at", () => expect(trustOf(proven, null, [{ ...good, missingAt: at("22T00:00:00") }, good]).state).toBe("checked"));
  it("lets a problem speak before everything", () => {
    expect(trustOf(proven, problem, [good])).toMatchObject({ state: "damaged", rung: "intact" });
    expect(trustOf(proven, { ...problem, rung: "stored", code: "store.file_missing" }, [good]).state).toBe("missing");
  });
});
