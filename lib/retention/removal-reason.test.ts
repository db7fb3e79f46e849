import { describe, expect, it } from "vitest";
import { decideRetention } from "./decide";
import { removalReason } from "./removal-reason";
import { presetPolicy, RetentionPolicy, type RetainedBackup } from "./schemas";

const newest = Date.UTC(2026, 8, 22, 2);
const daily = (days: number) => Array.from({ length: days }, (_, n): RetainedBackup => ({ id: `d${n}`, takenAt: new Date(newest - n * 86_400_000), sizeBytes: 1024 ** 3, rows: 1_000, rung: 3, hasProblem: false, isKept: false, isOnLegalHold: false, isPartial: false, isLesser: false, isSizeAccepted: false, isForeign: false, isAhead: false }));

function reasons(policy: RetentionPolicy, by: Parameters<typeof removalReason>[2]): Map<string, string> {
  return new Map(decideRetention(daily(60), policy).go.map((gone) => [gone.backup.id, removalReason(policy, gone, by).replaceAll("\u00a0", " ")]));
}

const schedule = { why: "by its retention rules", actor: { kind: "schedule", name: "Schedule" } } as const;

describe("why a backup was removed", () => {
  it("says that the rules do not reach so far back, and names the policy", () => {
    expect(reasons(presetPolicy(30), schedule).get("d45")).toBe("45 d older than the newest good backup, and no rule reaches so far back. By its retention rules: Production, every backup for 30 days.");
  });

  it("says that another one of its week was chosen", () => {
    expect(reasons(RetentionPolicy.parse({ everyDays: 7, weeks: 8 }), schedule).get("d10")).toBe("Of its week another backup was chosen to be kept. By its retention rules: every backup for 7 days, one per week for 8 weeks.");
  });

  it("says which limit it was over", () => {
    expect(reasons(RetentionPolicy.parse({ everyDays: 60, totalBytes: 10 * 1024 ** 3 }), schedule).get("d59")).toBe("Over the size limit of 10 GiB, and nothing but rules kept it. By its retention rules: every backup for 60 days, at most 10 GiB.");
  });

  it("says who asked for a clean-up by hand", () => {
    const policy = RetentionPolicy.parse({ everyDays: 0, newest: 10, foreign: true });
    expect(reasons(policy, { why: "all but the newest 10", actor: { kind: "user", name: "Maeve Byrne" } }).get("d11")).toBe("11 d older than the newest good backup, and no rule reaches so far back. All but the newest 10, asked for by Maeve Byrne: the newest 10.");
  });
});
