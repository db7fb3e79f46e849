import { describe, expect, it } from "vitest";
import type { Manifest } from "@/lib/backup/schemas";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { DrillTables } from "./schemas";
import { equalTables, tablesFound } from "./tables";

type Table = Manifest["tables"][number];
const table = (name: string, rows: number | null, more: Partial<Table> = {}): Table => ({ schema: "public", name, kind: "table", rows, sizeBytes: 1, excluded: "no", activity: null, ...more });
const manifestOf = (tables: Table[]): Manifest => ({ ...exampleSidecar({ backupId: "b", runId: 1, databaseId: "d", key: "x" }).manifest, tables });
const found = (name: string, rows: number | null) => ({ schema: "public", name, rows });
const stored = (record: DrillTables) => DrillTables.parse(JSON.parse(JSON.stringify(record)));

describe("the tables of a drill that found no difference", () => {
  const manifest = manifestOf([table("items", 5), table("empty", 0), table("huge", null), table("slow", 7), table("logs", 9, { excluded: "data" }), table("gone", 3, { excluded: "absent" }), table("elsewhere", null, { kind: "foreign" }), table("report", null, { kind: "view" })]);
  const record = stored(tablesFound(manifest, { tables: [found("items", 5), found("empty", 0), found("huge", 4_000_000), found("slow", null), found("logs", 0)] }));

  it("have the rows that were counted in the copy, also where the backup did not count", () => {
    const tables = equalTables(manifest, record);
    expect(["items", "empty", "huge", "slow"].map((name) => tables?.rowsOf({ schema: "public", name }))).toEqual([5, 0, 4_000_000, null]);
    expect(tables?.rows).toBeNull();
  });
  it("are equal only where their rows are in the dump: nothing else was compared", () => {
    const tables = equalTables(manifest, record);
    for (const name of ["logs", "gone", "elsewhere", "report", "unheard_of"]) expect(tables?.rowsOf({ schema: "public", name })).toBeUndefined();
    expect(record.equal).toBe(4);
  });
  it("are summed where all were counted", () => {
    const all = manifestOf([table("items", 5), table("prices", 4)]);
    expect(equalTables(all, stored(tablesFound(all, { tables: [found("items", 5), found("prices", 4)] })))?.rows).toBe(9);
  });
  it("say nothing of a manifest with other tables", () => expect(equalTables(manifestOf([table("items", 5)]), record)).toBeNull());
  it("take no room for ten thousand that are as the manifest says", () => {
    const many = manifestOf(Array.from({ length: 10_000 }, (_, index) => table(`part_${index}`, index)));
    expect(JSON.stringify(tablesFound(many, { tables: many.tables })).length).toBeLessThan(100);
  });
});
