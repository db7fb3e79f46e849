import { describe, expect, it } from "vitest";
import { dueDrill, nextDrill, type DrillFacts } from "./due";
import type { DrillPolicy } from "./schemas";

const now = new Date("2026-09-22T09:14:00Z"); // a Tuesday
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number, drilled: number | null = null) => ({ id: `b${hours}`, takenAt: ago(hours), readyAt: ago(hours - 0.1), drilledAt: drilled === null ? null : ago(drilled) });
const policy = (more: Partial<DrillPolicy> = {}, since = ago(2_000)) => ({ when: "after_backup" as const, which: "newest" as const, hour: 3, ...more, since });

function due(more: Partial<DrillFacts>, at = now) {
  return dueDrill({ policy: policy(), backups: [backup(1), backup(25)], scheduled: [], isActive: false, ...more }, at);
}

describe("after every backup", () => {
  it("drills the newest one once", () => {
    expect(due({})).toMatchObject({ isDue: true, backupId: "b1" });
    expect(due({ scheduled: [{ backupId: "b1", at: ago(0.5), isLost: false }] })).toMatchObject({ isDue: false });
  });

  it("is not satisfied by a drill of an older backup that began before the newest one was ready", () => {
    expect(due({ scheduled: [{ backupId: "b25", at: ago(0.95), isLost: false }] })).toMatchObject({ isDue: true, backupId: "b1" });
  });

  it("leaves backups alone that are older than the policy", () => {
    expect(due({ policy: policy({}, ago(0.2)) })).toMatchObject({ isDue: false, reason: "No backup was taken since the policy was set." });
  });

  it("tries a drill whose worker died once more, and not a third time", () => {
    const lost = (at: number) => ({ backupId: "b1", at: ago(at), isLost: true });
    expect(due({ scheduled: [lost(0.5)] })).toMatchObject({ isDue: true });
    expect(due({ scheduled: [lost(0.3), lost(0.5)] })).toMatchObject({ isDue: false });
  });
});

describe("never due", () => {
  it.each<[string, Partial<DrillFacts>]>([
    ["without a policy", { policy: null }],
    ["on demand only", { policy: policy({ when: "never" }) }],
    ["while one is under way", { isActive: true }],
    ["without a backup", { backups: [] }],
  ])("%s", (_, more) => {
    expect(due(more).isDue).toBe(false);
  });
});

describe("by time", () => {
  it("is due from its hour on, once a day", () => {
    const daily = { policy: policy({ when: "daily" }) };
    expect(due(daily)).toMatchObject({ isDue: true, reason: "A drill a day: the newest backup." });
    expect(due({ ...daily, scheduled: [{ backupId: "b1", at: new Date("2026-09-22T03:00:10Z"), isLost: false }] })).toMatchObject({ isDue: false });
    expect(due({ ...daily, scheduled: [{ backupId: "b1", at: new Date("2026-09-22T02:59:59Z"), isLost: false }] })).toMatchObject({ isDue: true });
  });

  it("before its hour the day before counts", () => {
    const daily = { policy: policy({ when: "daily", hour: 12 }) };
    expect(due({ ...daily, scheduled: [{ backupId: "b1", at: new Date("2026-09-21T12:01:00Z"), isLost: false }] })).toMatchObject({ isDue: false });
  });

  it.each<["daily" | "weekly" | "quarterly", string, string]>([
    ["daily", "2026-09-22T03:00:00Z", "2026-09-23T03:00:00.000Z"],
    ["weekly", "2026-09-21T03:00:00Z", "2026-09-28T03:00:00.000Z"],
    ["quarterly", "2026-07-01T03:00:00Z", "2026-10-01T03:00:00.000Z"],
  ])("%s: a drill since %s is enough until %s", (when, slot, next) => {
    const at = new Date(slot);
    const of = (since: Date) => due({ policy: policy({ when }), scheduled: [{ backupId: "b1", at: since, isLost: false }] }).isDue;
    expect(of(new Date(at.getTime() + 1_000))).toBe(false);
    expect(of(new Date(at.getTime() - 1_000))).toBe(true);
    expect(nextDrill(policy({ when }), now)?.toISOString()).toBe(next);
  });

  it.each([["weekly", "2026-09-21T02:00:00Z", "2026-09-21T03:00:00.000Z"], ["weekly", "2026-09-27T23:00:00Z", "2026-09-28T03:00:00.000Z"], ["quarterly", "2026-01-01T01:00:00Z", "2026-01-01T03:00:00.000Z"]] as const)("%s, asked at %s, comes at %s", (when, at, next) => {
    expect(nextDrill(policy({ when }), new Date(at))?.toISOString()).toBe(next);
  });

  it("does not make up for a time before the policy was set", () => {
    expect(due({ policy: policy({ when: "quarterly" }, ago(100)) })).toMatchObject({ isDue: false, reason: "Its first time is still to come." });
  });

  it("has no next time where none decides", () => {
    expect(nextDrill(policy(), now)).toBeNull();
    expect(nextDrill(policy({ when: "never" }), now)).toBeNull();
  });
});

describe("rotating", () => {
  const rotating = policy({ when: "daily", which: "rotate" });
  const backups = [backup(1), backup(25, 24), backup(49), backup(73, 72)];

  it("takes the newest first, then the older one whose last drill is longest ago, those never drilled before all", () => {
    expect(due({ policy: rotating, backups })).toMatchObject({ backupId: "b1" });
    expect(due({ policy: rotating, backups, scheduled: [{ backupId: "b25", at: ago(20), isLost: false }] })).toMatchObject({ backupId: "b49" });
  });

  it("comes back to the newest after an older one", () => {
    expect(due({ policy: rotating, backups, scheduled: [{ backupId: "b49", at: ago(20), isLost: false }] })).toMatchObject({ backupId: "b1" });
  });

  it("takes the only one there is", () => {
    expect(due({ policy: rotating, backups: [backup(30)], scheduled: [{ backupId: "b30", at: ago(20), isLost: false }] })).toMatchObject({ isDue: true, backupId: "b30" });
  });
});
