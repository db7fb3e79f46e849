import { defineErrors } from "@/lib/errors";

export const configErrors = defineErrors("config", {
  managed: {
    kind: "conflict",
    message: (d: { what: string; file: string }) => `${d.what} is managed by ${d.file}. Nothing was changed.`,
    hint: (d: { what: string; file: string }) => `Change it in ${d.file}, or take its key out there to decide it here.`,
  },
  no_such_store: {
    kind: "invalid",
    message: (d: { name: string }) => `There is no store ${d.name}.`,
    hint: () => "Add it under stores in the same file, or write the name of one that Holdfast has.",
  },
  no_such_database: {
    kind: "invalid",
    message: (d: { name: string }) => `There is no database ${d.name}.`,
    hint: () => "Add it under databases in the same file, or write the name of one that Holdfast has.",
  },
  store_needed: {
    kind: "invalid",
    message: (d: { name: string; stores: number }) => (d.stores === 0 ? `${d.name} is new, and there is no store for its backups.` : `${d.name} is new, and there are ${d.stores} stores. Say which one its backups go to.`),
  },
  other_database: {
    kind: "invalid",
    message: (d: { name: string; registered: string; written: string }) => `${d.name} is the database ${d.registered} in Holdfast, and the file says ${d.written}.`,
    hint: () => "Another database is another entry, under a name of its own.",
  },
  other_name: {
    kind: "invalid",
    message: (d: { name: string; registered: string }) => `That database is in Holdfast already, as ${d.registered}.`,
    hint: (d: { name: string; registered: string }) => `Write ${d.registered} instead of ${d.name}.`,
  },
});
