import { describe, expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import { deletionConsequences, deletionSummary, movesBack, storesOf } from "./deletion";

const at = (day: string) => new Date(`2026-09-${day}.000Z`);

describe("deleting", () => {
  const points = [{ id: "b", takenAt: at("22T02:00:00") }, { id: "a", takenAt: at("21T14:00:00") }];
  it("moves the newest readable point back", () => {
    expect(movesBack("b", points)).toEqual({ from: "2026-09-22T02:00:00.000Z", to: "2026-09-21T14:00:00.000Z" });
    expect(movesBack("a", points)).toBeNull();
  });
  it("counts what is lost, the worst first", () => {
    const base = { databaseName: "bimcalc", sizeBytes: 742 << 20, rows: 13_152_944, stores: ["local-disk"], leftIn: [] };
    const [newest, size] = deletionConsequences({ ...base, movesBack: movesBack("b", points) }).map((text) => text.replaceAll(nbsp, " "));
    expect(newest).toBe("It is the newest readable backup of bimcalc. Without it the newest readable point moves back 12 h, to 21 Sep 14:00.");
    expect(size).toContain("742 MiB with 13,152,944 records are deleted from local-disk");
    expect(deletionConsequences({ ...base, movesBack: movesBack("b", points.slice(0, 1)) })[0]).toContain("only readable backup");
    expect(deletionConsequences({ ...base, movesBack: null })).toHaveLength(2);
  });
  it("says what stays in a store that is not in use any more", () => {
    const copies = [{ store: "local-disk", missing: false, outOfUse: false }, { store: "old-nas", missing: false, outOfUse: true }, { store: "gone", missing: true, outOfUse: true }];
    expect(storesOf({ copies })).toEqual({ stores: ["local-disk"], leftIn: ["old-nas"] });
    const sentences = deletionConsequences({ databaseName: "bimcalc", sizeBytes: 1, rows: null, movesBack: null, ...storesOf({ copies }) });
    expect(sentences[1]).toBe("What lies in old-nas stays there, because Holdfast does not use that store any more.");
  });
  it("claims to delete no file where all that is left lies in such a store", () => {
    const deletion = { databaseName: "bimcalc", sizeBytes: 1, rows: null, movesBack: null, stores: [], leftIn: ["old-nas"] };
    expect(deletionConsequences(deletion)).toEqual(["It goes from the list. No file is deleted: what lies in old-nas stays there, because Holdfast does not use that store any more.", "The audit log keeps that it existed."]);
    expect(deletionSummary(deletion)).toBe("It goes from the list, and no file is deleted: old-nas is not in use any more.");
  });
});
