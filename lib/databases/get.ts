import "server-only";
import type { Tx } from "@/lib/db/client";
import type { Database } from "@/lib/db/generated/client";
import { databaseErrors } from "./errors";

/** A registered database. Throws `database.not_found`, and `database.removed` for one that was taken out. */
export async function getDatabase(tx: Tx, databaseId: string): Promise<Database> {
  const database = await tx.database.findUnique({ where: { id: databaseId } });
  if (!database) throw databaseErrors.not_found({});
  if (database.removedAt) throw databaseErrors.removed({ name: database.name });
  return database;
}
