import { expect, it } from "vitest";
import { beforeName, keptAwayName, restoredStateName, stagingName } from "./names";

const names = [stagingName, beforeName, restoredStateName, keptAwayName];

it("fits PostgreSQL's limit with the longest name and the largest runs, and ends with the run that gave it", () => {
  for (const name of ["a".repeat(63), "ü".repeat(31), "🙂".repeat(15)]) {
    for (const of of names) {
      const given = of(name, 2_147_483_646, 2_147_483_647);
      expect(Buffer.byteLength(given)).toBeLessThanOrEqual(63);
      expect(given).toMatch(/__[a-z]+_r2147483646_2147483647$/);
      expect(given).not.toContain("\uFFFD");
    }
  }
});

it("is another for every run that gives it, so that no name comes back", () => {
  const given = names.flatMap((of) => [12, 13, 14].map((byRun) => of("shop", 12, byRun)));
  expect(new Set(given).size).toBe(given.length);
  expect(given.slice(0, 6)).toEqual(["shop__staging_r12", "shop__staging_r12_13", "shop__staging_r12_14", "shop__before_r12", "shop__before_r12_13", "shop__before_r12_14"]);
});
