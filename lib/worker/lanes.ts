import type { Prisma } from "@/lib/db/generated/client";
import type { RunKind } from "@/lib/runs/schemas";

/**
 * Runs wait only for those of their own lane. `question`: somebody looks at the page that asked. `rescue`: a database is to be put back,
 * and that must not stand behind the backups of all the others. `heavy`: the rest; side by side they would only slow each other down.
 */
export const lanes = ["question", "rescue", "heavy"] as const;
export type Lane = (typeof lanes)[number];

const atOnce: Readonly<Record<Lane, number>> = { question: 4, rescue: 2, heavy: 2 };

const rescues: readonly string[] = ["restore", "undo_restore", "resolve_staged", "apply_tables", "undo_tables", "open_look"] satisfies RunKind[];

/** The lane of a run. */
export function laneOf({ kind, interactive }: { kind: string; interactive: boolean }): Lane {
  if (interactive) return "question";
  return rescues.includes(kind) ? "rescue" : "heavy";
}

/** The lanes with room for one more beside these. */
export function openLanes(running: readonly Lane[]): Lane[] {
  return lanes.filter((lane) => running.filter((one) => one === lane).length < atOnce[lane]);
}

/** The same as `laneOf`, asked of the database. */
export function isIn(lane: Lane): Prisma.RunWhereInput {
  if (lane === "question") return { interactive: true };
  return { interactive: false, kind: lane === "rescue" ? { in: [...rescues] } : { notIn: [...rescues] } };
}
