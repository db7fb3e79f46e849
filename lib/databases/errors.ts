import { defineErrors } from "@/lib/errors";

export const databaseErrors = defineErrors("database", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such database in Holdfast." },
  registered: {
    kind: "conflict",
    message: (d: { container: string; database: string }) => `${d.database} in ${d.container} is registered already.`,
  },
  own_container: {
    kind: "invalid",
    message: (d: { container: string }) => `${d.container} is the container of the database itself: stopping it would stop the server that a restore works in. Nothing was changed.`,
    hint: () => "Choose only the containers of the application.",
  },
  wrong_phrase: { kind: "invalid", message: (d: { phrase: string }) => `Type ${d.phrase} exactly as it is written here.` },
  busy: {
    kind: "conflict",
    message: (d: { name: string; runId: number }) => `Run ${d.runId} is working on ${d.name}.`,
    hint: () => "Wait until it is over, or cancel it.",
  },
  removed: { kind: "precondition", message: (d: { name: string }) => `${d.name} was removed from Holdfast, so it is not backed up any more.`, hint: () => "Add it again under Settings, Databases." },
});
