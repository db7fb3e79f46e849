import type { BackupChoice } from "@/lib/backup/choices";
import type { BackupOptions } from "@/lib/databases/schemas";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";

/** How a format is called where it is chosen. */
export const formatWords = {
  custom: { title: "Custom", sub: "One archive, packed with zstd. Restores whole or table by table." },
  plain: { title: "Plain SQL", sub: "Text that psql reads, packed with gzip." },
  directory: { title: "Directory", sub: "A file per table, dumped side by side. Needs free space inside the container." },
} as const satisfies Record<BackupOptions["format"], { title: string; sub: string }>;

/** How a format is called in a sentence. */
export const formatInSentence = { custom: "custom format", plain: "plain SQL", directory: "directory format" } as const satisfies Record<BackupOptions["format"], string>;

/** "last time 742 MiB in 1 m 32 s": what to expect, without a promise. */
export function lastTime(choice: Pick<BackupChoice, "last">): string {
  const { last } = choice;
  if (!last) return "no backup yet, so nobody knows how long it takes";
  return `last time ${last.sizeBytes === null ? "" : `${bytes(last.sizeBytes)} in `}${duration(last.ms)}`;
}

/** What will happen, in one sentence per thing. */
export function whatWillHappen(chosen: readonly BackupChoice[]): string {
  if (chosen.length === 0) return "Choose what to back up.";
  const stores = [...new Set(chosen.map((choice) => choice.store))].join(" and ");
  const [only] = chosen;
  const subject = chosen.length === 1 && only ? only.name : `${chosen.length} databases`;
  return `Dumps ${subject} into ${stores} in one snapshot${chosen.length === 1 ? "" : " each"}, reads every byte back and decodes it. The ${chosen.length === 1 ? "database stays" : "databases stay"} in use meanwhile.`;
}
