import { duration } from "@/lib/format/durations";
import { fullTime } from "@/lib/format/times";
import { readRestoreOfRun } from "@/lib/restore/read-result";
import { isOver, swapBack, type RestoreView } from "@/lib/restore/result";
import { comparedWords, resultTitle } from "@/lib/restore/result-words";
import type { RunView } from "@/lib/runs/live";
import { exitCodeOfRun } from "./exit-codes";
import { runData, runEnd } from "./run-end";
import type { Done } from "./screen";
import type { Session } from "./session";
import { plain } from "./text";

/** What came of a run that restores, undoes or decides: what is live now, what was proven, and until when it can be undone. */
export async function restoreEnd(session: Session, view: RunView): Promise<Done> {
  const restore = await readRestoreOfRun(session.ctx, view.id);
  const data = { ...runData(view), restore: restore && described(restore) };
  if (!restore || !isOver(restore)) return { data, text: runEnd(session.screen, view), exitCode: exitCodeOfRun(view) };
  const said = view.status === "succeeded" ? [] : runEnd(session.screen, view);
  return { data, text: [...said, ...sentences(session, view, restore)], exitCode: exitCodeOfRun(view) };
}

export function described(restore: RestoreView) {
  const { id, runId, state, method, targetName, backup, kept, totalMs, downtimeMs, outcome } = restore;
  return { id, run: runId, state, method, target: targetName, backup: backup.id, totalMs, downtimeMs, kept: kept?.isThere ? { name: kept.name, until: kept.until } : null, compared: outcome?.compared ?? null, exceptions: outcome?.exceptions ?? [] };
}

function sentences(session: Session, { kind }: RunView, restore: RestoreView): string[] {
  const way = swapBack(restore, session.ctx.clock.now().getTime());
  const took = restore.totalMs === null ? "" : `Took ${duration(restore.totalMs)}${restore.downtimeMs === null ? "" : `, ${duration(restore.downtimeMs)} of it down`}. `;
  return [
    `${resultTitle(restore)}.`,
    // These are the figures of the restore: an undo or a redo compares nothing, and takes a time of its own.
    ...(restore.state === "undone" || kind === "undo_restore" ? [] : [`${took}Compared: ${comparedWords(restore)}.`]),
    ...(way ? [`${way === "undo" ? "Undo" : "Redo"} it: holdfast undo ${restore.runId}${restore.kept?.until ? ` (until ${fullTime(restore.kept.until)})` : ""}`] : []),
  ].map(plain);
}
