import "server-only";
import type { Context } from "@/lib/context";
import type { Tx } from "./client";

/** Runs `work` in one transaction that holds the write lock from its start. Touch only `tx` inside it. */
export function transaction<T>(ctx: Pick<Context, "db">, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.$transaction((tx) => work(tx as Tx));
}
