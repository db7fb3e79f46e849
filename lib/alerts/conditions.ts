import { isAhead } from "@/lib/clock";

/** How one thing that can hold for a while is found at this moment. */
export interface Observation {
  key: string;
  /** `held`: not known, or said by something else. It is neither told nor over. */
  state: "active" | "clear" | "held";
  /** What it is made of; one that comes in is told. Empty where there is only one thing. */
  members: readonly string[];
  /** A channel would be told. */
  isWanted: boolean;
}

/** What is on record of it. */
export interface KnownCondition {
  key: string;
  members: readonly string[];
  toldAt: Date | null;
  closedAt: Date | null;
}

/** `isTold` false: only the record changes. */
export type Move =
  | { do: "open"; key: string; isTold: boolean }
  | { do: "tell"; key: string; phase: "opened" | "repeated" }
  | { do: "note"; key: string }
  | { do: "close"; key: string; isTold: boolean };

/**
 * What is to be told of conditions: once when one begins, again every `repeatMs` (null: never), when something is added to it, and once
 * when it is over, to those who heard of it. What is observed no more, because its database or store was removed, ends without a word.
 */
export function decideConditions(observed: readonly Observation[], known: readonly KnownCondition[], { now, repeatMs }: { now: Date; repeatMs: number | null }): Move[] {
  const row = new Map(known.map((one) => [one.key, one]));
  const seen = new Set(observed.map(({ key }) => key));
  return [
    ...observed.flatMap((one) => moveOf(one, row.get(one.key), now, repeatMs) ?? []),
    ...known.filter(({ key, closedAt }) => !closedAt && !seen.has(key)).map(({ key }): Move => ({ do: "close", key, isTold: false })),
  ];
}

function moveOf({ key, state, members, isWanted }: Observation, known: KnownCondition | undefined, now: Date, repeatMs: number | null): Move | null {
  const open = known && !known.closedAt ? known : null;
  if (state === "held") return null;
  if (state === "clear") return open ? { do: "close", key, isTold: open.toldAt !== null } : null;
  if (!open) return { do: "open", key, isTold: isWanted };
  const isChanged = members.length !== open.members.length || members.some((member) => !open.members.includes(member));
  if (isWanted && !open.toldAt) return { do: "tell", key, phase: "opened" };
  if (isWanted && members.some((member) => !open.members.includes(member))) return { do: "tell", key, phase: "opened" };
  const isDue = open.toldAt && repeatMs !== null && (now.getTime() - open.toldAt.getTime() >= repeatMs || isAhead(open.toldAt, now));
  if (isWanted && isDue) return { do: "tell", key, phase: "repeated" };
  return isChanged ? { do: "note", key } : null;
}
