import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { Application, noApplication } from "./schemas";

/** A registered database as a place to restore to. */
export interface RestoreTarget {
  id: string;
  /** As it is called in Holdfast. */
  name: string;
  databaseName: string;
  container: string;
  /** Containers that are stopped around a swap. */
  stops: string[];
  healthUrl: string | null;
}

/** Every registered database, by name. Whether its container is there is the plan's question, not this one's. */
export async function readTargets({ db }: Pick<Context, "db">): Promise<RestoreTarget[]> {
  const rows = await db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, select: { id: true, name: true, databaseName: true, container: true, application: true } });
  return rows.map(({ application, ...database }) => {
    const { containers, healthUrl } = readJson(Application, application) ?? noApplication;
    return { ...database, stops: containers, healthUrl };
  });
}

/** The one that is meant: the chosen one, else the one that the backup was taken of. Null: there is none. */
export function targetOf<T extends { id: string }>(targets: readonly T[], chosen: string | null, source: string | null): T | null {
  return targets.find(({ id }) => id === (chosen ?? source)) ?? null;
}
