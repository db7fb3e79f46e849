import { describe, expect, it } from "vitest";
import { chooseBackup, dueDrill, type DrillFacts } from "./due";
import type { DrillPolicy } from "./schemas";

const now = new Date("2026-09-22T09:14:00Z"); // a Tuesday
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number, drilled: number | null = null) => ({ id: `b${hours}`, takenAt: ago(hours), storedAt: ago(hours - 0.1), drilledAt: drilled === null ? null : ago(drilled) });
const attempt = (of: number, at: number, isLost: boolean) => ({ backupId: `b${of}`, takenAt: ago(of), at: ago(at), isLost });
const policy = (more: Partial<DrillPolicy> = {}, since = ago(2_000)) => ({ when: "after_backup" as const, which: "newest" as const, ...more, since });

function due(more: Partial<DrillFacts>) {
  return dueDrill({ policy: policy(), backups: [backup(1), backup(25)], scheduled: [], isActive: false, ...more });
}

describe("after every backup", () => {
  it("drills the newest one once", () => {
    expect(due({})).toMatchObject({ isDue: true, backupId: "b1" });
    expect(due({ scheduled: [attempt(1, 0.5, false)] })).toMatchObject({ isDue: false });
  });

  it("is not satisfied by a drill of an older backup that began before the newest one was ready", () => {
    expect(due({ scheduled: [attempt(25, 0.95, false)] })).toMatchObject({ isDue: true, backupId: "b1" });
  });

  it("is satisfied by its own drill also where it was stored by a clock that was ahead", () => {
    const ahead = { ...backup(1), storedAt: ago(-2) };
    expect(due({ backups: [ahead] })).toMatchObject({ isDue: true });
    expect(due({ backups: [ahead], scheduled: [attempt(1, 0.5, false)] })).toMatchObject({ isDue: false });
  });

  it("does not go back to older ones when the newest has failed its drill or is gone", () => {
    expect(due({ backups: [backup(2), backup(3)], scheduled: [attempt(1, 0.5, false)] })).toMatchObject({ isDue: false });
  });

  it("is not satisfied by a drill of an older one that began while it was being read", () => {
    expect(due({ scheduled: [attempt(25, 0.5, false)] })).toMatchObject({ isDue: true, backupId: "b1" });
  });

  it("leaves backups alone that are older than the policy", () => {
    expect(due({ policy: policy({}, ago(0.2)) })).toMatchObject({ isDue: false, reason: "No backup was taken since the policy was set." });
  });

  it("tries a drill whose worker died once more, and not a third time", () => {
    const lost = (at: number) => (attempt(1, at, true));
    expect(due({ scheduled: [lost(0.5)] })).toMatchObject({ isDue: true });
    expect(due({ scheduled: [lost(0.3), lost(0.5)] })).toMatchObject({ isDue: false });
  });
});

describe("never due", () => {
  it.each<[string, Partial<DrillFacts>]>([
    ["without a policy", { policy: null }],
    ["on demand only", { policy: policy({ when: "never" }) }],
    ["where a schedule says when", { policy: policy({ when: "daily" }) }],
    ["while one is under way", { isActive: true }],
    ["without a backup", { backups: [] }],
  ])("%s", (_, more) => {
    expect(due(more).isDue).toBe(false);
  });
});

describe("rotating", () => {
  const rotating = policy({ which: "rotate" });
  const backups = [backup(1), backup(25, 24), backup(49), backup(73, 72)];
  const next = (more: Partial<DrillFacts>) => chooseBackup({ policy: rotating, backups, scheduled: [], ...more })?.backupId;

  it("takes the newest first, then the older one whose last drill is longest ago, those never drilled before all", () => {
    expect(next({})).toBe("b1");
    expect(next({ scheduled: [attempt(25, 20, false)] })).toBe("b49");
  });

  it("comes back to the newest after an older one", () => {
    expect(next({ scheduled: [attempt(49, 20, false)] })).toBe("b1");
  });

  it("takes the only one there is, and none where there is none", () => {
    expect(next({ backups: [backup(30)], scheduled: [attempt(30, 20, false)] })).toBe("b30");
    expect(next({ backups: [] })).toBeUndefined();
  });
});
