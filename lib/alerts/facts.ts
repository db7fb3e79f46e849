import { z } from "zod";

const Named = z.object({ id: z.string(), name: z.string() });
/** Of a file that was found and belongs to no database that is registered, only a name is known. */
const Whose = z.object({ id: z.string().nullable(), name: z.string() });
/** The newest backup that can be restored; null: none is known to be. */
const Good = z.object({ takenAt: z.string(), isProven: z.boolean() }).nullable();
export type Good = z.output<typeof Good>;

/** What a run says of itself. `isLost`: its worker stopped reporting, so how it ended is not known. */
const ended = { runId: z.number(), reason: z.string(), hint: z.string().nullable(), isLost: z.boolean() };
/** A restore of a whole database, or of some tables. */
const restored = { database: Named, runId: z.number(), by: z.string(), what: z.enum(["database", "tables"]) };
/** Whether an undone restore was done again. */
const isRedo = z.boolean();

/** All that the words of each event are made of. Times are ISO. */
export const AlertFacts = z.discriminatedUnion("event", [
  z.object({ event: z.literal("backup_failed"), database: Named, good: Good, /** The runs it took. */ attempts: z.number().default(1), ...ended }),
  z.object({ event: z.literal("backup_succeeded"), database: Named, /** It leaves tables out, of a database that is backed up whole. */ isLesser: z.boolean().default(false), runId: z.number(), backupId: z.string(), takenAt: z.string(), sizeBytes: z.number(), rows: z.number().nullable() }),
  z.object({
    event: z.literal("backup_unusual"), way: z.enum(["smaller", "larger"]).default("smaller"), database: Named, runId: z.number(), backupId: z.string(),
    takenAt: z.string(), sizeBytes: z.number(), rows: z.number().nullable(),
    /** The newest one before it that was as usual. */
    before: z.object({ takenAt: z.string(), sizeBytes: z.number(), rows: z.number().nullable() }).nullable(),
  }),
  z.object({ event: z.literal("backup_missed"), database: Named, many: z.number(), first: z.string(), last: z.string(), /** One starts now in place of them all. */ isMadeUp: z.boolean().default(false), good: Good }),
  z.object({ event: z.literal("nothing_succeeded"), database: Named, hours: z.number(), lastAt: z.string().nullable(), good: Good, /** When the newest one is dated that is not counted, because that lies ahead. */ ahead: z.string().nullable().default(null) }),
  z.object({ event: z.literal("drill_failed"), database: Whose, backupId: z.string().nullable().default(null), good: Good, takenAt: z.string().nullable(), ...ended }),
  z.object({ event: z.literal("drill_inconclusive"), database: Whose, backupId: z.string().nullable().default(null), good: Good, takenAt: z.string().nullable(), ...ended }),
  z.object({ event: z.literal("file_damaged"), database: Whose, many: z.number(), example: z.string(), good: Good }),
  z.object({ event: z.literal("database_exposed"), database: Named, why: z.string(), good: Good }),
  z.object({ event: z.literal("restore_started"), reason: z.string().nullable(), how: z.enum(["swap", "beside", "in_place", "tables"]), ...restored }),
  z.object({ event: z.literal("restore_finished"), isRedo, ...restored }),
  z.object({ event: z.literal("restore_failed"), hint: z.string().nullable(), isLost: z.boolean(), isUndo: z.boolean(), isRedo, ...restored, reason: z.string() }),
  z.object({ event: z.literal("restore_undone"), ...restored }),
  z.object({ event: z.literal("store_filling"), store: Named, freeBytes: z.number(), totalBytes: z.number() }),
  z.object({ event: z.literal("store_unreadable"), store: Named, problem: z.string() }),
  z.object({ event: z.literal("worker_silent"), heardAt: z.string().nullable() }),
]);
export type AlertFacts = z.output<typeof AlertFacts>;

/** Facts of one event. */
export type FactsOf<E extends AlertFacts["event"]> = Extract<AlertFacts, { event: E }>;
