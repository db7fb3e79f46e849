import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { defineErrors } from "@/lib/errors";

const nothing = "Nothing was imported.";

export const importErrors = defineErrors("import", {
  changed: {
    kind: "conflict",
    message: (_: object) => `What would be done is not what was shown any more. ${nothing}`,
    hint: () => "Look at the preview again.",
  },
  too_large: {
    kind: "invalid",
    message: (d: { mostBytes: number }) => `This file has more than ${bytes(d.mostBytes)}. ${nothing}`,
    hint: () => "Import it in parts: split it between two runs.",
  },
  too_many_runs: {
    kind: "invalid",
    message: (d: { most: number }) => `This log has more than ${count(d.most)} runs. ${nothing}`,
    hint: () => "Import it in parts: split it between two runs.",
  },
  no_run: {
    kind: "invalid",
    message: (d: { lines: number }) => `No run was found in ${count(d.lines)} lines. ${nothing}`,
    hint: () => "It takes what backup_postgres.sh and restore_postgres.sh print, as cron appends it to logs/backup.log.",
  },
  database_needed: {
    kind: "precondition",
    message: (d: { what: string }) => `${d.what} needs a database that is not in Holdfast yet. ${nothing}`,
    hint: () => "Choose the row of the database as well.",
  },
  store_needed: {
    kind: "precondition",
    message: (d: { name: string }) => `${d.name} needs a store that is not in Holdfast yet. ${nothing}`,
    hint: () => "Choose the row of the store as well.",
  },
});
