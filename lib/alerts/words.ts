import { bytes, percent } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { nbsp } from "@/lib/format/symbols";
import { fullTime } from "@/lib/format/times";
import { eventKinds, type AlertEvent, type Phase } from "./events";
import type { AlertFacts, FactsOf, Good } from "./facts";
import type { AlertMessage } from "./schemas";

/** When a condition began, and the present: what "again" and "over" are said with. */
export interface Course {
  phase: Phase;
  openedAt: Date;
  now: Date;
}

/** The words of an event: what happened, what it means for the data, what to do, and where to look. */
export function messageOf(facts: AlertFacts, course: Course): AlertMessage {
  const words = (course.phase === "recovered" ? recoveredOf : toldOf)(facts, course);
  const plain = (text: string) => text.replaceAll(nbsp, " ").trim();
  return { subject: plain(words.subject), happened: plain(words.happened), meaning: plain(words.meaning), todo: plain(words.todo), path: words.path };
}

type Teller<E extends AlertEvent> = (facts: FactsOf<E>, course: Course) => AlertMessage;

function toldOf(facts: AlertFacts, course: Course): AlertMessage {
  const told = (tellers[facts.event] as Teller<typeof facts.event>)(facts, course);
  if (course.phase !== "repeated") return told;
  return { ...told, subject: `Still ${told.subject.charAt(0).toLowerCase()}${told.subject.slice(1)}`, happened: `${told.happened} This was first said on ${fullTime(course.openedAt)}.` };
}

const tellers: { [E in AlertEvent]: Teller<E> } = {
  backup_failed: ({ database, runId, reason, hint, isLost, good, attempts }) => ({
    subject: `${isLost ? "Lost" : "Failed"}: ${database.name}, backup`,
    happened: isLost ? `The worker stopped reporting during a backup of ${database.name}, so how it ended is not known.${attempts > 1 ? ` It was tried ${attempts} times.` : ""}` : `A backup of ${database.name} failed${attempts > 1 ? `, tried ${attempts} times` : ""}. ${sentence(reason)}`,
    meaning: stillGood(good),
    todo: hint ?? "Open the run to see at which step it ended, and start it again.",
    path: `/runs/${runId}`,
  }),
  backup_succeeded: ({ database, backupId, takenAt, sizeBytes, rows, isLesser }) => ({
    subject: `Succeeded: ${database.name}, backup`,
    happened: `A backup of ${database.name} was taken at ${fullTime(takenAt)}: ${bytes(sizeBytes)}${rows === null ? "" : `, ${rowsOf(rows)}`}.`,
    meaning: `It was read back and decoded to its last byte. ${isLesser ? "It leaves tables out, so it stands for no whole backup." : "A drill proves that it restores."}`,
    todo: "Nothing.",
    path: `/backups/${backupId}`,
  }),
  backup_unusual: ({ database, way, backupId, takenAt, sizeBytes, rows, before }) => ({
    subject: `Unusual: ${database.name}, backup far ${way} than usual`,
    happened: `The backup of ${database.name} from ${fullTime(takenAt)} has ${bytes(sizeBytes)}${rows === null ? "" : ` and ${rowsOf(rows)}`}, ${way === "smaller" ? "under half of" : "over three times"} what is usual.${before ? ` The one from ${fullTime(before.takenAt)} has ${bytes(before.sizeBytes)}${before.rows === null ? "" : ` and ${rowsOf(before.rows)}`}.` : ""}`,
    ...unusual[way],
    path: `/backups/${backupId}`,
  }),
  backup_missed: ({ database, many, first, last, isMadeUp, good }) => ({
    subject: `Missed: ${database.name}, ${many === 1 ? "backup" : plural(many, "backup")}`,
    happened: many === 1 ? `The backup of ${database.name} due at ${fullTime(first)} was not taken${isMadeUp ? " at its time: Holdfast was not running. It is made up for now." : ": Holdfast was not running."}` : `${plural(many, "backup")} of ${database.name}, due from ${fullTime(first)} to ${fullTime(last)}, were not taken${isMadeUp ? " at their times: Holdfast was not running. One is taken now in place of all." : ": Holdfast was not running."}`,
    meaning: stillGood(good),
    todo: isMadeUp ? "Find out why Holdfast was not running." : "Find out why Holdfast was not running. Its schedule says when the next one comes.",
    path: `/settings/schedules/${database.id}`,
  }),
  nothing_succeeded: ({ database, hours, lastAt, good, ahead }) => ({
    subject: `Overdue: ${database.name}, no backup succeeded for ${plural(hours, "hour")}`,
    happened: [
      lastAt ? `The last backup of ${database.name} that succeeded ended at ${fullTime(lastAt)}, more than ${plural(hours, "hour")} ago.` : `No backup of ${database.name}${ahead ? " that counts" : ""} has ever succeeded, and it was added more than ${plural(hours, "hour")} ago.`,
      ...(ahead ? [`One is dated ${fullTime(ahead)}, ahead of this machine's clock, so it is not counted.`] : []),
    ].join(" "),
    meaning: stillGood(good),
    todo: "Start a backup now and see what becomes of it. If there is no schedule, give it one.",
    path: `/backups?database=${database.id}`,
  }),
  drill_failed: ({ database, runId, reason, takenAt, good }) => ({
    subject: `Failed: ${database.name}, drill`,
    happened: `The drill of ${ofBackup(database.name, takenAt)} failed. ${sentence(reason)}`,
    meaning: `That backup does not restore to what was backed up, so do not rely on it. ${stillGood(good)}`,
    todo: "Open the drill to see what differs. Take a new backup and drill that one.",
    path: `/runs/${runId}`,
  }),
  drill_inconclusive: ({ database, runId, reason, hint, isLost, takenAt }) => ({
    subject: `Not proven: ${database.name}, drill`,
    happened: isLost ? `The worker stopped reporting during the drill of ${ofBackup(database.name, takenAt)}.` : `The drill of ${ofBackup(database.name, takenAt)} could not be carried out. ${sentence(reason)}`,
    meaning: "It proved nothing, for or against. The backup is as good as it was before.",
    todo: hint ?? "Open the run to see what was missing, then start the drill again.",
    path: `/runs/${runId}`,
  }),
  file_damaged: ({ database, many, example, good }) => ({
    subject: `Damaged: ${database.name}, ${plural(many, "stored backup")} missing or changed`,
    happened: `${many === 1 ? "A stored backup" : plural(many, "stored backup")} of ${database.name} ${many === 1 ? "is" : "are"} missing or not what was stored. ${sentence(example)}`,
    meaning: `${many === 1 ? "It cannot" : "They cannot"} be relied on any more. ${stillGood(good)}`,
    todo: "Look whether the disk is mounted and whole. Take a new backup, then find out what changed the files.",
    path: database.id ? `/backups?database=${database.id}` : "/backups",
  }),
  database_exposed: ({ database, why, good }) => ({
    subject: `Exposed: ${database.name}`,
    happened: sentence(why),
    meaning: good ? `More would be lost than its target allows. ${stillGood(good)}` : "If it were lost now, nothing is known to bring it back.",
    todo: "Back it up now.",
    path: `/backups?database=${database.id}`,
  }),
  restore_started: ({ database, runId, by, what, how, reason }) => ({
    subject: `Started: ${database.name}, restore`,
    happened: `${by} started a restore of ${whatOf(what, database.name)}.${reason ? ` Reason: ${sentence(reason)}` : ""}`,
    meaning: startedMeans[how],
    todo: "If this was not agreed, cancel it on its page at once.",
    path: `/runs/${runId}`,
  }),
  restore_finished: ({ database, runId, by, what, isRedo }) => ({
    subject: `Restored${isRedo ? " again" : ""}: ${database.name}`,
    happened: `The restore of ${whatOf(what, database.name)} ${isRedo ? `was done again by ${by}` : `that ${by} started has finished`}.`,
    meaning: isRedo ? "The restored data is live again." : "What it brought back was compared with the backup.",
    todo: "Look at the application. The run's page says whether it can be undone, and until when.",
    path: `/runs/${runId}`,
  }),
  restore_failed: ({ database, runId, by, what, reason, hint, isLost, isUndo, isRedo }) => ({
    subject: `${isLost ? "Lost" : "Failed"}: ${database.name}, ${isRedo ? "redo of a restore" : isUndo ? "undo of a restore" : "restore"}`,
    happened: `${isRedo ? "The redo of the restore" : isUndo ? "The undo of the restore" : "The restore"} of ${whatOf(what, database.name)} that ${by} started ${isLost ? "stopped reporting, so how it ended is not known yet." : `failed. ${sentence(reason)}`}`,
    meaning: isLost ? "Holdfast asks the server which of the databases is live, and brings it to one of the two complete states." : "Its page says which data is live now. A restore that fails before its swap leaves the live database as it was.",
    todo: hint ?? "Open the run before anything else is done with the database.",
    path: `/runs/${runId}`,
  }),
  restore_undone: ({ database, runId, by, what }) => ({
    subject: `Undone: ${database.name}, restore`,
    happened: `The restore of ${whatOf(what, database.name)} was undone by ${by}.`,
    meaning: "The data from before the restore is live again.",
    todo: "Look at the application.",
    path: `/runs/${runId}`,
  }),
  store_filling: ({ store, freeBytes, totalBytes }) => ({
    subject: `Filling: ${store.name}, ${percent(freeBytes, totalBytes)} free`,
    happened: `${bytes(freeBytes)} of ${bytes(totalBytes)} are free in the store ${store.name}.`,
    meaning: "What is stored is not affected. A backup that does not fit is refused before it starts.",
    todo: "Free space, enlarge the disk, or keep fewer backups under Retention.",
    path: "/settings/storage",
  }),
  store_unreadable: ({ store, problem }) => ({
    subject: `Unreadable: ${store.name}, store`,
    happened: `The store ${store.name} cannot be relied on. ${sentence(problem)}`,
    meaning: "As long as this holds, its backups can neither be restored nor counted on, and no new one goes there.",
    todo: "Look whether its disk is mounted and can be written. Then test the store.",
    path: "/settings/storage",
  }),
  worker_silent: ({ heardAt }) => ({
    subject: heardAt ? `Silent: worker, since ${fullTime(heardAt)}` : "Silent: worker, never heard",
    happened: heardAt ? `The worker was last heard at ${fullTime(heardAt)}.` : "No worker was ever heard.",
    meaning: "No backup, drill or clean-up happens while it is away. What is stored is not affected.",
    todo: "Start the worker again. Its log says why it stopped.",
    path: "/",
  }),
};

const startedMeans = {
  swap: "The live database is not touched until the restored one was loaded beside it and compared. The one from before is kept for a while.",
  beside: "The live database is not touched: the restored one gets a name of its own.",
  in_place: "The live database is replaced in place. A safety backup is taken before, unless somebody left it out.",
  tables: "The chosen tables are changed in one transaction. Their rows from before are kept for a while.",
} as const satisfies Record<FactsOf<"restore_started">["how"], string>;

/** What is over: a condition, or backups that failed. */
function recoveredOf(facts: AlertFacts, { openedAt, now }: Course): AlertMessage {
  const since = `“${eventKinds[facts.event].title}” held from ${fullTime(openedAt)} to ${fullTime(now)}.`;
  const { subject, happened, meaning } = over(facts);
  return { subject: `Recovered: ${subject}`, happened: `${happened} ${since}`, meaning, todo: "Nothing.", path: tellerPath(facts, now) };
}

function over(facts: AlertFacts): Pick<AlertMessage, "subject" | "happened" | "meaning"> {
  switch (facts.event) {
    case "backup_failed":
      return { subject: `${facts.database.name}, backup`, happened: `A backup of ${facts.database.name} succeeded again.`, meaning: "It was read back and decoded to its last byte." };
    case "drill_failed":
      return { subject: `${facts.database.name}, drill`, happened: `A later drill of ${facts.database.name} passed.`, meaning: "What it restored was what had been backed up. The backup whose drill failed is still not to be relied on." };
    case "nothing_succeeded":
      return { subject: `${facts.database.name}, a backup succeeded`, happened: `A backup of ${facts.database.name} succeeded again.`, meaning: "It was read back and decoded to its last byte." };
    case "file_damaged":
      return { subject: `${facts.database.name}, stored backups`, happened: `No listed backup of ${facts.database.name} is missing or changed any more.`, meaning: "They were found again and verified, or taken off the list." };
    case "database_exposed":
      return { subject: `${facts.database.name}, within its target`, happened: `${facts.database.name} has a backup within its target that can be restored.`, meaning: "What would be lost now is no more than its target allows." };
    case "store_filling":
      return { subject: `${facts.store.name}, space`, happened: `The store ${facts.store.name} has room again.`, meaning: "New backups go there as before." };
    case "store_unreadable":
      return { subject: `${facts.store.name}, store`, happened: `The store ${facts.store.name} can be read again.`, meaning: "Its backups count again. What was to be stored meanwhile was not." };
    case "worker_silent":
      return { subject: "worker", happened: "The worker is heard again.", meaning: "Backups go on. What was missed meanwhile stands under Schedules." };
    default:
      throw new Error(`${facts.event} is no condition, so it cannot be over.`);
  }
}

function tellerPath(facts: AlertFacts, now: Date): string {
  return toldOf(facts, { phase: "opened", openedAt: now, now }).path;
}

/** "the backup from 02:00 is still good". */
const unusual = {
  smaller: { meaning: "A table may have been emptied. The backup itself is whole, and the clean-up removes no older one because of it.", todo: "Compare its tables with those of the one before. If the data was removed on purpose, nothing is to be done." },
  larger: { meaning: "Something may write more than it should. The backup itself is whole, and counts like any other.", todo: "Compare its tables with those of the one before, and see under Storage whether there is room for more of them. If the data came on purpose, nothing is to be done." },
} as const;

function stillGood(good: Good): string {
  if (!good) return "No backup of it is known to be restorable.";
  return `The backup from ${fullTime(good.takenAt)} is still good: ${good.isProven ? "a drill has restored it" : "it was read and decoded to its last byte"}.`;
}

function ofBackup(name: string, takenAt: string | null): string {
  return takenAt ? `the backup of ${name} from ${fullTime(takenAt)}` : `a backup of ${name}`;
}

function whatOf(what: "database" | "tables", name: string): string {
  return what === "tables" ? `tables in ${name}` : name;
}

function rowsOf(rows: number): string {
  return `${count(rows)} ${rows === 1 ? "row" : "rows"}`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
