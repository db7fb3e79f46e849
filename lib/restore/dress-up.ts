import "server-only";
import { applyProperties, differingProperties, readProperties, type DatabaseProperties } from "@/lib/postgres/properties";
import type { Server } from "@/lib/postgres/server";
import { restoreErrors } from "./errors";
import type { RestorePlan } from "./schemas";

/**
 * Gives the staging database owner, grants, settings and limits of the one whose place it takes, and reads them back. It waits for its
 * name and nothing else then. `elsewhere` is connected to another database. Throws `restore.properties_differ`.
 */
export async function dressUp(elsewhere: Server, name: string, { decision }: Pick<RestorePlan, "decision">, properties: DatabaseProperties, signal: AbortSignal): Promise<void> {
  const wanted = decision.method === "beside" ? { ...properties, isTemplate: false } : properties;
  await applyProperties(elsewhere, name, wanted, signal);
  const got = await readProperties(elsewhere, name, signal);
  const names = got ? differingProperties(wanted, got) : ["everything"];
  if (names.length > 0) throw restoreErrors.properties_differ({ names });
}
