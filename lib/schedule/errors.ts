import { defineErrors } from "@/lib/errors";

export const scheduleErrors = defineErrors("schedule", {
  not_found: {
    kind: "not_found",
    message: (d: { what: string }) => `There is no ${d.what}.`,
    hint: () => "Somebody may have removed it. Reload the page.",
  },
  already_paused: {
    kind: "conflict",
    message: (d: { by: string }) => `The schedule is paused already, by ${d.by}. Nothing was changed.`,
    hint: () => "Resume it first to pause it for another reason or another time.",
  },
  not_paused: {
    kind: "conflict",
    message: (_: object) => "The schedule is not paused. Nothing was changed.",
    hint: () => "Somebody may have resumed it, or the pause was over. Reload the page.",
  },
});
