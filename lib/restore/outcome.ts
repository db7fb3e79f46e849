import type { Comparison } from "@/lib/backup/compare";
import type { Manifest } from "@/lib/backup/schemas";
import { dumpedTables } from "@/lib/backup/tables";
import type { OnlyIn, RestoreEvidence, RestoreOutcome, RestorePlan } from "./schemas";

interface Compared {
  evidence: RestoreEvidence;
  plan: Pick<RestorePlan, "decision">;
  manifest: Manifest;
}

/** What a restore that was compared found, table by table: rows before it and after it. What it measures comes later. */
export function outcomeOfCompare({ evidence: { target }, plan, manifest }: Compared, comparison: Pick<Comparison, "tables" | "notCompared">, exceptions: string[]): RestoreOutcome {
  // A new database beside the live one replaces nothing, so nothing was there before it.
  const live = plan.decision.method === "beside" || target.live === null ? [] : target.tables;
  const before = new Map(live?.map((table) => [keyOf(table), table.rows]));
  const after = comparison.tables.map((table) => {
    const key = keyOf(table);
    const only: OnlyIn | null = live === null || before.has(key) ? null : "backup";
    const was = before.get(key) ?? null;
    before.delete(key);
    return { schema: table.schema, name: table.name, before: was, after: table.rows, only };
  });
  const gone = (live ?? []).filter((table) => before.has(keyOf(table))).map(({ schema, name, rows }) => ({ schema, name, before: rows, after: null, only: "live" as const }));
  const compared = dumpedTables(manifest);
  const rows = compared.reduce<number | null>((sum, table) => (sum === null || table.rows === null ? null : sum + table.rows), 0);
  return { rows: [...after, ...gone], compared: { tables: compared.length, rows, notCompared: comparison.notCompared }, exceptions, phases: {}, closedSessions: 0, downFrom: null, downTo: null, health: null };
}

function keyOf({ schema, name }: { schema: string; name: string }): string {
  return JSON.stringify([schema, name]);
}
