import { defineErrors } from "@/lib/errors";

export const runErrors = defineErrors("run", {
  not_found: {
    kind: "not_found",
    message: (_: { runId: number }) => "There is no such run.",
  },
  already_active: {
    kind: "conflict",
    message: (d: { what: string; runId: number | null }) => `${d.what} is already under way${d.runId ? `, in run ${d.runId}` : ""}.`,
    hint: () => "Open that run to follow it, or cancel it first.",
  },
  not_active: {
    kind: "conflict",
    message: (d: { runId: number; status: string }) => `Run ${d.runId} is over already: ${d.status}.`,
  },
  past_cancelling: {
    kind: "conflict",
    message: (d: { runId: number }) => `Run ${d.runId} has begun what must be brought to its end, so it cannot be cancelled any more.`,
    hint: () => "It is over in a moment. A restore can be undone then.",
  },
  lease_lost: {
    kind: "conflict",
    message: (_: { runId: number }) => "Another process has taken this run for lost, so this one stopped.",
    hint: () => "Start it again. The worker's machine may have been asleep.",
  },
  cancelled: {
    kind: "cancelled",
    message: (d: { by: string }) => `Cancelled by ${d.by}.`,
  },
  stopping: {
    kind: "cancelled",
    message: (_: object) => "The worker was stopped while this ran. What it had written was removed.",
    hint: () => "Start it again. Earlier backups are unchanged.",
  },
});
