import type { z } from "zod";
import { readJson } from "@/lib/db/codecs";
import type { Database } from "@/lib/db/generated/client";
import { BackupOptions, type UpdateDatabaseInput } from "./schemas";

/** An update that changes nothing, to change some of it. */
export function unchanged(database: Database): z.output<typeof UpdateDatabaseInput> {
  const { id, container, role, storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds } = database;
  return { databaseId: id, container, role, storeId, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds, options: readJson(BackupOptions, database.options) };
}
