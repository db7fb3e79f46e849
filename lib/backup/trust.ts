import { shortDay } from "@/lib/format/times";
import { rungOf, type BackupProblem, type Rung } from "./schemas";

/** What is needed of a copy to say whether it can be looked at now. */
export interface CopyState {
  store: string;
  storeProblem: string | null;
  /** The store was taken out of use: what lies there is no copy of anything any more. */
  storeRemovedAt: Date | null;
  missingAt: Date | null;
  /** Its file is not what was stored. */
  isDamaged: boolean;
}

/** How far a backup can be trusted at this moment. */
export type Trust =
  | { state: "checked"; rung: Rung; at: string | null }
  /** It cannot be looked at, so an old proof is history. */
  | { state: "unknown"; was: Rung; wasAt: string | null; why: string }
  | { state: "damaged" | "missing"; rung: Rung; message: string; at: string };

export interface Proof {
  rung: number;
  storedAt: Date | null;
  intactAt: Date | null;
  readableAt: Date | null;
  provenAt: Date | null;
}

/** When a rung was reached. */
export function rungTime(proof: Proof, rung: Rung): Date | null {
  return { stored: proof.storedAt, intact: proof.intactAt, readable: proof.readableAt, proven: proof.provenAt }[rung];
}

/** The worst that is known speaks: a problem, then a copy nobody can look at, then the rung. */
export function trustOf(proof: Proof, problem: BackupProblem | null, copies: readonly CopyState[]): Trust {
  const rung = rungOf(proof.rung) ?? "stored";
  const at = rungTime(proof, rung)?.toISOString() ?? null;
  if (problem) return { state: problem.code === "store.file_missing" ? "missing" : "damaged", rung: problem.rung, message: problem.message, at: problem.at };
  if (copies.some((copy) => copy.storeProblem === null && copy.storeRemovedAt === null && copy.missingAt === null && !copy.isDamaged)) return { state: "checked", rung, at };
  return { state: "unknown", was: rung, wasAt: at, why: whyUnknown(copies) };
}

function whyUnknown(copies: readonly CopyState[]): string {
  const [first] = copies;
  if (!first) return "no copy is listed";
  const left = copies.find((copy) => !copy.storeRemovedAt);
  if (!left) return `${first.store} is not in use any more`;
  if (left !== first) return whyUnknown([left]);
  if (first.missingAt) return `missing from ${first.store}`;
  return first.isDamaged ? `damaged in ${first.store}` : `${first.store} cannot be read`;
}

/** "was proven 21 Sep": what is left to say of a backup that cannot be looked at. */
export function wasWords(trust: Extract<Trust, { state: "unknown" }>): string {
  return trust.wasAt ? `was ${trust.was} ${shortDay(trust.wasAt)}` : `was ${trust.was}`;
}
