import { describe, expect, it } from "vitest";
import { effectOf, keepWords, reviewTitle, undoWords } from "./review-words";
import type { RestoreEvidence, RestorePlan } from "./schemas";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const subject = { method: "swap", live: "bimcalc", newName: null, takenAt: "2026-09-22T02:00:04Z", of: null, now: "2026-09-22T09:38:02Z" } as const;

describe("reviewTitle", () => {
  it("says what is done, and to what", () => {
    expect(plain(reviewTitle(subject).title)).toBe("Review: replace bimcalc with 22 Sep 02:00:04 UTC");
    expect(plain(reviewTitle({ ...subject, method: "beside", newName: "copy" }).title)).toBe("Review: restore 22 Sep 02:00:04 UTC as copy");
    expect(plain(reviewTitle({ ...subject, method: "in_place" }).title)).toBe("Review: replace bimcalc in place with 22 Sep 02:00:04 UTC");
  });
  it("names the backup's database where it is another one", () => expect(plain(reviewTitle({ ...subject, live: "orders", of: "bimcalc" }).title)).toBe("Review: replace orders with bimcalc from 22 Sep 02:00:04 UTC"));
});

describe("effectOf", () => {
  const of = (method: RestorePlan["decision"]["method"], replacesOid: string | null, problem: RestoreEvidence["target"]["problem"] = null) =>
    effectOf({ decision: { method, replacesOid } as RestorePlan["decision"] }, { target: { problem } as RestoreEvidence["target"] });
  it("never says that nothing is replaced when nobody could look", () => {
    const problem = { code: "docker.not_running", message: "exited", hint: null };
    expect(of("swap", null, problem)).toBe("unknown");
    expect(of("in_place", null, problem)).toBe("unknown");
  });
  it("tells replacing from making anew", () => {
    expect(of("swap", "16384")).toBe("replaces");
    expect(of("swap", null)).toBe("creates");
    expect(of("beside", null)).toBe("creates");
  });
});

describe("keepWords", () => {
  it("counts in hours up to two days", () => expect([24, 48, 72, 168, 100].map(keepWords).map(plain)).toEqual(["24 h", "48 h", "3 d", "7 d", "4 d 4 h"]));
});

describe("undoWords", () => {
  it("names no time of day, which would be wrong for a review that is read later", () => expect([24, 72].map((keepHours) => plain(undoWords({ keepHours })))).toEqual(["for 24 h after the restore", "for 3 d after the restore"]));
});
