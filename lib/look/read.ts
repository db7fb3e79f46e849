import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { LookContents, type LookState } from "./schemas";

/** A backup's look as its page shows it. Null: nobody has it open. */
export interface LookView {
  id: string;
  state: LookState;
  runId: number;
  openedBy: string;
  openedAt: string;
  closesAt: string;
  problem: string | null;
  contents: LookContents | null;
}

/** The newest look into a backup, with what it found. */
export async function readLook({ db }: Pick<Context, "db">, backupId: string): Promise<LookView | null> {
  const look = await db.look.findFirst({ where: { backupId }, orderBy: { openedAt: "desc" } });
  if (!look) return null;
  const run = await db.run.findUnique({ where: { id: look.runId }, select: { result: true } });
  return {
    id: look.id,
    state: look.state as LookState,
    runId: look.runId,
    openedBy: look.openedBy,
    openedAt: look.openedAt.toISOString(),
    closesAt: look.closesAt.toISOString(),
    problem: look.problem,
    contents: look.state === "open" ? readJson(LookContents, run?.result ?? null) : null,
  };
}
