import { defineErrors } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";

const untouched = "No live table was touched.";

export const tableErrors = defineErrors("tables", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such restore of tables." },
  backup_foreign: {
    kind: "precondition",
    message: (_: object) => "Single tables are restored from Holdfast's own backups only.",
    hint: () => "Convert this file first: its page loads it in a scratch container and takes a backup of the result.",
  },
  no_manifest: {
    kind: "precondition",
    message: (_: object) => "There is no description beside this backup, so nothing says which tables it holds.",
    hint: () => "Rescan the store after putting the .json file back, or restore the whole database.",
  },
  not_in_backup: {
    kind: "invalid",
    message: (d: { tables: string[] }) => `${d.tables.slice(0, 3).join(", ")}${d.tables.length > 3 ? ` and ${d.tables.length - 3} more` : ""}: the backup holds no rows of ${d.tables.length === 1 ? "it" : "them"}.`,
    hint: () => "It was left out when the backup was taken, or it is a view. Choose others, or another backup.",
  },
  too_little_space: {
    kind: "precondition",
    message: (d: { neededBytes: number; freeBytes: number }) => `The chosen tables need about ${bytes(d.neededBytes)} beside the live database, and ${bytes(d.freeBytes)} are free. ${untouched}`,
    hint: () => "Choose fewer tables, free space on the server's disk, or restore on another server. A part of the disk always stays free, because a full one stops the live database.",
  },
  space_ran_out: {
    kind: "unavailable",
    message: (d: { mount: string; freeBytes: number }) => `Only ${bytes(d.freeBytes)} were left on the server's disk at ${d.mount}, so staging was stopped and removed. ${untouched}`,
    hint: () => "Something else filled the disk at the same time, or the tables grow when they are loaded. Free space, then stage them again.",
  },
  may_not_create: {
    kind: "precondition",
    message: (d: { role: string }) => `The role ${d.role} may not create databases, so there is no place to load the tables. ${untouched}`,
    hint: (d: { role: string }) => `As a superuser: ALTER ROLE "${d.role.replaceAll('"', '""')}" CREATEDB;`,
  },
  name_taken: {
    kind: "conflict",
    message: (d: { name: string }) => `There is a ${d.name} on this server already, and it is not this run's. ${untouched}`,
    hint: () => "Another Holdfast may use the same server. Start again: the next run has another number.",
  },
  not_dropped: {
    kind: "unavailable",
    message: (d: { name: string; container: string; stderr: string }) => `${d.name} could not be removed from ${d.container}.`,
    hint: () => "The live database is not affected. It is tried again when the worker looks for leftovers; the server's own words are below.",
  },
  load_failed: {
    kind: "integrity",
    message: (_: { stderr: string }) => `The tables could not be loaded from the backup. Staging was removed. ${untouched}`,
    hint: () => "The tool's own words are below. Try another backup, or restore the whole database to a new one.",
  },
  not_defined: {
    kind: "integrity",
    message: (d: { table: string; stderr: string }) => `${d.table} could not be created in staging. ${untouched}`,
    hint: () => "The server's own words are below. Often a type or an extension that it uses is missing on this server.",
  },
  rows_differ: {
    kind: "integrity",
    message: (d: { table: string; expected: number; found: number }) => `${d.table} came back with ${d.found} rows; the backup's manifest says ${d.expected}. Staging was removed. ${untouched}`,
    hint: () => "Verify the backup before you rely on it, and use another one.",
  },
  bring_failed: {
    kind: "precondition",
    message: (d: { table: string; stderr: string }) => `The rows of ${d.table} do not fit the columns that the live table has now. ${untouched}`,
    hint: () => "A column changed its type since the backup. The server's own words are below. Restore the whole database beside the live one, and move the rows by hand.",
  },
  not_staged: {
    kind: "conflict",
    message: (d: { state: string }) => `These tables are not waiting to be restored: they are ${d.state}.`,
    hint: () => "Open their page to see what became of them, or stage them again.",
  },
  gone: {
    kind: "precondition",
    message: (d: { database: string }) => `The staged rows are not in ${d.database} any more. ${untouched}`,
    hint: () => "The server was restarted after a crash, which empties staged rows, or the database was replaced or they were removed. Stage the tables again.",
  },
  put_aside: {
    kind: "precondition",
    message: (d: { database: string; name: string }) => `The kept rows were not removed: they lie in ${d.name}, which a restore put aside when it replaced ${d.database}.`,
    hint: () => "They go when that database is removed. If the restore is undone, they are back and can be removed here.",
  },
  wrong_phrase: { kind: "invalid", message: (d: { phrase: string }) => `Type ${d.phrase} exactly as it is written here.` },
  changed_since: {
    kind: "conflict",
    message: (_: object) => "What would be done is not what you were shown, so nothing was started.",
    hint: () => "Look at it again and confirm what it says now.",
  },
  blocked: {
    kind: "precondition",
    message: (d: { why: string }) => d.why,
  },
  busy: {
    kind: "unavailable",
    message: (d: { table: string; holders: string; waitedSeconds: number; stderr: string }) => `${d.table} was locked by others for ${d.waitedSeconds} s${d.holders ? `: ${d.holders}` : ""}. Nothing was changed.`,
    hint: () => "End what holds it, or try again when it is done.",
  },
  foreign_keys: {
    kind: "integrity",
    message: (d: { violations: string[] }) => `Nothing was changed, because it would break ${d.violations.length === 1 ? "a foreign key" : `${d.violations.length} foreign keys`}: ${d.violations.slice(0, 3).join("; ")}${d.violations.length > 3 ? "; and more" : ""}.`,
    hint: () => "Restore the other tables together with it, or insert missing rows only.",
  },
  counts_differ: {
    kind: "integrity",
    message: (d: { table: string; expected: number; found: number }) => `${d.table} would have had ${d.found} rows instead of ${d.expected}, so everything was taken back. Nothing was changed.`,
    hint: () => "Something writes into the table by itself, such as a rule. The log of the run has the rest.",
  },
  apply_failed: {
    kind: "unavailable",
    message: (d: { table: string; stderr: string }) => `PostgreSQL refused the rows of ${d.table}. The whole transaction was taken back: nothing was changed.`,
    hint: () => "Its own words are below. Often a constraint that is newer than the backup does not accept its rows.",
  },
  undo_conflict: {
    kind: "conflict",
    message: (d: { rows: number; tables: string[]; ids: string[] }) => `${d.rows} restored rows in ${d.tables.join(", ")} were changed by others since${d.ids.length > 0 ? ` (${d.ids.join("; ")})` : ""}. Nothing was undone.`,
    hint: () => "Undoing all the same undoes those rows too: what the restore brought goes, what was there before it comes back, and what others wrote into them since is lost.",
  },
  undo_failed: {
    kind: "unavailable",
    message: (d: { table: string; stderr: string }) => `PostgreSQL refused to put back the rows of ${d.table}. Nothing was undone: the tables are as the restore left them.`,
    hint: () => "Its own words are below.",
  },
  not_applied: {
    kind: "conflict",
    message: (d: { state: string }) => `There is nothing to undo: these tables are ${d.state}.`,
  },
  export_missing: {
    kind: "not_found",
    message: (_: object) => "There is no such export. It is removed together with the staged rows.",
    hint: () => "Export the table again.",
  },
});
