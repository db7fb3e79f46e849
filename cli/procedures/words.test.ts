import { expect, it } from "vitest";
import { countLines, humanised, prettySize, shortSize } from "./words";

it.each([[0, "0"], [1023, "1023"], [1247, "1.3K"], [16_384, "16K"], [73_728, "72K"], [10_200, "10K"], [1_048_576, "1M"], [15_500_000, "15M"], [3 * 1024 ** 3 + 1, "3.1G"]])("writes %d bytes as ls -h does: %s", (size, text) => {
  expect(shortSize(size)).toBe(text);
});

// SELECT pg_size_pretty(…) of PostgreSQL 15.
it.each([[0, "0 bytes"], [10_239, "10239 bytes"], [10_240, "10 kB"], [8_884_224, "8676 kB"], [10_485_247, "10239 kB"], [10_485_760, "10 MB"], [48_200_000, "46 MB"], [1_500_000_000, "1431 MB"], [20_000_000_000, "19 GB"]])("writes %d bytes as PostgreSQL does: %s", (size, text) => {
  expect(prettySize(size)).toBe(text);
});

it.each([["price_items", "Price items"], ["pipelineRuns", "Pipeline runs"], ["ORDERS", "Orders"], ["_", "_"], ["x\u001b[2J", "X\\x1b[2j"]])("reads %s as %s", (name, words) => {
  expect(humanised(name)).toBe(words);
});

const table = (name: string, rows: number | null, schema = "public") => ({ schema, name, rows });

it("shows what the old script counted first, in its order, and then the largest", () => {
  expect(countLines([table("big", 1_200_000), table("pipeline_runs", 1), table("price_items", 32), table("small", 2)])).toEqual(["   Price items: 32", "   Pipeline runs: 1", "   Big: 1200000", "   Small: 2"]);
});

it("says which of two tables of one name, what was not counted, and how many more there are", () => {
  const many = Array.from({ length: 6 }, (_, index) => table(`t${index}`, index));
  expect(countLines([table("a", null), table("a", 9, "audit"), ...many])).toEqual(["   A (audit): 9", "   T5: 5", "   T4: 4", "   T3: 3", "   T2: 2", "   T1: 1", "   and 2 more tables"]);
  expect(countLines([table("a", null), table("a", 9, "audit")])).toEqual(["   A (audit): 9", "   A (public): not counted"]);
});
