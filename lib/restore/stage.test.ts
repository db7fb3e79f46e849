import { describe, expect, it } from "vitest";
import { jobsFor } from "./stage";
import { safeForMs } from "./space";

const GiB = 2 ** 30;

function evidence(change: { format?: "custom" | "plain" | "directory"; databaseBytes?: number | null; cores?: number; freeBytes?: number | null }): Parameters<typeof jobsFor>[0] {
  const { format = "custom", databaseBytes = GiB, cores = 4, freeBytes = 100 * GiB } = change;
  const space = freeBytes === null ? null : { freeBytes, totalBytes: 200 * GiB };
  return { backup: { format, databaseBytes }, target: { cores, space } } as Parameters<typeof jobsFor>[0];
}

describe("the jobs of a load", () => {
  it.each([
    ["a large custom archive has one for each core", {}, 4],
    ["and never more than eight", { cores: 64 }, 8],
    ["a small one streams", { databaseBytes: 8 * 2 ** 20 }, 1],
    ["one of unknown size streams", { databaseBytes: null }, 1],
    ["one that has no room to lie down streams", { freeBytes: 3 * GiB }, 1],
    ["one of which nobody knows the room streams", { freeBytes: null }, 1],
    ["plain SQL is one stream", { format: "plain" as const }, 1],
    ["a directory is laid down anyway", { format: "directory" as const, databaseBytes: 1, freeBytes: null }, 4],
  ])("%s", (_, change, jobs) => expect(jobsFor(evidence(change))).toBe(jobs));
});

describe("looking at the volume while something is loaded", () => {
  it("is more frequent the less is free", () => {
    expect(safeForMs(500 * GiB)).toBe(15_000);
    expect(safeForMs(5 * GiB)).toBe(5_000);
    expect(safeForMs(100)).toBe(2_000);
    expect(safeForMs(-GiB)).toBe(2_000);
  });
});
