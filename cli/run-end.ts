import { meaningForData } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";
import type { Screen } from "./screen";
import { plain } from "./text";
import { statusWord } from "./words";

/** A run as --json gives it, wherever it appears. */
export function runData({ id, kind, title, status, database, queuedAt, startedAt, finishedAt, error, warnings }: RunView) {
  return { run: id, kind, title, status, database: database?.name ?? null, queuedAt, startedAt, finishedAt, error, warnings };
}

/** How a run ended, with what it means for the data where it did not do what it was asked. */
export function runEnd(screen: Screen, view: RunView): string[] {
  const { id, title, status, error } = view;
  if (status === "queued" || status === "running") return [plain(`${title}: run ${id} is queued. Follow it: holdfast runs ${id} --follow`)];
  const meaning = meaningForData(view);
  return [
    `${plain(title)}: ${statusWord(screen, status)}, run ${id}`,
    ...(error ? [plain(error.message)] : []),
    ...(error?.toolOutput ? error.toolOutput.split("\n").map((line) => `  ${plain(line)}`) : []),
    ...(meaning ? [plain(meaning)] : []),
    ...(error?.hint ? [plain(error.hint)] : []),
  ];
}
