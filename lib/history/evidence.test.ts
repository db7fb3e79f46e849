import { describe, expect, it } from "vitest";
import { findGaps } from "./evidence";

const m = 60_000;
const range = { from: 0, to: 1_000 * m };

describe("findGaps", () => {
  it("has no gap where workers followed each other, restarts included", () => {
    const workers = [{ startedAt: -m, heartbeatAt: 400 * m, stoppedAt: 400 * m }, { startedAt: 401 * m, heartbeatAt: 1_000 * m, stoppedAt: null }];
    expect(findGaps(range, workers, -m)).toEqual([]);
  });

  it("tells a worker that was stopped from one that fell silent", () => {
    const workers = [
      { startedAt: 0, heartbeatAt: 100 * m, stoppedAt: 100 * m },
      { startedAt: 200 * m, heartbeatAt: 300 * m, stoppedAt: null },
      { startedAt: 400 * m, heartbeatAt: 1_000 * m, stoppedAt: null },
    ];
    expect(findGaps(range, workers, 0)).toEqual([
      { from: 100 * m, to: 200 * m, why: "stopped" },
      { from: 300.5 * m, to: 400 * m, why: "silent" },
    ]);
  });

  it("does not hold the time before a database was registered against anybody", () => {
    expect(findGaps(range, [], 250 * m)).toEqual([
      { from: 0, to: 250 * m, why: "unregistered" },
      { from: 250 * m, to: 1_000 * m, why: "silent" },
    ]);
  });
});
