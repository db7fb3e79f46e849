import "server-only";
import type { Context } from "@/lib/context";
import type { Db, Tx } from "./client";

/** Runs `work` in one transaction that holds the write lock from its start. Touch only `tx` inside it. */
export function transaction<T>(ctx: Pick<Context, "db">, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.$transaction((tx) => work(tx as Tx));
}

/**
 * Several operations as one: each gets a context whose transactions are this one, so that all of them hold or, when one throws, none.
 */
export function asOne<T>(ctx: Context, work: (ctx: Context, tx: Tx) => Promise<T>): Promise<T> {
  return transaction(ctx, (tx) => work({ ...ctx, db: within(tx) }, tx));
}

/** A transaction that can be handed to what opens its own: that one is then part of it. */
function within(tx: Tx): Db {
  const nested = (work: (inner: Tx) => Promise<unknown>) => work(tx);
  return new Proxy(tx, { get: (target, name) => (name === "$transaction" ? nested : (Reflect.get(target, name) as unknown)) }) as Db;
}
