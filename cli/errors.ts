import { defineErrors } from "@/lib/errors";

export const cliErrors = defineErrors("cli", {
  usage: {
    kind: "invalid",
    message: (d: { message: string; usage?: string | null }) => d.message,
    hint: (d: { message: string; usage?: string | null }) => d.usage ?? "holdfast --help lists the commands, holdfast <command> --help its arguments.",
  },
  no_home: {
    kind: "not_found",
    message: (d: { directory: string }) => `HOLDFAST_HOME names ${d.directory}, and there is no such directory.`,
    hint: () => "It is the directory that holds .env and data; create it, or leave the variable out.",
  },
  no_record: {
    kind: "unavailable",
    message: (d: { address: string; why: string }) => `The record at ${d.address} cannot be opened: ${d.why}.`,
    hint: () => "Run the command as the user that Holdfast runs as. holdfast doctor shows which part is in the way.",
  },
  which_database: {
    kind: "invalid",
    message: (d: { names: string[] }) => `Say which database: ${d.names.join(", ")}.`,
  },
  no_database: {
    kind: "not_found",
    message: (d: { name: string | null }) => (d.name === null ? "No database is registered yet." : `There is no database named ${d.name} in Holdfast.`),
    hint: () => "holdfast databases lists them; holdfast databases add registers one.",
  },
  which_backup: {
    kind: "invalid",
    message: (d: { wanted: string; many: number }) => `${d.wanted} could be ${d.many} backups. Write more of it.`,
  },
  no_backup: {
    kind: "not_found",
    message: (d: { wanted: string; database: string | null }) => `There is no backup ${d.wanted}${d.database === null ? "" : ` of ${d.database}`}.`,
    hint: () => "holdfast list shows them, each with the id to write here.",
  },
  no_store: {
    kind: "not_found",
    message: (d: { name: string | null }) => (d.name === null ? "There is no store yet." : `There is no store ${d.name}.`),
    hint: () => "A store is named as under Settings, Storage, or by its directory.",
  },
  no_worker: {
    kind: "precondition",
    message: (_: object) => "No worker is running, so nobody would take this up. Nothing was started.",
    hint: () => "Leave --no-wait out to have this command do it, or start Holdfast.",
  },
  no_answer: {
    kind: "unavailable",
    message: (d: { what: string; status: string }) => `${d.what} came to no answer: ${d.status}.`,
    hint: () => "Run it again. The worker may have been stopped meanwhile.",
  },
  not_confirmed: {
    kind: "precondition",
    message: (d: { name: string; typed: string | null }) =>
      d.typed === null ? `This needs the name of the database: --confirm ${d.name}. Nothing was done.` : `${d.typed === "" ? "Nothing" : d.typed} was typed, not ${d.name}. Nothing was done.`,
    hint: (d: { name: string; typed: string | null }) => (d.typed === null ? "On a terminal you are asked for it." : "Type it exactly as it is written, capitals included."),
  },
  no_reason: {
    kind: "precondition",
    message: (_: object) => "This needs a reason for the audit log: --reason TEXT. Nothing was done.",
  },
  nothing_to_undo: {
    kind: "not_found",
    message: (_: object) => "No restore can be undone: no database from before one is kept.",
    hint: () => "Restore from a backup instead: holdfast list",
  },
  not_ready: {
    kind: "unavailable",
    message: (d: { what: string; detail: string; hint: string | null }) => `${d.what}: ${d.detail.replace(/\.$/, "")}. No backup was taken; earlier ones are unchanged.`,
    hint: (d: { what: string; detail: string; hint: string | null }) => d.hint ?? "holdfast databases test shows each thing that was asked.",
  },
  no_file: {
    kind: "not_found",
    message: (d: { path: string }) => `There is no file ${d.path}.`,
    hint: () => "holdfast list shows the backups there are, and ls the files of a directory.",
  },
  no_crontab: {
    kind: "unavailable",
    message: (d: { why: string }) => `The line could not be installed: ${d.why}. Nothing was changed.`,
    hint: () => "Add the line above by hand with crontab -e, or use systemd, or a schedule of Holdfast itself.",
  },
  file_exists: {
    kind: "conflict",
    message: (d: { path: string }) => `There is a file ${d.path} already. It was not overwritten.`,
  },
  not_written: {
    kind: "unavailable",
    message: (d: { path: string; why: string }) => `${d.path} cannot be written: ${d.why}.`,
  },
});
