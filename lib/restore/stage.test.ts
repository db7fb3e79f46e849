import { describe, expect, it } from "vitest";
import { dockerErrors } from "@/lib/docker/errors";
import { indexJobsFor, jobsFor, layDownLimit, missingTablespace } from "./stage";

const GiB = 2 ** 30;

interface Facts {
  format?: "custom" | "plain" | "directory";
  databaseBytes?: number | null;
  cores?: number;
  freeBytes?: number | null;
  roomBytes?: number | null;
}

function jobsOf({ format = "custom", databaseBytes = 5 * GiB, cores = 3, freeBytes = 100 * GiB, roomBytes = 100 * GiB }: Facts): [number, number] {
  const volumes = freeBytes === null ? [] : [{ mount: "/data", roles: ["data", "home"], freeBytes, totalBytes: 200 * GiB }];
  const evidence = { backup: { format, databaseBytes }, target: { cores, volumes } } as Parameters<typeof jobsFor>[0];
  return [jobsFor(evidence, layDownLimit(evidence, roomBytes)), indexJobsFor(evidence)];
}

describe("the jobs of a load", () => {
  it.each<[string, Facts, number, number]>([
    ["a large archive is laid down, with one for each core", {}, 3, 3],
    ["and never more than eight, behind the data four", { cores: 64 }, 8, 4],
    ["of which there may be two", { cores: 2 }, 2, 2],
    ["on one core it streams", { cores: 1 }, 1, 1],
    ["a small one has one all the way", { databaseBytes: 8 * 2 ** 20 }, 1, 1],
    ["so has one of unknown size", { databaseBytes: null }, 1, 1],
    ["one that has no room to lie down beside the restored database streams", { freeBytes: 10 * GiB }, 1, 3],
    ["the reserve of the volume is no room", { freeBytes: 34 * GiB }, 1, 3],
    ["one of which nobody knows the room streams", { freeBytes: null }, 1, 3],
    ["one that has none where it is laid streams", { roomBytes: 9 * GiB }, 1, 3],
    ["one of which nobody knows whether it has, or whose room is memory, streams", { roomBytes: null }, 1, 3],
    ["plain SQL is one stream", { format: "plain" }, 1, 1],
    ["a directory is laid down anyway", { format: "directory", databaseBytes: 1, freeBytes: null }, 3, 1],
  ])("%s", (_, facts, jobs, indexJobs) => expect(jobsOf(facts)).toEqual([jobs, indexJobs]));
});

describe("a tablespace that the server does not have", () => {
  const said = (stderr: string) => missingTablespace(dockerErrors.exec_failed({ tool: "pg_restore", exitCode: 4, stderr }));
  it("is read from what the server says", () => {
    expect(said('pg_restore: error: could not execute query: ERROR:  invalid value for parameter "default_tablespace": "fast disk"\nDETAIL:  Tablespace "fast disk" does not exist.\n')).toBe("fast disk");
    expect(said('pg_restore: error: could not execute query: ERROR:  tablespace "fast" does not exist\n')).toBe("fast");
  });
  it("is not why anything else failed", () => {
    expect(said('ERROR:  relation "tablespace" does not exist\n')).toBeNull();
    expect(missingTablespace(new Error('ERROR:  tablespace "fast" does not exist'))).toBeNull();
  });
});
