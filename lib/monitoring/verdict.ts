import { plural } from "@/lib/format/counts";
import { span } from "@/lib/format/durations";
import { minuteTime } from "@/lib/format/times";
import { nbsp } from "@/lib/format/symbols";
import { lossWords, numberWord, type Assessment, type ReasonCode } from "./assess-database";
import type { DatabaseFacts } from "./facts";
import { byState, type OverviewAction, type Verdict } from "./schemas";

export interface Assessed {
  id: string;
  facts: DatabaseFacts;
  assessment: Assessment;
}

/** Worst first; among equals the one that has spent most of its objective. */
export function bySeverity(a: Assessed, b: Assessed): number {
  return byState(a.assessment.state, b.assessment.state) || spent(b) - spent(a) || a.facts.name.localeCompare(b.facts.name, "en");
}

function spent({ facts, assessment }: Assessed): number {
  return (assessment.couldLoseMs ?? 0) / (facts.objectiveRpoSeconds * 1_000);
}

/** If everything were lost now: one sentence about the worst database, why, what is still good, and what mends it. */
export function decideVerdict(all: readonly Assessed[]): Verdict | null {
  const [worst, ...others] = [...all].sort(bySeverity);
  if (!worst) return null;
  const { state } = worst.assessment;
  if (state === "protected") return protectedVerdict([worst, ...others]);
  return {
    state,
    headline: headline(worst, all),
    sentences: [...worst.assessment.reasons.slice(0, 2).map(({ text }) => text), ...stillGood(worst), ...alsoBad(others)],
    actions: actions(worst),
  };
}

function headline({ facts, assessment }: Assessed, all: readonly Assessed[]): string {
  const { name } = facts;
  const codes = new Set<ReasonCode>(assessment.reasons.map(({ code }) => code));
  if (codes.has("worker_silent")) return all.length > 1 ? "Nothing is known of your databases now." : `What ${name} would lose is not known.`;
  if (codes.has("never_backed_up")) return assessment.state === "running" ? `The first backup of ${name} is under way.` : `${name} has never been backed up.`;
  if (codes.has("none_restorable")) return `No backup of ${name} is known to restore.`;
  if (assessment.couldLoseMs === null) return `What ${name} would lose is not known.`;
  return `${name} would lose ${lossWords(assessment.couldLoseMs)} of data.`;
}

/** What a person can still count on, said only where something is wrong. */
function stillGood({ facts, assessment }: Assessed): string[] {
  const { newestReadable } = assessment;
  if (assessment.state === "unknown" && newestReadable) return [`Last known to be restorable: the backup from ${minuteTime(newestReadable.takenAt)}${nbsp}UTC.`];
  if (assessment.state === "unknown") return [];
  const codes = assessment.reasons.map(({ code }) => code);
  const failed = codes.includes("last_run_failed") || codes.includes("proof_failed") || codes.includes("drill_failed");
  if (newestReadable && failed) return [`The backup from ${minuteTime(newestReadable.takenAt)}${nbsp}UTC is still good.`];
  if (newestReadable && codes.every((code) => code === "unproven")) return [`The loss is within its target of ${span(facts.objectiveRpoSeconds)}.`];
  return [];
}

function alsoBad(others: readonly Assessed[]): string[] {
  const exposed = others.filter(({ assessment }) => assessment.state === "exposed").length;
  const unknown = others.filter(({ assessment }) => assessment.state === "unknown" && !assessment.reasons.some(({ code }) => code === "worker_silent")).length;
  const parts = [exposed > 0 ? `${numberWord(exposed)} more ${exposed === 1 ? "is" : "are"} exposed` : null, unknown > 0 ? `of ${numberWord(unknown)} ${exposed > 0 ? "" : "more "}nothing is known` : null].filter((part) => part !== null);
  if (parts.length === 0) return [];
  const sentence = parts.join(" and ");
  return [`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`];
}

function actions({ id, facts, assessment }: Assessed): OverviewAction[] {
  const codes = new Set<ReasonCode>(assessment.reasons.map(({ code }) => code));
  const backUp: OverviewAction = { kind: "backup", label: `Back up ${facts.name} now`, databaseId: id };
  if (codes.has("worker_silent")) return [];
  if (codes.has("store_unreadable")) return [{ kind: "link", label: `Test ${facts.store.name}`, href: "/settings/storage" }];
  if (facts.activeRunId !== null) return [{ kind: "link", label: "Follow the backup", href: `/runs/${facts.activeRunId}` }];
  if (facts.lastRun?.failed) return [{ kind: "link", label: "Show the fix", href: `/runs/${facts.lastRun.id}` }, backUp];
  if (codes.has("proof_failed") && facts.newest) return [backUp, { kind: "link", label: "Show the failed backup", href: `/backups/${facts.newest.id}` }];
  if (codes.has("drill_failed") && facts.lastDrill) return [{ kind: "link", label: "Show the failed drill", href: `/drills/${facts.lastDrill.id}` }, backUp];
  if (assessment.state === "paused") return [{ kind: "link", label: "See its schedule", href: `/settings/schedules/${id}` }, backUp];
  // Another backup would be as unproven as the newest: what there is to see is how far that one was checked.
  if (assessment.reasons.every(({ code }) => code === "unproven") && assessment.newestReadable) return [{ kind: "link", label: "See how far it was checked", href: `/backups/${assessment.newestReadable.id}` }, backUp];
  return [backUp];
}

function protectedVerdict(all: readonly Assessed[]): Verdict {
  const [first] = all;
  const most = Math.max(...all.map(({ assessment }) => assessment.couldLoseMs ?? 0));
  const loss = lossWords(most);
  const proofs = all.flatMap(({ assessment }) => (assessment.newestProven ? [assessment.newestProven.takenAt.getTime()] : []));
  return {
    state: "protected",
    headline: all.length === 1 ? `${first?.facts.name} is protected.` : `All ${plural(all.length, "database")} are protected.`,
    sentences: [
      `${loss.startsWith("under") ? `U${loss.slice(1)}` : `At most ${loss}`} of data would be lost.`,
      all.length === 1 ? `Its newest backup within its target that a drill restored is from ${minuteTime(Math.min(...proofs))}${nbsp}UTC.` : `Every one has a backup within its target that a drill restored; the oldest of those is from ${minuteTime(Math.min(...proofs))}${nbsp}UTC.`,
    ],
    actions: [],
  };
}
