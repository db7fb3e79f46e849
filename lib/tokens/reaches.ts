import type { Actor } from "@/lib/context";

/** Whether whoever asks reaches this database. Only tokens can be limited; what belongs to no database is for those that are not. */
export function reaches(actor: Actor, databaseId: string | null): boolean {
  if (actor.kind !== "token" || actor.databaseIds === null) return true;
  return databaseId !== null && actor.databaseIds.includes(databaseId);
}
