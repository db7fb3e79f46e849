import { describe, expect, it } from "vitest";
import { occurrencesBetween } from "@/lib/schedule/occurrences";
import { recheckShare } from "./recheck-share";

const day = 86_400_000;
const start = new Date("2026-01-01T00:00Z");
const at = (days: number) => new Date(start.getTime() + days * day);

/** A year of re-reading `many` files that are all as old: how many each time takes, and the longest that any went unread. */
function live(many: number, cron: string) {
  const times = { cron, timeZone: "Europe/Dublin" };
  const copies = Array.from({ length: many }, (_, id) => ({ id, lastReadAt: start }));
  const shares: number[] = [];
  let longest = 0;
  for (const now of occurrencesBetween(times, start, at(365), 10_000)) {
    const share = recheckShare(copies, times, now);
    shares.push(share.length);
    for (const { id } of share) {
      longest = Math.max(longest, now.getTime() - (copies[id]?.lastReadAt.getTime() ?? 0));
      copies[id] = { id, lastReadAt: now };
    }
  }
  return { shares, longest: longest / day, oldest: Math.max(...copies.map(({ lastReadAt }) => at(365).getTime() - lastReadAt.getTime())) / day };
}

describe("reading files again", () => {
  it.each([
    [1, "0 5 * * *"],
    [7, "0 5 * * *"],
    [60, "0 5 * * *"],
    [1_000, "0 5 * * *"],
    [60, "0 */6 * * *"],
    [60, "0 5 * * 0"],
  ])("reads each of %i files within the month, by %s", (many, cron) => {
    const { longest, oldest } = live(many, cron);
    expect(longest).toBeLessThanOrEqual(30);
    expect(oldest).toBeLessThanOrEqual(30);
  });

  it("reads all at each time of a schedule that is rarer than that", () => {
    expect(new Set(live(10, "0 4 1 * *").shares)).toEqual(new Set([10]));
  });

  it("spreads many over the month, also when all were stored in one night", () => {
    const { shares } = live(600, "0 5 * * *");
    expect(Math.max(...shares)).toBeLessThanOrEqual(40);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(10);
  });

  it("does not read a few files more often than it has to", () => {
    const { shares } = live(3, "0 5 * * *");
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(3 * 14);
  });

  it("takes at once what was read at a time ahead of the clock, and nobody knows when that was", () => {
    const copies = [{ id: "new", lastReadAt: at(0) }, { id: "ahead", lastReadAt: at(900) }];
    expect(recheckShare(copies, { cron: "0 5 * * *", timeZone: "UTC" }, at(1)).map(({ id }) => id)).toEqual(["ahead"]);
  });

  it("takes what is overdue at once, the oldest first", () => {
    const copies = [{ id: "b", lastReadAt: at(-40) }, { id: "a", lastReadAt: at(-90) }, { id: "new", lastReadAt: at(0) }];
    expect(recheckShare(copies, { cron: "0 5 * * *", timeZone: "UTC" }, at(0)).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
