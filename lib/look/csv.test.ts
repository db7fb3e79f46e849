import { expect, it } from "vitest";
import { CsvReader } from "./csv";

const text = 'id,"na""me",note\n1,,null-7\n2,"a,b\n""c""","null-7"\n3,ä🎉,x\n';

it.each([1, 2, 5, 1_000])("reads what psql writes, in pieces of %i characters", (size) => {
  const reader = new CsvReader("null-7", 100);
  const rows: (string | null)[][] = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; at += size) rows.push(...reader.push(characters.slice(at, at + size).join("")));
  expect(rows).toEqual([["id", 'na"me', "note"], ["1", "", null], ["2", 'a,b\n"c"', "null-7"], ["3", "ä🎉", "x"]]);
  expect(reader.isShortened).toBe(false);
});

it("cuts long values and says so", () => {
  const reader = new CsvReader("null", 3);
  expect([...reader.push('"abcdef",abc\n')]).toEqual([["abc", "abc"]]);
  expect(reader.isShortened).toBe(true);
});
