import type { Context } from "@/lib/context";
import { apiErrors } from "./errors";

/** The one database that a list is asked for, or null for all. Throws `api.name_database` for a token that does not reach all. */
export function namedDatabase({ actor }: Context, databaseId: string | undefined): string | null {
  if (databaseId === undefined && actor.kind === "token" && actor.databaseIds !== null) throw apiErrors.name_database({});
  return databaseId ?? null;
}
