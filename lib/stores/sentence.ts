import { plural } from "@/lib/format/counts";
import type { RescanResult } from "./schemas";

/** What a rescan found, for the page of its run. */
export function sentenceOfRescan({ files, added, missing, foreign, ignored }: RescanResult): string {
  const parts = [
    `${plural(files, "backup file")} in the store`,
    added === 0 ? "none was new" : `${added} ${added === 1 ? "was" : "were"} taken into the list${foreign > 0 ? `, ${foreign} of them not made by Holdfast` : ""}`,
    ...(missing > 0 ? [`${missing} that ${missing === 1 ? "is" : "are"} listed ${missing === 1 ? "is" : "are"} missing`] : []),
    ...(ignored > 0 ? [`${plural(ignored, "other file")} left alone`] : []),
  ];
  return `${parts.join("; ")}.`;
}
