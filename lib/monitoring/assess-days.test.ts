import { describe, expect, it } from "vitest";
import { assessDays, stripStart } from "./assess-days";

const now = new Date("2026-09-22T09:14:00Z");
const at = (day: number, hour = 2) => new Date(Date.UTC(2026, 8, day, hour));
const last = (days: ReturnType<typeof assessDays>, many: number) => days.slice(-many).map(({ state }) => state);

describe("assessDays", () => {
  it("covers 30 days in UTC, today last", () => {
    const days = assessDays({ backups: [], failures: [] }, now);
    expect(days).toHaveLength(30);
    expect(stripStart(now).toISOString()).toBe("2026-08-24T00:00:00.000Z");
    expect(days.at(0)?.at).toBe("2026-08-24T00:00:00.000Z");
    expect(days.at(-1)?.at).toBe("2026-09-22T00:00:00.000Z");
    expect(days.every(({ state }) => state === "nothing")).toBe(true);
  });

  it("tells proven days from those that were only backed up", () => {
    const backups = [{ takenAt: at(21), rung: 3, hasProblem: false }, { takenAt: at(22), rung: 4, hasProblem: false }];
    expect(last(assessDays({ backups, failures: [] }, now), 3)).toEqual(["nothing", "backed_up", "proven"]);
  });

  it("lets a problem cool once a later backup was readable", () => {
    const backups = [{ takenAt: at(20), rung: 3, hasProblem: false }];
    expect(last(assessDays({ backups, failures: [at(19), at(21)] }, now), 4)).toEqual(["resolved", "backed_up", "problem", "nothing"]);
  });

  it("does not take a stored but unread backup for the end of a problem", () => {
    expect(last(assessDays({ backups: [{ takenAt: at(22), rung: 1, hasProblem: false }], failures: [at(21)] }, now), 2)).toEqual(["problem", "backed_up"]);
  });

  it("draws a day as missed where a schedule wanted a backup and nothing was taken", () => {
    const days = assessDays({ backups: [{ takenAt: at(22), rung: 3, hasProblem: false }], failures: [], missed: [at(20), at(22, 1)] }, now);
    expect(last(days, 3)).toEqual(["missed", "nothing", "backed_up"]);
    expect(days.at(-1)?.note).toBe("1\u00a0backup, 1 missed");
  });

  it("counts what a day had", () => {
    const days = assessDays({ backups: [{ takenAt: at(22, 3), rung: 3, hasProblem: false }, { takenAt: at(22, 4), rung: 3, hasProblem: false }], failures: [at(22, 1)] }, now);
    expect(days.at(-1)).toMatchObject({ state: "resolved", note: "2\u00a0backups, 1 failed" });
  });
});
