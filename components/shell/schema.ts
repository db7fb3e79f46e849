import { z } from "zod";
import { states } from "@/lib/monitoring/schemas";

/** What GET /api/shell answers: everything in the frame that changes by itself. */
export const ShellStatus = z.object({
  /** The server's time, ISO. Ages on the page are counted against it, not against the visitor's clock. */
  now: z.string(),
  activeRuns: z.array(
    z.object({
      id: z.number().int(),
      /** "Backing up orders" */
      title: z.string(),
      /** "Dump"; null while it is queued. */
      step: z.string().nullable(),
      /** So far; null where nothing moves. */
      bytes: z.number().nullable(),
      startedAt: z.string().nullable(),
    }),
  ),
  worker: z.object({
    /** Newest heartbeat of any worker; null when none was ever heard. */
    heartbeatAt: z.string().nullable(),
    /** What keeps it from working although it is there: "Docker does not answer". */
    problem: z.string().nullable(),
  }),
  /** The worst state of all databases; null while there are none. */
  worst: z.enum(states).nullable(),
});
export type ShellStatus = z.output<typeof ShellStatus>;
export type ActiveRun = ShellStatus["activeRuns"][number];

export { silentAfterMs } from "@/lib/monitoring/schemas";
