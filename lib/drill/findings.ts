import type { Difference } from "@/lib/backup/schemas";
import type { AppError } from "@/lib/errors";
import { drillErrors } from "./errors";
import type { CleanUp, DrillCheckResult, DrillOutcome, DrillPhase, DrillPhases, DrillReport } from "./schemas";

/** What a drill has found so far. */
export interface Findings {
  image: string | null;
  serverVersion: string | null;
  checks: DrillCheckResult[];
  differences: Difference[];
  failures: string[];
  compared: DrillReport["compared"];
  tables: DrillReport["tables"];
  /** The definitions could not be compared. */
  isSchemaUnknown: boolean;
  /** What pg_amcheck said when it was there and did not come to its end; else null. */
  amcheckEnded: string | null;
  cleanUp: CleanUp | null;
  phases: DrillPhases;
}

export function noFindings(): Findings {
  return { image: null, serverVersion: null, checks: [], differences: [], failures: [], compared: { tables: 0, rows: null, notCompared: [] }, tables: null, isSchemaUnknown: false, amcheckEnded: null, cleanUp: null, phases: {} };
}

/** A line of the report that has no query of the user's. */
export function checked(id: DrillCheckResult["id"], outcome: DrillCheckResult["outcome"], title: string, detail: string, ms: number | null = null): DrillCheckResult {
  return { id, outcome, title, detail, query: null, expected: null, got: null, ms };
}

/** Runs one phase and keeps how long it took, also when it fails. */
export async function timed<T>(findings: Findings, phase: DrillPhase, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  try {
    return await work();
  } finally {
    findings.phases[phase] = (findings.phases[phase] ?? 0) + Date.now() - started;
  }
}

export interface Judgement {
  outcome: DrillOutcome;
  error: AppError | null;
  /** Whether it speaks against the backup itself. */
  blamesBackup: boolean;
}

/**
 * What a drill that came to its end proves. Everything that was asked has to have passed, the rows themselves and the definitions have to
 * have been compared, pg_amcheck has to have come to its end where there is one, and nothing may be left on the engine.
 */
export function judge(findings: Findings): Judgement {
  const failed = (id: DrillCheckResult["id"]) => findings.checks.filter((check) => check.id === id && check.outcome === "failed");
  const [first] = findings.failures;
  if (first !== undefined) return { outcome: "failed", error: drillErrors.incomplete({ failures: findings.failures.length, first }), blamesBackup: true };
  if (findings.differences.length > 0) return { outcome: "failed", error: drillErrors.differs({ differences: findings.differences.length, named: named(findings.differences) }), blamesBackup: true };
  const [damaged] = failed("amcheck");
  if (damaged) return { outcome: "failed", error: drillErrors.damaged({ stderr: damaged.got ?? "" }), blamesBackup: false };
  const own = failed("own");
  if (own.length > 0) return { outcome: "failed", error: drillErrors.own_check({ names: own.map(({ title }) => title) }), blamesBackup: false };
  if (!findings.checks.some((check) => check.id === "contents" && check.outcome === "passed")) return { outcome: "inconclusive", error: drillErrors.nothing_checked({}), blamesBackup: false };
  if (findings.isSchemaUnknown) return { outcome: "inconclusive", error: drillErrors.schema_not_compared({}), blamesBackup: false };
  if (findings.amcheckEnded !== null) return { outcome: "inconclusive", error: drillErrors.amcheck_ended({ stderr: findings.amcheckEnded }), blamesBackup: false };
  const left = findings.cleanUp?.left ?? null;
  if (left !== 0) return { outcome: "inconclusive", error: drillErrors.not_cleaned({ left: left ?? 1 }), blamesBackup: false };
  return { outcome: "passed", error: null, blamesBackup: false };
}

const mostNamed = 3;

/** "public.orders: rows 5 instead of 6". What a schema's fingerprint is says nothing to a person. */
export function named(differences: readonly Difference[]): string {
  return differences
    .slice(0, mostNamed)
    .map(({ what, name, expected, got }) => {
      switch (what) {
        case "rows":
          return `${name} has ${got} rows instead of ${expected}`;
        case "contents":
          return `${name} has other rows (${got} instead of ${expected})`;
        case "table_missing":
          return `${name} is missing`;
        case "table_extra":
          return `${name} is there and should not be`;
        case "sequence":
          return `${name} stands at ${got} instead of ${expected}`;
        case "schema":
          return "the definitions are not the same";
        default:
          return `${name}: ${got} instead of ${expected}`;
      }
    })
    .join("; ");
}
