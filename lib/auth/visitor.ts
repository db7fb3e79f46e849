import type { Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";

/** Someone who is not signed in yet: where they sit and with what. */
export interface Visitor {
  db: Db;
  clock: Clock;
  origin: string;
  userAgent: string;
}

/** A context for what happens before sign-in, so that the audit log can say who: nobody it knows. */
export function visitorContext({ db, clock, origin }: Pick<Visitor, "db" | "clock" | "origin">): Context {
  return { db, clock, actor: { kind: "system", id: null, name: "Not signed in", origin } };
}
