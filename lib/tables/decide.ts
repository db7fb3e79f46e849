import "server-only";
import { createHash } from "node:crypto";
import { count, plural } from "@/lib/format/counts";
import { copyName } from "./names";
import { type ApplyDecision, type ApplyPlan, type ComparedTable, type Comparison, type PlanApplyInput, type TableChoice, tableName } from "./schemas";

interface Facts {
  id: string;
  backupId: string;
  databaseId: string;
  databaseName: string;
  comparison: Comparison;
  now: Date;
}

/**
 * What would be done with staged tables, what it means in rows, and what stands against it. The hash covers what is done and not the
 * counts, which may change while somebody reads them.
 */
export function planApply(facts: Facts, input: PlanApplyInput): ApplyPlan {
  const { comparison } = facts;
  const taken = new Set(comparison.copiesTaken);
  const tables = input.tables.map((chosen) => {
    const name = chosen.do === "copy" ? copyName(chosen, facts.now, taken) : null;
    if (name !== null) taken.add(tableName({ schema: chosen.schema, name }));
    return { schema: chosen.schema, name: chosen.name, do: chosen.do, copyName: name };
  });
  const decision: ApplyDecision = { tableRestoreId: facts.id, backupId: facts.backupId, databaseId: facts.databaseId, databaseOid: comparison.databaseOid, tables, keepHours: input.keepHours };
  const chosen = tables.flatMap((table) => {
    const compared = comparison.tables.find((one) => one.schema === table.schema && one.name === table.name);
    return compared && table.do !== "none" ? [{ compared, do: table.do, copyName: table.copyName }] : [];
  });
  // What takes rows out is told first.
  const worstFirst = chosen.toSorted((a, b) => severity.indexOf(a.do) - severity.indexOf(b.do));
  return {
    decision,
    hash: hashOf(decision),
    phrase: facts.databaseName,
    consequences: worstFirst.map(consequence),
    notes: notes(chosen, comparison),
    blocked: [...(chosen.length === 0 ? ["Nothing is chosen to be done. Say for at least one table what should happen."] : []), ...chosen.flatMap((table) => blocks(table, comparison))],
    keptUntil: new Date(facts.now.getTime() + input.keepHours * 3_600_000).toISOString(),
  };
}

/** SHA-256 of a decision, hexadecimal. */
export function hashOf(decision: ApplyDecision): string {
  return createHash("sha256").update(JSON.stringify(decision)).digest("hex");
}

interface ChosenTable {
  compared: ComparedTable;
  do: Exclude<TableChoice, "none">;
  copyName: string | null;
}

const severity: readonly TableChoice[] = ["replace", "insert", "copy"];

function consequence({ compared, do: what, copyName: copy }: ChosenTable): string {
  const name = tableName(compared);
  const back = `${plural(compared.onlyBackup, "row")} ${compared.onlyBackup === 1 ? "comes" : "come"} back`;
  if (what === "copy") return `${count(compared.backupRows)} rows are put into a new table ${compared.schema}.${copy ?? ""}. ${name} is not touched.`;
  if (what === "insert") return `${name}: ${back}; nothing is taken out or changed.`;
  return `${name}: ${plural(compared.onlyLive, "row")} taken out, ${count(compared.changed)} set back to the backup, ${back}.`;
}

function notes(chosen: readonly ChosenTable[], comparison: Comparison): string[] {
  const rewritten = chosen.filter((table) => table.do !== "copy");
  const triggers = rewritten.flatMap(({ compared }) => compared.triggers.map((trigger) => `${trigger} on ${tableName(compared)}`));
  return [
    ...(triggers.length > 0 ? [`Triggers do not fire for restored rows: ${triggers.join(", ")}.`] : []),
    ...(comparison.isSuperuser || rewritten.length === 0 ? [] : ["The role is no superuser, so foreign keys stay awake: the server refuses rows whose counterpart is missing."]),
    ...rewritten.flatMap(({ compared }) => (compared.columnsGone.length > 0 ? [`${tableName(compared)} has no ${compared.columnsGone.join(", ")} any more; what the backup holds of it stays behind. A copy keeps it.`] : [])),
    ...rewritten.flatMap(({ compared }) => (compared.columnsNew.length > 0 ? [`${compared.columnsNew.join(", ")} of ${tableName(compared)} ${compared.columnsNew.length === 1 ? "is" : "are"} newer than the backup: rows that come back get the default.`] : [])),
    ...rewritten.flatMap(({ compared }) => (compared.key === null ? [`${tableName(compared)} has no primary key that can be compared: whole rows are matched, and a changed row counts as one out and one in.`] : [])),
  ];
}

function blocks({ compared, do: what }: ChosenTable, comparison: Comparison): string[] {
  if (what === "copy") return [];
  const name = tableName(compared);
  if (compared.live === "missing") return [`${name} is not in the live database. Keep a copy beside it, or restore the whole database.`];
  if (compared.live === "other") return [`${name} is no ordinary table in the live database any more. Keep a copy, and move the rows by hand.`];
  const referring = comparison.foreignKeys.filter((key) => key.inLive && key.to.schema === compared.schema && key.to.name === compared.name);
  if (comparison.isSuperuser) return [];
  return [
    ...(compared.isOwner ? [] : [`The role does not own ${name}, so it cannot keep its triggers from firing. Use a superuser or the owner, or keep a copy.`]),
    ...(what === "replace" && referring.length > 0 ? [`${referring.map((key) => tableName(key.from)).join(", ")} ${referring.length === 1 ? "refers" : "refer"} to ${name}: replacing its rows without touching theirs needs a superuser. Insert missing rows only, or keep a copy.`] : []),
  ];
}
