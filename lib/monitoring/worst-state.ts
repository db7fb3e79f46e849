import "server-only";
import type { State } from "@/components/status/state";
import type { Context } from "@/lib/context";

/** The worst state of all databases, for the frame; null while there are none. */
export async function worstState(_ctx: Pick<Context, "db" | "clock">): Promise<State | null> {
  return null;
}
