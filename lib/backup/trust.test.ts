import { describe, expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import { movesBack, deletionConsequences } from "./deletion";
import { trustOf, wasWords, type CopyState } from "./trust";

const at = (text: string) => new Date(`2026-09-${text}Z`);
const proven = { rung: 4, storedAt: at("21T02:01:36"), intactAt: at("21T02:02:19"), readableAt: at("21T02:03:20"), provenAt: at("21T02:06:31") };
const good: CopyState = { store: "local-disk", storeProblem: null, storeRemovedAt: null, missingAt: null };
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
  it("needs only one copy that can be looked at", () => expect(trustOf(proven, null, [{ ...good, missingAt: at("22T00:00:00") }, good]).state).toBe("checked"));
  it("lets a problem speak before everything", () => {
    expect(trustOf(proven, problem, [good])).toMatchObject({ state: "damaged", rung: "intact" });
    expect(trustOf(proven, { ...problem, rung: "stored", code: "store.file_missing" }, [good]).state).toBe("missing");
  });
});

describe("deleting", () => {
  const points = [{ id: "b", takenAt: at("22T02:00:00") }, { id: "a", takenAt: at("21T14:00:00") }];
  it("moves the newest readable point back", () => {
    expect(movesBack("b", points)).toEqual({ from: "2026-09-22T02:00:00.000Z", to: "2026-09-21T14:00:00.000Z" });
    expect(movesBack("a", points)).toBeNull();
  });
  it("counts what is lost, the worst first", () => {
    const base = { databaseName: "bimcalc", sizeBytes: 742 << 20, rows: 13_152_944, stores: ["local-disk"] };
    const [newest, size] = deletionConsequences({ ...base, movesBack: movesBack("b", points) }).map((text) => text.replaceAll(nbsp, " "));
    expect(newest).toBe("It is the newest readable backup of bimcalc. Without it the newest readable point moves back 12 h, to 21 Sep 14:00.");
    expect(size).toContain("742 MiB with 13,152,944 records are deleted from local-disk");
    expect(deletionConsequences({ ...base, movesBack: movesBack("b", points.slice(0, 1)) })[0]).toContain("only readable backup");
    expect(deletionConsequences({ ...base, movesBack: null })).toHaveLength(2);
  });
});
