import { describe, expect, it } from "vitest";
import { safeForMs } from "./space";
import { indexJobsFor, jobsFor } from "./stage";

const GiB = 2 ** 30;

function evidence(change: { format?: "custom" | "plain" | "directory"; databaseBytes?: number | null; cores?: number; freeBytes?: number | null }): Parameters<typeof jobsFor>[0] {
  const { format = "custom", databaseBytes = 5 * GiB, cores = 3, freeBytes = 100 * GiB } = change;
  const space = freeBytes === null ? null : { freeBytes, totalBytes: 200 * GiB };
  return { backup: { format, databaseBytes }, target: { cores, space } } as Parameters<typeof jobsFor>[0];
}

describe("the jobs of a load", () => {
  it.each([
    ["a large archive on a machine with cores to spare is laid down, with one for each core", {}, 3, 3],
    ["and never more than eight, behind the data four", { cores: 64 }, 8, 4],
    ["on two cores it streams, and only its indexes have two", { cores: 2 }, 1, 2],
    ["one of less than 4 GiB streams", { databaseBytes: GiB }, 1, 3],
    ["a small one has one all the way", { databaseBytes: 8 * 2 ** 20 }, 1, 1],
    ["so has one of unknown size", { databaseBytes: null }, 1, 1],
    ["one that has no room to lie down streams", { freeBytes: 10 * GiB }, 1, 3],
    ["one of which nobody knows the room streams", { freeBytes: null }, 1, 3],
    ["plain SQL is one stream", { format: "plain" as const }, 1, 1],
    ["a directory is laid down anyway", { format: "directory" as const, databaseBytes: 1, freeBytes: null }, 3, 1],
  ])("%s", (_, change, jobs, indexJobs) => expect([jobsFor(evidence(change)), indexJobsFor(evidence(change))]).toEqual([jobs, indexJobs]));
});

describe("looking at the volume while something is loaded", () => {
  it("is more frequent the less is free", () => {
    expect(safeForMs(500 * GiB)).toBe(5_000);
    expect(safeForMs(16 * GiB)).toBe(4_000);
    expect(safeForMs(100)).toBe(2_000);
    expect(safeForMs(-GiB)).toBe(2_000);
  });
});
