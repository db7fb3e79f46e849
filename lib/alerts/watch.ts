import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Db, Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { AlertCondition } from "@/lib/db/generated/client";
import { readSettings } from "./channels";
import { decideConditions, type Move } from "./conditions";
import type { AlertEvent } from "./events";
import { AlertFacts } from "./facts";
import { observe, type Found } from "./observe";
import { raise } from "./raise";

const hourMs = 3_600_000;
const Members = z.array(z.string());

type Watching = Pick<Context, "db" | "clock">;

/**
 * Looks at conditions of `events` and tells what begins, still holds or is over. Decides again inside the transaction that acts, so any
 * number of processes can look at once, and one that dies leaves either all of a step or nothing. `startedAt` is the caller's own start.
 */
export async function watchConditions(ctx: Watching, events: readonly AlertEvent[], startedAt: Date): Promise<void> {
  if ((await decide(ctx.db, ctx, events, startedAt)).moves.length === 0) return;
  await transaction(ctx, async (tx) => {
    const { moves, found, known } = await decide(tx, ctx, events, startedAt);
    for (const move of moves) await apply(tx, ctx, move, found.get(move.key), known.get(move.key));
  });
}

async function decide(db: Db | Tx, { clock }: Pick<Context, "clock">, events: readonly AlertEvent[], startedAt: Date) {
  const settings = await readSettings(db);
  const now = clock.now();
  const found = (await observe(db, settings, { now, startedAt })).filter(({ event }) => events.includes(event));
  const rows = await db.alertCondition.findMany({ where: { event: { in: [...events] } } });
  const known = rows.map(({ key, members, toldAt, closedAt }) => ({ key, members: readJson(Members, members), toldAt, closedAt }));
  const moves = decideConditions(found, known, { now, repeatMs: settings.repeatHours === 0 ? null : settings.repeatHours * hourMs });
  return { moves, found: new Map(found.map((one) => [one.key, one])), known: new Map(rows.map((row) => [row.key, row])) };
}

async function apply(tx: Tx, ctx: Pick<Context, "clock">, move: Move, found: Found | undefined, known: AlertCondition | undefined): Promise<void> {
  const now = ctx.clock.now();
  if (move.do === "close") {
    await tx.alertCondition.update({ where: { key: move.key }, data: { closedAt: now } });
    if (move.isTold && known) await raise(tx, ctx, { cause: `${move.key}#${known.round}.over`, facts: readJson(AlertFacts, known.facts), episode: { name: episodeOf(known), phase: "recovered", openedAt: known.openedAt } });
    return;
  }
  if (!found) return;
  const seen = { facts: writeJson(found.facts), members: writeJson(found.members) };
  if (move.do === "note") {
    await tx.alertCondition.update({ where: { key: move.key }, data: seen });
    return;
  }
  const isNew = move.do === "open";
  const isTold = move.do === "tell" || move.isTold;
  const fresh = { event: found.event, round: (known?.round ?? 0) + 1, told: 0, openedAt: now };
  const row = await tx.alertCondition.upsert({
    where: { key: move.key },
    create: { key: move.key, ...seen, ...fresh, toldAt: isTold ? now : null },
    update: { ...seen, ...(isNew ? { ...fresh, closedAt: null, toldAt: isTold ? now : null } : { toldAt: now, told: { increment: 1 } }) },
  });
  const phase = move.do === "tell" ? move.phase : "opened";
  if (isTold) await raise(tx, ctx, { cause: `${row.key}#${row.round}.${row.told}`, facts: found.facts, episode: { name: episodeOf(row), phase, openedAt: row.openedAt } });
}

/** One time that a condition holds. */
function episodeOf({ key, round }: Pick<AlertCondition, "key" | "round">): string {
  return `${key}#${round}`;
}
