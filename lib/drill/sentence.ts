import { count, plural } from "@/lib/format/counts";
import type { DatabaseDrills } from "./list";
import type { DisasterStep, DrillCheckResult, DrillPhase } from "./schemas";

/** What the drills say together, worst first. */
export function drillsSentence(databases: readonly Pick<DatabaseDrills, "name" | "isOverdue" | "proven">[]): string {
  const overdue = databases.filter(({ isOverdue }) => isOverdue);
  const never = overdue.filter(({ proven }) => !proven);
  if (databases.length === 0) return "A drill proves that a backup restores, on a copy that nothing else can reach.";
  if (overdue.length === 0) return databases.length === 1 ? "A drill restored a backup of your database that is within its target." : `All ${plural(databases.length, "database")} have a backup within their target that a drill restored.`;
  const [first] = overdue;
  const which = overdue.length === 1 && first ? `${first.name} has` : `${count(overdue.length)} of ${plural(databases.length, "database")} have`;
  const what = never.length === overdue.length ? "no backup that a drill ever restored" : "no backup within the target that a drill restored";
  return `${which} ${what}. Until then it is not proven that they restore.`.replace("they restore", overdue.length === 1 ? "it restores" : "they restore");
}

/** How the checks came out, each counted once: "10 of 11 checks passed, 1 not asked". */
export function checksSentence(checks: readonly Pick<DrillCheckResult, "outcome">[]): string {
  const many = (outcome: DrillCheckResult["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
  const [failed, skipped] = [many("failed"), many("skipped")];
  const share = (part: number) => (part === checks.length ? plural(part, "check") : `${count(part)} of ${plural(checks.length, "check")}`);
  return `${failed > 0 ? `${share(failed)} failed` : `${share(many("passed"))} passed`}${skipped > 0 ? `, ${count(skipped)} not asked` : ""}`;
}

/** What the checks make of their step in a disaster drill. */
export function checksStep(checks: readonly Pick<DrillCheckResult, "id" | "outcome">[]): Pick<DisasterStep, "outcome" | "detail"> {
  const isFailed = checks.some(({ outcome }) => outcome === "failed");
  return { outcome: isFailed ? "failed" : "done", detail: `${checksSentence(checks)}. ${plural(checks.filter(({ id }) => id === "own").length, "check")} of your own.` };
}

/** Whether a phase is part of the time that is told. Cleaning up never is, and of a disaster drill neither are the checks behind it: the data are back before. */
export function isCounted(phase: DrillPhase, isDisaster: boolean): boolean {
  return phase !== "cleanUp" && !(isDisaster && phase === "checks");
}
