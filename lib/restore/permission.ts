import type { Context } from "@/lib/context";

/** Whether the person or the token may restore: decides what pages offer. Every action asks again. */
export function isAllowedToRestore({ actor }: Pick<Context, "actor">): boolean {
  return actor.kind === "token" ? actor.scopes.includes("restore") : actor.kind === "user" && actor.mayRestore === true;
}
