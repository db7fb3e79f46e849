import { rungWords } from "@/components/proof/rungs";
import { wasWords, type Trust } from "@/lib/backup/trust";
import type { State } from "@/lib/monitoring/schemas";
import type { RunStatus } from "@/lib/runs/schemas";
import type { Colour, Screen } from "./screen";

export const stateColours = { exposed: "red", unknown: "grey", at_risk: "yellow", running: "blue", paused: "grey", protected: "green" } as const satisfies Record<State, Colour>;

// One that succeeded did what it was asked; that proves nothing about data, so it is not green.
const runColours = { queued: null, running: "blue", succeeded: null, failed: "red", cancelled: null, lost: "yellow" } as const satisfies Record<RunStatus, Colour | null>;

export function statusWord(screen: Screen, status: RunStatus): string {
  const colour = runColours[status];
  return colour ? screen.paint(colour, status) : status;
}

/** How far a backup can be trusted, in a word or two. Only what was proven is green. */
export function trustWords(screen: Screen, trust: Trust): string {
  if (trust.state === "unknown") return screen.paint("grey", `not known, ${wasWords(trust)}`);
  if (trust.state !== "checked") return screen.paint("red", trust.state);
  const word = rungWords[trust.rung].toLowerCase();
  return trust.rung === "proven" ? screen.paint("green", word) : word;
}
