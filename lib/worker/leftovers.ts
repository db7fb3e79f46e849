import "server-only";
import type { Db } from "@/lib/db/client";
import { findEngine } from "@/lib/docker/engine";
import { execText } from "@/lib/docker/exec";
import { killTagged } from "@/lib/docker/kill";
import { log } from "@/lib/log";
import { workDirectory } from "@/lib/postgres/dump";
import { removeScratch } from "@/lib/postgres/scratch";
import { connect, psqlWith, run } from "@/lib/postgres/server";
import { removePartials } from "@/lib/stores/listing";
import { inTime } from "@/lib/stores/patience";

/**
 * Stops and removes what a run that did not succeed may have left: its processes in the container, their connections inside the
 * server, its working directory there, its scratch servers, its temporary files in the stores. Each place on its own, because the
 * one that failed may be the reason; what cannot be reached now is only logged.
 */
export async function removeLeftovers(db: Db, run: { id: number; kind: string; databaseId: string | null }, tag: string): Promise<void> {
  // A conversion never asks the database's own server, so it has left nothing there.
  const database = run.databaseId && run.kind !== "convert_backup" ? await db.database.findUnique({ where: { id: run.databaseId } }) : null;
  const attempt = async (where: string, work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => log.warn({ err: error, runId: run.id, where }, "leftovers could not be looked for"));
  };
  if (database) await attempt(database.container, () => stopInContainer(database, tag));
  await attempt("scratch servers", async () => removeScratch(await findEngine(), tag));
  for (const store of await db.store.findMany({ where: { removedAt: null } })) await attempt(store.name, () => inTime(store, () => removePartials(store, tag)));
}

async function stopInContainer(database: { container: string; role: string; databaseName: string }, tag: string): Promise<void> {
  const engine = await findEngine();
  const stopped = await killTagged(engine, database.container, tag);
  if (stopped > 0) log.info({ container: database.container, stopped }, "stopped processes that a run had left");
  await execText(engine, { container: database.container, tool: "rm", argv: ["rm", "-rf", workDirectory(tag)] });
  // A server process notices that its client is gone only when it next writes to it, and may hold locks until then.
  const server = await connect(engine, { container: database.container, role: database.role, database: database.databaseName });
  await run(server, psqlWith({ name: `holdfast ${tag}` }), { stdin: "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = :'name';" });
}
