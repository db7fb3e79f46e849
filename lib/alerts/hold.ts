import "server-only";
import { z } from "zod";
import type { Clock } from "@/lib/clock";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { AlertCondition } from "@/lib/db/generated/client";
import type { AlertEvent } from "./events";
import { AlertFacts } from "./facts";
import { raise } from "./raise";

/** What is on record of a condition that holds. */
export interface Held {
  key: string;
  event: AlertEvent;
  members: readonly string[];
  facts: AlertFacts;
}

const Members = z.array(z.string());

interface Writing {
  clock: Clock;
}

/** Begins a condition, or one more time that it holds; `known` is its row, if there is one. `isTold`: somebody is to hear of it. */
export async function openCondition(tx: Tx, ctx: Writing, held: Held, known: AlertCondition | undefined, { isTold }: { isTold: boolean }): Promise<void> {
  const now = ctx.clock.now();
  const fresh = { ...written(held), event: held.event, round: (known?.round ?? 0) + 1, told: 0, openedAt: now, toldAt: isTold ? now : null };
  const row = await tx.alertCondition.upsert({ where: { key: held.key }, create: { key: held.key, ...fresh }, update: { ...fresh, closedAt: null } });
  if (isTold) await raiseHeld(tx, ctx, held.facts, row, "opened");
}

/** Tells a condition that holds already: again, or because something was added to it. */
export async function tellCondition(tx: Tx, ctx: Writing, held: Held, phase: "opened" | "repeated"): Promise<void> {
  const row = await tx.alertCondition.update({ where: { key: held.key }, data: { ...written(held), toldAt: ctx.clock.now(), told: { increment: 1 } } });
  await raiseHeld(tx, ctx, held.facts, row, phase);
}

/** Writes down what has changed in a condition that nobody is to be told of now. */
export async function noteCondition(tx: Tx, held: Held): Promise<void> {
  await tx.alertCondition.update({ where: { key: held.key }, data: written(held) });
}

/** Ends a condition; with `isTold` those who heard of it are told. */
export async function closeCondition(tx: Tx, ctx: Writing, known: AlertCondition, { isTold }: { isTold: boolean }): Promise<void> {
  await tx.alertCondition.update({ where: { key: known.key }, data: { closedAt: ctx.clock.now() } });
  if (isTold) await raise(tx, ctx, { cause: `${known.key}#${known.round}.over`, facts: readJson(AlertFacts, known.facts), episode: { name: episodeOf(known), phase: "recovered", openedAt: known.openedAt } });
}

/** What a condition on record is made of. */
export function readMembers({ members }: Pick<AlertCondition, "members">): string[] {
  return readJson(Members, members);
}

function written({ facts, members }: Held) {
  return { facts: writeJson(facts), members: writeJson(members) };
}

async function raiseHeld(tx: Tx, ctx: Writing, facts: AlertFacts, row: AlertCondition, phase: "opened" | "repeated"): Promise<void> {
  await raise(tx, ctx, { cause: `${row.key}#${row.round}.${row.told}`, facts, episode: { name: episodeOf(row), phase, openedAt: row.openedAt } });
}

/** One time that a condition holds. */
function episodeOf({ key, round }: Pick<AlertCondition, "key" | "round">): string {
  return `${key}#${round}`;
}
