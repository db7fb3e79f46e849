import type { z } from "zod";
import { readJson } from "@/lib/db/codecs";
import { CheckDatabaseInput, DatabaseCheck, hasFailed, type CheckLine } from "@/lib/databases/schemas";
import { startCheckDatabase } from "@/lib/databases/start";
import { given } from "./given";
import { finishedResult } from "./perform";
import type { Colour, Screen } from "./screen";
import type { Session } from "./session";
import { plain } from "./text";

export interface AccessCheck {
  lines: CheckLine[];
  hasFailed: boolean;
  facts: DatabaseCheck["facts"];
}

/** Tests access to a database as a backup would use it, in the worker where one runs. */
export async function checkAccess(session: Session, address: z.input<typeof CheckDatabaseInput>): Promise<AccessCheck> {
  const check = readJson(DatabaseCheck, await finishedResult(session, () => startCheckDatabase(session.ctx, given(CheckDatabaseInput, address))));
  return { lines: check.lines, hasFailed: hasFailed(check), facts: check.facts };
}

const marks = { passed: ["✓", "green"], warning: ["!", "yellow"], failed: ["✗", "red"], skipped: ["?", "grey"] } as const satisfies Record<CheckLine["outcome"], readonly [string, Colour]>;

export function checkLines(screen: Screen, lines: readonly CheckLine[]): string[] {
  return lines.flatMap(({ outcome, title, detail, hint }) => {
    const [mark, colour] = marks[outcome];
    return [`${screen.paint(colour, mark)} ${plain(`${title}: ${detail}`)}`, ...(hint && outcome !== "passed" ? [plain(`  ${hint}`)] : [])];
  });
}
