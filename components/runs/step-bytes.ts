import { bytes } from "@/lib/format/bytes";
import type { RunView } from "@/lib/runs/live";

/** What the moving bytes of a step are called. */
const moved: Readonly<Record<string, { label: string; rate: string }>> = {
  dump: { label: "Stored so far", rate: "packed, last 10 s" },
  read_back: { label: "Read back so far", rate: "from the store, last 10 s" },
  decode: { label: "Decoded so far", rate: "of the file, last 10 s" },
  stage: { label: "Loaded so far", rate: "of the file, last 10 s" },
  load: { label: "Loaded so far", rate: "of the file, last 10 s" },
  safety: { label: "Stored so far", rate: "packed, last 10 s" },
  inspect: { label: "Read so far", rate: "of the file, last 10 s" },
  stage_tables: { label: "Loaded so far", rate: "of the file, last 10 s" },
  export_table: { label: "Written so far", rate: "of the export, last 10 s" },
};

/** Steps that read the stored file of the run's backup, which has a size. */
const readsFile: ReadonlySet<string> = new Set(["stage", "inspect", "stage_tables"]);

/**
 * What is said beside the bytes of the step under way. A step that has no name for its bytes says that it moves none only as long as it
 * has moved none: some of them do, such as a comparison of contents.
 */
export function stepBytesWords({ steps, progress, last, backup }: Pick<RunView, "steps" | "progress" | "last" | "backup">): { label: string; rate: string; note: string } {
  const step = steps.find(({ state }) => state === "now")?.name;
  if (!step) return { label: "Bytes in this step", rate: "last 10 s", note: "no step is under way" };
  const words = moved[step];
  if (!words) return { label: "Bytes in this step", rate: "last 10 s", note: progress !== null && progress.bytes > 0 ? "no total is known" : "this step moves none" };
  if (readsFile.has(step) && backup) return { ...words, note: `of ${bytes(backup.sizeBytes)}` };
  // An export is as large as its table, whatever the last one was of.
  return { ...words, note: last?.sizeBytes && step !== "export_table" ? `last time ${bytes(last.sizeBytes)}` : "no total is known" };
}
