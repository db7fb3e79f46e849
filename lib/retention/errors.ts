import { defineErrors } from "@/lib/errors";

export const retentionErrors = defineErrors("retention", {
  changed: {
    kind: "conflict",
    message: (d: { shown: number; now: number }) => `${d.now} backups would go now, not the ${d.shown} that were on the screen. Nothing was removed or saved.`,
    hint: () => "Look at the preview again.",
  },
  wrong_phrase: {
    kind: "invalid",
    message: (d: { name: string }) => `Type ${d.name} exactly as it is written, capitals included.`,
  },
  nothing_to_remove: {
    kind: "conflict",
    message: (_: object) => "Nothing is to be removed by this.",
  },
});
