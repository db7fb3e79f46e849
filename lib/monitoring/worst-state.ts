import "server-only";
import { worst, type State } from "./schemas";
import type { Context } from "@/lib/context";
import { assessDatabase } from "./assess-database";
import { readFacts } from "./read-facts";

/** The worst state of all databases, for the frame; null while there are none. */
export async function worstState(ctx: Pick<Context, "db" | "clock">): Promise<State | null> {
  const records = await readFacts(ctx);
  if (records.length === 0) return null;
  return worst(records.map(({ facts }) => assessDatabase(facts, ctx.clock.now()).state));
}
