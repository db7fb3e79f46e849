import { createHash } from "node:crypto";
import { bytes } from "@/lib/format/bytes";
import { shortTime } from "@/lib/format/times";
import { decideRestore } from "./decide";
import { checkPlan } from "./checks";
import { byDifference, differenceOf } from "./plan-rows";
import type { MissingRole, PlanRow, RestoreEvidence, RestorePlan } from "./schemas";

/**
 * What a restore will do and what speaks for and against it, from evidence alone: the same function shows the review, is what a
 * person confirms by its hash, and is computed anew by the worker before it begins.
 */
export function planRestore(evidence: RestoreEvidence, now: Date): RestorePlan {
  const decision = decideRestore(evidence);
  const checks = checkPlan(evidence);
  const rows = comparedRows(evidence);
  const { choices } = evidence.request;
  const known = rows?.filter((row): row is PlanRow & { difference: number } => row.difference !== null) ?? null;
  const replaces = decision.method !== "beside" && evidence.target.live !== null;
  return {
    decision,
    hash: hashDecision(decision),
    computedAt: evidence.at,
    checks,
    isBlocked: checks.some((check) => check.outcome === "blocking"),
    rows,
    rowsTakenOut: known && replaces ? sum(known.map((row) => Math.max(0, -row.difference))) : null,
    rowsBack: known && replaces ? sum(known.map((row) => Math.max(0, row.difference))) : null,
    tablesTakenFrom: replaces ? (known ?? []).filter((row) => row.difference < 0).map((row) => `${row.schema}.${row.name}`) : [],
    takesAboutMs: evidence.measured?.totalMs ?? null,
    takesAboutFrom: evidence.measured ? `as measured by the ${evidence.measured.what} of ${shortTime(evidence.measured.at)}${evidence.measured.sizeBytes === null ? "" : `, of a backup of ${bytes(evidence.measured.sizeBytes)}`}` : null,
    downtimeAboutMs: decision.method === "swap" ? (evidence.measured?.downtimeMs ?? null) : null,
    goesBackMs: Math.max(0, now.getTime() - Date.parse(evidence.backup.takenAt)),
    undoUntil: decision.method === "swap" && replaces ? new Date(now.getTime() + choices.keepHours * 3_600_000).toISOString() : null,
    missingRoles: rolesWithChoices(evidence),
    existingRoles: evidence.target.existingRoles,
    closesSessions: decision.method === "beside" ? 0 : sum(evidence.target.sessions.map((session) => session.count)),
    notRestored: notRestored(evidence),
  };
}

/** SHA-256 of a decision with its members in a fixed order. */
export function hashDecision(decision: RestorePlan["decision"]): string {
  return createHash("sha256").update(canonical(decision)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

/** Tables of the backup and of the live database, those with the largest difference first. Null where either side is unknown. */
function comparedRows({ backup, target, request }: RestoreEvidence): PlanRow[] | null {
  if (!backup.tables || target.problem) return null;
  const key = (table: { schema: string; name: string }) => JSON.stringify([table.schema, table.name]);
  const isNew = request.choices.method === "beside" || !target.live;
  if (!isNew && !target.tables) return null;
  const live = new Map(isNew ? [] : target.tables?.map((table) => [key(table), table.rows]));
  const rows = backup.tables.map((table): PlanRow => {
    const only = live.has(key(table)) ? null : "backup";
    const now = live.get(key(table)) ?? null;
    live.delete(key(table));
    const after = table.excluded ? 0 : table.rows;
    return { schema: table.schema, name: table.name, now, after, difference: differenceOf({ now, after, only }), only };
  });
  const gone = (target.tables ?? []).filter((table) => live.has(key(table))).map(({ schema, name, rows: now }): PlanRow => {
    const counts = { now, after: null, only: "live" } as const;
    return { schema, name, ...counts, difference: differenceOf(counts) };
  });
  return [...rows, ...gone].sort(byDifference);
}

function rolesWithChoices({ backup, target, request }: RestoreEvidence): { role: string; choice: MissingRole }[] {
  if (target.problem) return [];
  const existing = new Set(target.existingRoles);
  return backup.roles.filter((role) => !existing.has(role)).map((role) => ({ role, choice: request.choices.missingRoles[role] ?? { do: "create" } }));
}

/** What a person may expect to come back and will not. */
function notRestored({ backup, target, request }: RestoreEvidence): string[] {
  const leftOut = (backup.tables ?? []).filter((table) => table.excluded).map((table) => `${table.schema}.${table.name}`);
  return [
    `Server settings, other databases in ${target.container}, and files outside PostgreSQL.`,
    "Passwords and memberships of roles that are there already: they stay as they are.",
    ...(leftOut.length > 0 ? [`Rows of ${leftOut.slice(0, 5).join(", ")}${leftOut.length > 5 ? ` and ${leftOut.length - 5} more tables` : ""}: the backup leaves them out.`] : []),
    ...(request.choices.method !== "beside" && target.replicationSlots.length > 0 ? [`Replication slots (${target.replicationSlots.join(", ")}): they stay with the database from before.`] : []),
    ...(!target.problem && !target.live ? ["What hangs on the database itself: its grants, comment, connection limit, and the settings of ALTER DATABASE. No database is left to take them from, and the file does not hold them."] : []),
    ...(losesOwners({ backup, target }) ? [ownersLost(target.role)] : []),
    ...(backup.tables === null ? ["What the file does not hold: it has no manifest to say what it must hold."] : []),
  ];
}

/** Only a superuser may give objects to anybody, so the archive is loaded without its owners where the role is none. */
export function losesOwners({ backup, target }: Pick<RestoreEvidence, "backup" | "target">): boolean {
  return !target.problem && !target.isSuperuser && backup.format !== "plain";
}

/** What that means, for the plan and for the run. */
export function ownersLost(role: string): string {
  return `Owners of tables and other objects: all of them will belong to ${role}, which is not a superuser. Who had rights only as an owner has none afterwards.`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
