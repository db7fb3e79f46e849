import "server-only";
import type { Context } from "@/lib/context";
import type { Db, Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import type { AlertCondition } from "@/lib/db/generated/client";
import { readSettings } from "./channels";
import { decideConditions, type Move } from "./conditions";
import type { AlertEvent } from "./events";
import { closeCondition, noteCondition, openCondition, readMembers, tellCondition } from "./hold";
import { observe, type Found } from "./observe";

const hourMs = 3_600_000;

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
  const known = rows.map(({ key, members, toldAt, closedAt }) => ({ key, members: readMembers({ members }), toldAt, closedAt }));
  const moves = decideConditions(found, known, { now, repeatMs: settings.repeatHours === 0 ? null : settings.repeatHours * hourMs });
  return { moves, found: new Map(found.map((one) => [one.key, one])), known: new Map(rows.map((row) => [row.key, row])) };
}

async function apply(tx: Tx, ctx: Pick<Context, "clock">, move: Move, found: Found | undefined, known: AlertCondition | undefined): Promise<void> {
  if (move.do === "close") return known && closeCondition(tx, ctx, known, move);
  if (!found) return;
  if (move.do === "note") return noteCondition(tx, found);
  return move.do === "open" ? openCondition(tx, ctx, found, known, move) : tellCondition(tx, ctx, found, move.phase);
}
