import type { Actor } from "@/lib/context";
import { ageSpan } from "@/lib/format/ages";
import { count, plural } from "@/lib/format/counts";
import { nbsp } from "@/lib/format/symbols";
import { windowsOf, type Tier } from "./decide";
import { presetPolicy, retentionPresets, type RetentionDecision, type RetentionPolicy } from "./schemas";
import { splitSize } from "./size-limit";

const amounts = { hour: "hours", day: "days", week: "weeks", month: "months", year: "years" } as const satisfies Record<Tier, keyof RetentionPolicy>;
const tiers = ["hour", "day", "week", "month", "year"] as const satisfies readonly Tier[];

/** Why a backup was removed, as its audit entry says it: what lets it go, by which rules, and who wanted that. */
export function removalReason(policy: RetentionPolicy, gone: RetentionDecision["go"][number], { why, actor }: { why: string; actor: Pick<Actor, "kind" | "name"> }): string {
  const isAsked = actor.kind === "user" || actor.kind === "token" || actor.kind === "cli";
  return `${whatLetsItGo(policy, gone)}. ${why.slice(0, 1).toUpperCase()}${why.slice(1)}${isAsked ? `, asked for by ${actor.name}` : ""}: ${policyWords(policy)}.`;
}

function whatLetsItGo(policy: RetentionPolicy, { backup, reason, anchor }: RetentionDecision["go"][number]): string {
  if (reason === "over_size") return `Over the size limit of ${sizeWords(policy.totalBytes ?? 0)}, and nothing but rules kept it`;
  const at = backup.takenAt.getTime();
  const window = windowsOf(policy, anchor).find(({ from, until }) => at < from && at >= until);
  if (window) return `Of its ${window.reason} another backup was chosen to be kept`;
  return `${ageSpan(backup.takenAt, anchor)} older than the newest good backup, and no rule reaches so far back`;
}

/** A policy in one line, by its name where it has one: "Production, every backup for 30 days". */
export function policyWords(policy: RetentionPolicy): string {
  const preset = retentionPresets.find(({ days }) => JSON.stringify(presetPolicy(days)) === JSON.stringify({ ...policy, foreign: false }));
  const rules = [
    ...(policy.everyDays > 0 ? [`every backup for ${plural(policy.everyDays, "day")}`] : []),
    ...tiers.flatMap((tier) => (policy[amounts[tier]] > 0 ? [`one per ${tier} for ${plural(policy[amounts[tier]], tier)}`] : [])),
    ...(policy.newest > 0 ? [`the newest ${policy.newest}`] : []),
    ...(policy.totalBytes === null ? [] : [`at most ${sizeWords(policy.totalBytes)}`]),
  ];
  return [...(preset ? [preset.name] : []), ...(rules.length > 0 ? rules : ["only what is always kept"])].join(", ");
}

/** Not rounded: a limit is what somebody set. */
function sizeWords(totalBytes: number): string {
  const { value, unit } = splitSize(totalBytes);
  return `${Number.isInteger(value) ? count(value) : value}${nbsp}${unit}`;
}
