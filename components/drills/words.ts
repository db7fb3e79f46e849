import { minuteTime } from "@/lib/format/times";
import type { DrillPhase, DrillPolicy, DrillWhen } from "@/lib/drill/schemas";
import type { DrillKind, DrillOutcome } from "@/lib/drill/schemas";

export const kindWords = { drill: "Drill", disaster: "Disaster drill" } as const satisfies Record<DrillKind, string>;

export const outcomeWords = {
  passed: { word: "Passed", meaning: "restored, and equal in everything that was compared" },
  failed: { word: "Failed", meaning: "the backup did not restore as what was backed up" },
  inconclusive: { word: "Inconclusive", meaning: "could not be set up or did not end; nothing was proven and nothing disproven" },
} as const satisfies Record<DrillOutcome, { word: string; meaning: string }>;

export const whenWords = {
  after_backup: { title: "After every backup", sub: "The newest backup is proven within minutes of being taken." },
  daily: { title: "Every day", sub: "At an hour when the host has time." },
  weekly: { title: "Every week", sub: "On Mondays." },
  quarterly: { title: "Every quarter", sub: "On the first day of January, April, July and October." },
  yearly: { title: "Every year", sub: "On 1 January." },
  scheduled: { title: "As its schedule says", sub: "At times that were set under Settings, Schedules." },
  never: { title: "Only on demand", sub: "Without drills no backup is proven, and the database is never Protected." },
} as const satisfies Record<DrillWhen, { title: string; sub: string }>;

export const whichWords = {
  newest: { title: "The newest backup", sub: "What would be restored first." },
  rotate: { title: "The newest and an older one in turn", sub: "Every other drill takes the older backup that waited longest." },
} as const satisfies Record<DrillPolicy["which"], { title: string; sub: string }>;

export const phaseNames = {
  fetch: "Fetch and check the file",
  start: "Start the scratch server",
  restore: "Restore",
  compare: "Compare",
  checks: "Check",
  cleanUp: "Remove what was used",
} as const satisfies Record<DrillPhase, string>;

/** A policy in one sentence. */
export function policySentence(policy: DrillPolicy | null, nextAt: string | null): string {
  if (!policy) return "no policy chosen";
  const next = nextAt ? `, next ${minuteTime(nextAt)}` : "";
  const which = policy.which === "rotate" ? ", older ones in turn" : "";
  return `${whenWords[policy.when].title.toLowerCase()}${which}${next}`;
}
