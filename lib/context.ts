import type { Clock } from "./clock";
import type { Db } from "./db/client";
import type { Scope } from "./tokens/schemas";
import type { Role } from "./users/schemas";

/** Who does something. `origin` is where they sit: an address, or the worker's name. */
export type Actor =
  | { kind: "user"; id: string; name: string; role: Role; mayRestore?: boolean; sessionId: string; origin: string }
  | { kind: "token"; id: string; name: string; scopes: readonly Scope[]; /** The only databases it reaches; null: all. */ databaseIds: readonly string[] | null; origin: string }
  | { kind: "schedule" | "system" | "cli"; id: null; name: string; origin: string };

/** What every domain operation gets first: who asks, the time, and the record. */
export interface Context {
  actor: Actor;
  clock: Clock;
  db: Db;
}
