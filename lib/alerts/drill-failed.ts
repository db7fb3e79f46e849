import "server-only";
import { latestBy, type Clock } from "@/lib/clock";
import { readJson } from "@/lib/db/codecs";
import type { Db, Tx } from "@/lib/db/client";
import { someoneWants } from "./channels";
import { AlertFacts, type FactsOf } from "./facts";
import { readGood } from "./good";
import { closeCondition, noteCondition, openCondition, readMembers, tellCondition, type Held } from "./hold";

interface Of {
  id: string | null;
  name: string;
}

/**
 * Tells that a drill failed, in the transaction that ends its run: drills of one database may overlap, and each that fails is told. It is
 * the beginning of a condition, or one more of what makes it, which holds until a drill of the same database passes.
 */
export async function raiseDrillFailed(tx: Tx, ctx: { clock: Clock }, { drillId, facts }: { drillId: string; facts: FactsOf<"drill_failed"> }): Promise<void> {
  const key = keyOf(facts.database);
  const known = (await tx.alertCondition.findUnique({ where: { key } })) ?? undefined;
  const isOpen = known !== undefined && known.closedAt === null;
  const members = isOpen ? readMembers(known) : [];
  if (members.includes(drillId)) return;
  const held: Held = { key, event: "drill_failed", facts, members: [...members, drillId] };
  const isTold = await someoneWants(tx, { event: "drill_failed", databaseId: facts.database.id });
  if (!isOpen) await openCondition(tx, ctx, held, known, { isTold });
  else if (isTold) await tellCondition(tx, ctx, held, "opened");
  else await noteCondition(tx, held);
}

/**
 * Tells those who heard of failed drills that one has passed, in the transaction that ends its run. One that began before another which failed
 * says nothing of that.
 */
export async function raiseDrillPassed(tx: Tx, ctx: { clock: Clock }, database: Of, startedAt: Date): Promise<void> {
  const known = await tx.alertCondition.findUnique({ where: { key: keyOf(database) } });
  if (!known || known.closedAt) return;
  const failedSince = { id: { in: readMembers(known) }, startedAt: { gt: startedAt, lte: latestBy(ctx.clock.now()) } };
  if ((await tx.drill.count({ where: failedSince })) === 0) await closeCondition(tx, ctx, known, { isTold: known.toldAt !== null });
}

/** Failed drills that no later one has made good, for their repetition. Those of a database that was removed end without a word, and those of files of none with the last of these. */
export async function readFailedDrills(db: Db | Tx, now: Date): Promise<(Held & { databaseId: string | null })[]> {
  const rows = await db.alertCondition.findMany({ where: { event: "drill_failed", closedAt: null } });
  const removed = new Set((await db.database.findMany({ where: { removedAt: { not: null } }, select: { id: true } })).map(({ id }) => id));
  const held: (Held & { databaseId: string | null })[] = [];
  for (const { key, members, facts: written } of rows) {
    const facts = readJson(AlertFacts, written);
    if (facts.event !== "drill_failed" || removed.has(facts.database.id ?? "")) continue;
    if (facts.database.id === null && (await db.backup.count({ where: { databaseId: null, databaseName: facts.database.name, deletedAt: null } })) === 0) continue;
    const good = facts.database.id ? await readGood(db, facts.database.id, now) : null;
    held.push({ key, event: "drill_failed", members: readMembers({ members }), facts: { ...facts, good }, databaseId: facts.database.id });
  }
  return held;
}

function keyOf({ id, name }: Of): string {
  return `drill_failed:${id ?? `name:${name}`}`;
}
