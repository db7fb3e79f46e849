import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { defineErrors } from "@/lib/errors";

const stillGood = "Nothing was stored; earlier backups are unchanged.";

/** What is done inside a container: what is said of it, what its failure means for the data, and what to do then. */
const tasks = {
  dump: { meanwhile: (database: string) => `while ${database} was dumped`, data: stillGood, again: "Then start the backup again." },
  roles: { meanwhile: (database: string) => `while the roles of ${database} were dumped`, data: stillGood, again: "Then start the backup again." },
  decode: { meanwhile: (key: string) => `while ${key} was decoded`, data: "That says nothing of the file, which is stored.", again: "Then verify the backup." },
};

/** What failed inside a container. `subject` is the database, or the file that was decoded. */
export interface FailedInside {
  task: keyof typeof tasks;
  tool: string;
  subject: string;
  container: string;
  stderr: string;
}

export const backupErrors = defineErrors("backup", {
  not_found: { kind: "not_found", message: (_: object) => "There is no such backup." },
  nothing_to_dump: {
    kind: "precondition",
    message: (d: { database: string }) => `${d.database} has no tables that could be backed up. ${stillGood}`,
    hint: () => "A backup of nothing would look like protection. If the database is meant to be empty, wait until it has its first table; if not, check that this is the right one.",
  },
  dump_failed: {
    kind: "unavailable",
    message: (d: FailedInside) => `${d.tool} of ${d.subject} stopped before its end. ${tasks[d.task].data}`,
    hint: () => "Its own words are below.",
  },
  dump_killed: {
    kind: "unavailable",
    message: (d: FailedInside) => `${d.tool} was killed inside ${d.container} ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: outOfMemory,
  },
  server_restarted: {
    kind: "unavailable",
    message: (d: FailedInside) => `PostgreSQL in ${d.container} was restarted ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: (d: FailedInside) => `See why: docker logs --tail 50 ${d.container}. ${tasks[d.task].again}`,
  },
  container_went_away: {
    kind: "unavailable",
    message: (d: FailedInside & { state: string }) => `The container ${d.container} stopped ${tasks[d.task].meanwhile(d.subject)}: ${d.state}. ${tasks[d.task].data}`,
    hint: (d: { container: string }) => `Start it with: docker start ${d.container}`,
  },
  container_full: {
    kind: "unavailable",
    message: (d: FailedInside & { freeBytes: number }) => `The disk inside ${d.container} was full (${bytes(d.freeBytes)} free in /tmp) ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: (d: FailedInside) =>
      d.task === "decode"
        ? "A directory dump is unpacked inside the container to be decoded. Free space there, then verify the backup."
        : "A directory dump is written inside the container first. Free space there, or use the custom format, which needs none.",
  },
  container_too_small: {
    kind: "precondition",
    message: (d: { database: string; container: string; freeBytes: number; neededBytes: number }) => `/tmp inside ${d.container} has ${bytes(d.freeBytes)} free; a directory dump of ${d.database} needs about ${bytes(d.neededBytes)}. Nothing was started.`,
    hint: () => "A directory dump is written inside the container first. Free space there, or use the custom format, which needs none.",
  },
  compressor_failed: {
    kind: "unavailable",
    message: (d: FailedInside) => `${d.tool}, which packs the dump, stopped inside ${d.container} ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: outOfMemory,
  },
  decode_killed: {
    kind: "unavailable",
    message: (d: FailedInside) => `${d.tool} was killed inside ${d.container} ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: outOfMemory,
  },
  decode_not_started: {
    kind: "unavailable",
    message: (d: FailedInside) => `${d.tool} could not be started inside ${d.container} ${tasks[d.task].meanwhile(d.subject)}. ${tasks[d.task].data}`,
    hint: (d: FailedInside) => `Often the container may have no more processes, or no more memory: docker stats ${d.container}, and docker inspect for its limits. ${tasks[d.task].again}`,
  },
  empty_dump: {
    kind: "integrity",
    message: (d: { database: string; sizeBytes: number }) => `The dump of ${d.database} was only ${bytes(d.sizeBytes)}, so it was thrown away. Earlier backups are unchanged.`,
    hint: () => "Check that the role can read the database, then start the backup again.",
  },
  changed: {
    kind: "integrity",
    message: (d: { key: string; store: string; expected: string; found: string }) => `${d.key} in ${d.store} is not what was stored: its SHA-256 is different. Do not restore from it.`,
    hint: () => "The file was changed or the disk damaged it. Take a new backup now, then check the disk.",
  },
  recheck_failed: {
    kind: "integrity",
    message: (d: { damaged: number; read: number; first: string }) => `${plural(d.damaged, "file")} of ${d.read} read again ${d.damaged === 1 ? "is" : "are"} not what was stored. ${d.first}`,
    hint: () => "The run's log names each of them, and their backups have lost what they no longer show. Take a new backup now, then check the disk.",
  },
  roles_damaged: {
    kind: "integrity",
    message: (d: { key: string; store: string }) => `${d.key} in ${d.store} is gone or is not what was stored. Without it a restore does not know the roles that own the tables.`,
    hint: () => "The backup's own file was read and is whole. Take a new backup now; then find out what changed the store.",
  },
  wrong_size: {
    kind: "integrity",
    message: (d: { key: string; store: string; expected: number; found: number }) => `${d.key} in ${d.store} has ${bytes(d.found)}; ${bytes(d.expected)} were stored. Do not restore from it.`,
    hint: () => "The file was cut short or replaced. Take a new backup now, then check the disk.",
  },
  empty_file: {
    kind: "integrity",
    message: (d: { key: string }) => `${d.key} is empty. There is nothing in it to restore.`,
  },
  not_gzip: {
    kind: "integrity",
    message: (d: { sqlBytes: number }) => (d.sqlBytes === 0 ? "This file is not gzip, so it is not a backup that could be restored." : `The gzip data breaks off or is damaged after ${bytes(d.sqlBytes)} of SQL.`),
    hint: () => "Use another backup; a restore from this one would stop in the middle.",
  },
  truncated: {
    kind: "integrity",
    message: (d: { where: string; sqlBytes: number; isGzip: boolean }) => `The dump ends too early, ${d.where}, after ${bytes(d.sqlBytes)} of SQL.`,
    hint: (d: { isGzip: boolean }) => `It was cut short when it was made or copied, or pg_dump did not make it.${d.isGzip ? " gzip -t does not notice this." : ""} Use another backup.`,
  },
  undecodable: {
    kind: "integrity",
    message: (_: { stderr: string }) => "pg_restore could not read this archive to its end. Do not rely on it.",
    hint: () => "Its own words are below. Take a new backup, and use another one until then.",
  },
  rows_differ: {
    kind: "integrity",
    message: (d: { table: string; expected: number; found: number }) => `The file holds ${d.found} rows of ${d.table}; the manifest says ${d.expected}.`,
    hint: () => "Take a new backup. If it happens again, the log of the run helps to find out why.",
  },
  not_a_backup: {
    kind: "integrity",
    message: (d: { key: string }) => `${d.key} is not a PostgreSQL dump in any form that Holdfast knows.`,
  },
  not_present: {
    kind: "precondition",
    message: (_: object) => "The file of this backup is not in its store, so it cannot be checked.",
    hint: () => "Rescan the store after the disk is back.",
  },
  needs_server: {
    kind: "precondition",
    message: (d: { why: string }) => `Decoding this backup needs PostgreSQL's own tools, and no container has them ready: ${d.why}`,
    hint: () => "Start the database's container, then verify again. The file itself was read and is intact as far as its hash is known.",
  },
  on_hold: {
    kind: "precondition",
    message: (d: { reason: string }) => `This backup is on legal hold: ${d.reason}. Nobody deletes it before the hold is lifted.`,
    hint: () => "An admin can lift it on the backup's page. The audit log keeps who placed it and who lifts it.",
  },
  kept: {
    kind: "conflict",
    message: (_: object) => "This backup is kept until removed.",
    hint: () => "Lift that first, then delete it.",
  },
  wrong_phrase: {
    kind: "invalid",
    message: (d: { phrase: string }) => `Type ${d.phrase} exactly as it is written here.`,
  },
  passwords_refused: {
    kind: "forbidden",
    message: (d: { database: string }) => `Only an admin can ask for the password hashes of the roles, because the backups of ${d.database} leave them out. Nothing was started.`,
    hint: () => "Start the backup without them, or ask an admin.",
  },
  in_use: {
    kind: "conflict",
    message: (d: { runId: number }) => `Run ${d.runId} is working with this backup.`,
    hint: () => "Wait until it is over, or cancel it.",
  },
});

function outOfMemory({ container, task }: FailedInside): string {
  return `Often the container ran out of memory: docker stats ${container}, and docker inspect for its limit. ${tasks[task].again}`;
}
