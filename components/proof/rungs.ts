import { type Rung, rungs } from "@/lib/backup/schemas";

/** The word for each rung. */
export const rungWords = {
  stored: "Stored",
  intact: "Intact",
  readable: "Readable",
  proven: "Proven",
} as const satisfies Record<Rung, string>;

/** What had to happen for each rung. */
export const rungMeanings = {
  stored: "The dump exited cleanly and the file was committed.",
  intact: "Every byte read back from the store, hash equal.",
  readable: "Decoded to the last byte by PostgreSQL's own tool.",
  proven: "Restored on the source's own image; every table has exactly the rows of the manifest.",
} as const satisfies Record<Rung, string>;

/** Highest first, as a ladder is drawn. */
export const rungsFromTop: readonly Rung[] = [...rungs].reverse();
