import { describe, expect, it } from "vitest";
import { alertEvents, eventKinds, type AlertEvent, type Phase } from "./events";
import { AlertFacts } from "./facts";
import { messageOf } from "./words";

const database = { id: "d1", name: "orders" };
const store = { id: "s1", name: "local-disk" };
const good = { takenAt: "2026-09-21T02:00:04.000Z", isProven: false };
const ended = { runId: 12, reason: "The dump stopped: permission denied for table payment_tokens.", hint: "Let the role read it.", isLost: false };
const restored = { database, runId: 12, by: "Maeve Byrne", what: "database" as const };
const taken = "2026-09-22T02:00:04.000Z";
const isGood = "The backup from 21 Sep 2026 02:00:04 UTC is still good: it was read and decoded to its last byte.";

type Told = [facts: AlertFacts, subject: string, happened: string, meaning: string, todo: string, path: string];
const table: Told[] = [
  [{ event: "backup_failed", database, good, ...ended }, "Failed: orders, backup", "A backup of orders failed. The dump stopped: permission denied for table payment_tokens.", isGood, "Let the role read it.", "/runs/12"],
  [{ event: "backup_failed", database, good: null, ...ended, hint: null, isLost: true }, "Lost: orders, backup", "The worker stopped reporting during a backup of orders, so how it ended is not known.", "No backup of it is known to be restorable.", "Open the run to see at which step it ended, and start it again.", "/runs/12"],
  [{ event: "backup_succeeded", database, runId: 12, backupId: "b1", takenAt: taken, sizeBytes: 742 * 2 ** 20, rows: 13_152_944 }, "Succeeded: orders, backup", "A backup of orders was taken at 22 Sep 2026 02:00:04 UTC: 742 MiB, 13,152,944 rows.", "It was read back and decoded to its last byte. A drill proves that it restores.", "Nothing.", "/backups/b1"],
  [{ event: "backup_unusual", database, runId: 12, backupId: "b1", takenAt: taken, sizeBytes: 2 ** 20, rows: 1, before: { takenAt: good.takenAt, sizeBytes: 742 * 2 ** 20, rows: 900 } }, "Unusual: orders, backup far smaller than usual", "The backup of orders from 22 Sep 2026 02:00:04 UTC has 1 MiB and 1 row, under half of what is usual. The one from 21 Sep 2026 02:00:04 UTC has 742 MiB and 900 rows.", "A table may have been emptied. The backup itself is whole, and the clean-up removes no older one because of it.", "Compare its tables with those of the one before. If the data was removed on purpose, nothing is to be done.", "/backups/b1"],
  [{ event: "backup_missed", database, many: 1, first: taken, last: taken, good }, "Missed: orders, backup", "The backup of orders due at 22 Sep 2026 02:00:04 UTC was not taken: Holdfast was not running.", isGood, "See under its schedule whether one was made up for, and find out why Holdfast was not running.", "/settings/schedules/d1"],
  [{ event: "backup_missed", database, many: 3, first: good.takenAt, last: taken, good }, "Missed: orders, 3 backups", "3 backups of orders, due from 21 Sep 2026 02:00:04 UTC to 22 Sep 2026 02:00:04 UTC, were not taken: Holdfast was not running.", isGood, "See under its schedule whether one was made up for, and find out why Holdfast was not running.", "/settings/schedules/d1"],
  [{ event: "nothing_succeeded", database, hours: 25, lastAt: good.takenAt, good }, "Overdue: orders, no backup succeeded for 25 hours", "The last backup of orders that succeeded ended at 21 Sep 2026 02:00:04 UTC, more than 25 hours ago.", isGood, "Start a backup now and see what becomes of it. If there is no schedule, give it one.", "/backups?database=d1"],
  [{ event: "nothing_succeeded", database, hours: 1, lastAt: null, good: null }, "Overdue: orders, no backup succeeded for 1 hour", "No backup of orders has ever succeeded, and it was added more than 1 hour ago.", "No backup of it is known to be restorable.", "Start a backup now and see what becomes of it. If there is no schedule, give it one.", "/backups?database=d1"],
  [{ event: "drill_failed", database, good: { ...good, isProven: true }, takenAt: taken, ...ended, reason: "Two tables differ" }, "Failed: orders, drill", "The drill of the backup of orders from 22 Sep 2026 02:00:04 UTC failed. Two tables differ.", "That backup does not restore to what was backed up, so do not rely on it. The backup from 21 Sep 2026 02:00:04 UTC is still good: a drill has restored it.", "Open the drill to see what differs. Take a new backup and drill that one.", "/runs/12"],
  [{ event: "drill_inconclusive", database, good, takenAt: taken, ...ended, reason: "The image cannot be pulled.", hint: null }, "Not proven: orders, drill", "The drill of the backup of orders from 22 Sep 2026 02:00:04 UTC could not be carried out. The image cannot be pulled.", "It proved nothing, for or against. The backup is as good as it was before.", "Open the run to see what was missing, then start the drill again.", "/runs/12"],
  [{ event: "file_damaged", database, many: 1, example: "orders.dump is not in local-disk.", good }, "Damaged: orders, 1 stored backup missing or changed", "A stored backup of orders is missing or not what was stored. orders.dump is not in local-disk.", `It cannot be relied on any more. ${isGood}`, "Look whether the disk is mounted and whole. Take a new backup, then find out what changed the files.", "/backups?database=d1"],
  [{ event: "file_damaged", database: { id: null, name: "old" }, many: 2, example: "a is gone", good: null }, "Damaged: old, 2 stored backups missing or changed", "2 stored backups of old are missing or not what was stored. a is gone.", "They cannot be relied on any more. No backup of it is known to be restorable.", "Look whether the disk is mounted and whole. Take a new backup, then find out what changed the files.", "/backups"],
  [{ event: "database_exposed", database, why: "None of its backups is known to be restorable.", good: null }, "Exposed: orders", "None of its backups is known to be restorable.", "If it were lost now, nothing is known to bring it back.", "Back it up now.", "/backups?database=d1"],
  [{ event: "restore_started", reason: "A wrong import", how: "swap", ...restored }, "Started: orders, restore", "Maeve Byrne started a restore of orders. Reason: A wrong import.", "The live database is not touched until the restored one was loaded beside it and compared. The one from before is kept for a while.", "If this was not agreed, cancel it on its page at once.", "/runs/12"],
  [{ event: "restore_finished", ...restored, what: "tables" }, "Restored: orders", "The restore of tables in orders that Maeve Byrne started has finished.", "What it brought back was compared with the backup.", "Look at the application. The run's page says whether it can be undone, and until when.", "/runs/12"],
  [{ event: "restore_failed", isUndo: false, ...restored, ...ended, reason: "The disk is full." }, "Failed: orders, restore", "The restore of orders that Maeve Byrne started failed. The disk is full.", "Its page says which data is live now. A restore that fails before its swap leaves the live database as it was.", "Let the role read it.", "/runs/12"],
  [{ event: "restore_failed", isUndo: true, ...restored, ...ended, hint: null, isLost: true }, "Lost: orders, undo of a restore", "The undo of the restore of orders that Maeve Byrne started stopped reporting, so how it ended is not known yet.", "Holdfast asks the server which of the databases is live, and brings it to one of the two complete states.", "Open the run before anything else is done with the database.", "/runs/12"],
  [{ event: "restore_undone", ...restored }, "Undone: orders, restore", "The restore of orders was undone by Maeve Byrne.", "The data from before the restore is live again.", "Look at the application.", "/runs/12"],
  [{ event: "store_filling", store, freeBytes: 4 * 2 ** 30, totalBytes: 100 * 2 ** 30 }, "Filling: local-disk, 4 % free", "4 GiB of 100 GiB are free in the store local-disk.", "What is stored is not affected. A backup that does not fit is refused before it starts.", "Free space, enlarge the disk, or keep fewer backups under Retention.", "/settings/storage"],
  [{ event: "store_unreadable", store, problem: "It does not exist" }, "Unreadable: local-disk, store", "The store local-disk cannot be relied on. It does not exist.", "As long as this holds, its backups can neither be restored nor counted on, and no new one goes there.", "Look whether its disk is mounted and can be written. Then test the store.", "/settings/storage"],
  [{ event: "worker_silent", heardAt: taken }, "Silent: worker, since 22 Sep 2026 02:00:04 UTC", "The worker was last heard at 22 Sep 2026 02:00:04 UTC.", "No backup, drill or clean-up happens while it is away. What is stored is not affected.", "Start the worker again. Its log says why it stopped.", "/"],
];
const openedAt = new Date("2026-09-22T03:00:00Z");
const now = new Date("2026-09-23T09:14:00Z");
const told = (facts: AlertFacts, phase: Phase) => messageOf(facts, { phase, openedAt, now });

describe("the words of an event", () => {
  it.each(table)("$event", (facts, subject, happened, meaning, todo, path) => expect(told(AlertFacts.parse(facts), "happened")).toEqual({ subject, happened, meaning, todo, path }));
  it("are tested for every event", () => expect(new Set(table.map(([{ event }]) => event))).toEqual(new Set(alertEvents)));
});

const recovered: Partial<Record<AlertEvent, string>> = {
  nothing_succeeded: "Recovered: orders, a backup succeeded",
  file_damaged: "Recovered: orders, stored backups",
  database_exposed: "Recovered: orders, within its target",
  store_filling: "Recovered: local-disk, space",
  store_unreadable: "Recovered: local-disk, store",
  worker_silent: "Recovered: worker",
};
const conditions = alertEvents.filter((event) => eventKinds[event].nature === "condition");

describe("a condition", () => {
  it.each(conditions)("%s says when it began, and for how long it held", (event) => {
    const [facts] = table.find(([one]) => one.event === event) ?? [];
    if (!facts) throw new Error(event);
    const again = told(facts, "repeated");
    expect(again.subject).toMatch(/^Still [a-z]/);
    expect(again.happened).toContain("This was first said on 22 Sep 2026 03:00:00 UTC.");
    const over = told(facts, "recovered");
    expect(over.subject).toBe(recovered[event]);
    expect(over.happened).toContain("It held from 22 Sep 2026 03:00:00 UTC to 23 Sep 2026 09:14:00 UTC.");
  });
});
