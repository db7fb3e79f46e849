import { AppError, toPublicError } from "@/lib/errors";
import { exitCodes, type ExitCode } from "../exit-codes";
import type { Colour, Screen } from "../screen";
import { whyNot } from "../session";
import { plain } from "../text";

/** One thing that was looked at. A `warning` works, and somebody should know of it; `unknown` could not be asked, which is neither well nor ill. */
export interface Finding {
  id: string;
  title: string;
  outcome: "ok" | "warning" | "problem" | "unknown";
  detail: string;
  /** What to do about it; null where it is well. */
  fix: string | null;
}

type Told = Omit<Finding, "id" | "title">;

export const ok = (detail: string): Told => ({ outcome: "ok", detail, fix: null });
export const warning = (detail: string, fix: string): Told => ({ outcome: "warning", detail, fix });
export const problem = (detail: string, fix: string): Told => ({ outcome: "problem", detail, fix });
export const unknown = (detail: string, fix: string): Told => ({ outcome: "unknown", detail, fix });

/** Looks at one thing; what it throws is a problem too. */
export async function look(id: string, title: string, work: () => Promise<Told> | Told): Promise<Finding> {
  try {
    return { id, title, ...(await work()) };
  } catch (error) {
    const shown = toPublicError(error);
    const detail = error instanceof AppError ? [shown.message, shown.toolOutput ?? ""].join(" ").trim() : whyNot(error);
    return { id, title, ...problem(detail, shown.hint ?? "Run it again with --verbose.") };
  }
}

/** The worst finding speaks; a warning is none. */
export function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ outcome }) => outcome === "problem")) return exitCodes.failed;
  return findings.some(({ outcome }) => outcome === "unknown") ? exitCodes.unknown : exitCodes.done;
}

const marks = { ok: ["ok", "green"], warning: ["warning", "yellow"], problem: ["problem", "red"], unknown: ["unknown", "grey"] } as const satisfies Record<Finding["outcome"], readonly [string, Colour]>;

export function findingLines(screen: Screen, findings: readonly Finding[]): string[] {
  return findings.flatMap(({ title, outcome, detail, fix }) => {
    const [word, colour] = marks[outcome];
    return [`${screen.paint(colour, word.padEnd(8))} ${plain(`${title}: ${detail}`)}`, ...(fix === null ? [] : [plain(`         ${fix}`)])];
  });
}
