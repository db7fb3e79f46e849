import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { defineErrors } from "@/lib/errors";

const untouched = "The live database was not touched.";

export const drillErrors = defineErrors("drill", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such drill." },
  check_not_found: { kind: "not_found", message: (_: object) => "There is no such check; somebody may have removed it." },
  foreign: {
    kind: "precondition",
    message: (_: object) => "This file was not made by Holdfast: nothing says what it must contain, so a drill of it could prove nothing.",
    hint: () => "Convert it first. What comes of that is a backup of its own, and that one can be drilled.",
  },
  no_backup: {
    kind: "precondition",
    message: (d: { database: string }) => `${d.database} has no backup that could be drilled.`,
    hint: () => "Take a backup first.",
  },
  extension_missing: {
    kind: "precondition",
    message: (d: { image: string; missing: string[] }) => `${d.image} has no ${d.missing.join(" and no ")}, which the backup needs, so the drill could not be set up. Nothing was proven and nothing disproven.`,
    hint: () => "An extension that was installed into the running container has to be in its image.",
  },
  too_little_space: {
    kind: "precondition",
    message: (d: { freeBytes: number; neededBytes: number }) =>
      `The disk of Docker's data has ${bytes(d.freeBytes)} free, and the drill would have left less than the reserve of ${bytes(d.neededBytes)} that running databases need. It was given up.`,
    hint: () => "Free space on that disk, or drill a smaller backup. Nothing was proven and nothing disproven.",
  },
  interrupted: {
    kind: "unavailable",
    message: (_: { stderr: string }) => `The scratch server stopped, or a tool in it was killed, before the drill came to its end. Nothing was proven and nothing disproven. ${untouched}`,
    hint: () => "Often the machine ran out of memory. Its last words are below.",
  },
  not_loadable: {
    kind: "integrity",
    message: (_: { stderr: string }) => `The backup does not load into an empty database of its own image. ${untouched}`,
    hint: () => "Take another backup now. The server's own words are below.",
  },
  incomplete: {
    kind: "integrity",
    message: (d: { failures: number; first: string }) => `The rows were restored; ${plural(d.failures, "thing")} behind them could not be: ${d.first} ${untouched}`,
    hint: () => "Often a function names a table without its schema. The drill's page has all of them.",
  },
  differs: {
    kind: "integrity",
    message: (d: { differences: number; named: string }) => `What was restored is not what was backed up: ${d.named}${d.differences > 3 ? `; ${d.differences - 3} more` : ""}. ${untouched}`,
    hint: () => "Take another backup now. The drill's page lists every difference.",
  },
  damaged: {
    kind: "integrity",
    message: (_: { stderr: string }) => `pg_amcheck found the restored copy damaged. ${untouched}`,
    hint: () => "A copy that was just written has no reason to be: look at the machine's memory and disk. Its words are below.",
  },
  amcheck_ended: {
    kind: "unavailable",
    message: (_: { stderr: string }) => `pg_amcheck did not come to its end, so nobody knows whether the restored copy is sound, and the drill is not a pass. ${untouched}`,
    hint: () => "Its words are below. An event trigger of the database that refuses CREATE EXTENSION is one reason, a server that ran out of memory another.",
  },
  own_check: {
    kind: "integrity",
    message: (d: { names: string[] }) => `The restored copy is what was backed up, and ${plural(d.names.length, "check")} of your own did not get the expected answer: ${d.names.slice(0, 3).join(", ")}. ${untouched}`,
    hint: () => "If the expectation is out of date, change the check. If not, the data was already wrong when it was backed up.",
  },
  nothing_checked: {
    kind: "integrity",
    message: (_: object) => `Nothing could be compared, so the drill is not a pass. ${untouched}`,
    hint: () => "Take another backup: its description says what it must contain.",
  },
  schema_not_compared: {
    kind: "integrity",
    message: (_: object) => `The rows are equal; the definitions could not be compared, so the drill is not a pass. ${untouched}`,
    hint: () => "Take another backup: this one describes its definitions in an older way.",
  },
  other_version: {
    kind: "precondition",
    message: (d: { image: string; version: string; wanted: string }) => `${d.image} is PostgreSQL ${d.version}, and the backup is of ${d.wanted}, so the drill could not be set up. Nothing was proven and nothing disproven.`,
    hint: (d: { wanted: string }) => `Fetch an image of PostgreSQL ${d.wanted.split(".")[0]} under the name that the database's container had, or drill a newer backup.`,
  },
  application_silent: {
    kind: "precondition",
    message: (d: { container: string; url: string; detail: string; stderr: string }) => `A copy of ${d.container} on the recovered database ${d.detail}. Asked was ${d.url}.`,
    hint: () => "It has no network, may write nowhere outside itself, and finds its database by the names of the database's container at port 5432. What else it needs to start is not there.",
  },
  application_unnamed: {
    kind: "unavailable",
    message: (_: { stderr: string }) => "The recovered server could not be given the names that the application knows its database by, so the application was not asked.",
  },
  not_cleaned: {
    kind: "unavailable",
    message: (d: { left: number }) => `${plural(d.left, "container or volume", "containers and volumes")} of the drill could not be removed, so it is not a pass.`,
    hint: () => "The worker tries again every 20 s. They carry the label holdfast.scratch.",
  },
});
