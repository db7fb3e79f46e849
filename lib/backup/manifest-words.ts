import { plural } from "@/lib/format/counts";
import type { Manifest } from "./schemas";

/** The newest major whose dumps and restores were tried here. */
const newestMajor = 18;

/** "PostgreSQL 16, 17, 18": a dump restores to its own major and newer ones. */
export function restoresTo(versionNumber: number): string {
  const major = Math.floor(versionNumber / 10_000);
  const majors = Array.from({ length: Math.max(1, newestMajor - major + 1) }, (_, index) => major + index);
  return `PostgreSQL ${majors.join(", ")}`;
}

/** What a reader might take for granted and would miss after a restore. */
export function notIncluded(manifest: Manifest): string {
  const tables = manifest.tables.filter((table) => table.kind === "table");
  const absent = tables.filter((table) => table.excluded === "absent").length;
  const emptied = tables.filter((table) => table.excluded === "data").length;
  const foreign = manifest.tables.filter((table) => table.kind === "foreign" && table.excluded !== "absent").length;
  return [
    ...(absent > 0 ? [`${plural(absent, "table")} left out`] : []),
    ...(emptied > 0 ? [`rows of ${plural(emptied, "table")}`] : []),
    ...(foreign > 0 ? [`rows of ${plural(foreign, "foreign table")}, which lie on another server`] : []),
    "server settings",
    ...(manifest.largeObjects === 0 ? ["large objects: none exist"] : []),
  ].join("; ");
}
