import "server-only";
import type { Database, Store } from "@/lib/db/generated/client";
import type { BackupOptions } from "@/lib/databases/schemas";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { readRelations, readUnreadable } from "@/lib/postgres/catalogue";
import { postgresErrors } from "@/lib/postgres/errors";
import { freeInside } from "./diagnose";
import { matchesPattern } from "@/lib/postgres/patterns";
import { toolsScript } from "@/lib/postgres/scripts";
import { run, type Server } from "@/lib/postgres/server";
import { openSession } from "@/lib/postgres/session";
import type { Job } from "@/lib/runs/job";
import { storeErrors } from "@/lib/stores/errors";
import { requireUsable, spaceOf } from "@/lib/stores/local";
import { requireMountedNow } from "@/lib/stores/mounted";
import { inTime } from "@/lib/stores/patience";
import { backupErrors } from "./errors";
import { expectedSizeOf, fits } from "./size";

export interface Prepared {
  sentence: string;
  hasZstd: boolean;
  /** pg_dump's own version line. */
  dumpVersion: string;
}

/** Everything that can be known to stop a dump before it starts, each as its own error. Nothing has been written by then. */
export async function prepare(job: Job, server: Server, plan: { database: Database; store: Store; options: BackupOptions }): Promise<Prepared> {
  const { database, options } = plan;
  await requireMountedNow(job.ctx.db, plan.store);
  await inTime(plan.store, () => requireUsable(plan.store));
  await job.log(`container ${server.container.name} is running, image ${server.container.image}, PostgreSQL ${server.facts.version}`);
  sameServer(database, server);
  const tools = await readTools(server, options, job.signal);
  mayReadPasswords(server, options);
  const session = await openSession(server, "the role's rights were read", job.signal);
  try {
    const unreadable = (await readUnreadable(session)).filter((table) => !isLeftOut(options, table));
    if (unreadable.length > 0) {
      const tables = unreadable.map((table) => `${table.schema}.${table.name}`);
      throw postgresErrors.unreadable_tables({ role: server.role, tables, total: tables.length });
    }
    const tables = (await readRelations(session)).filter((relation) => relation.kind === "table").length;
    await enoughSpace(job, server, plan);
    await rememberServer(job, database, server);
    if (!tools.hasZstd && options.format === "custom") await job.warn("The container has no zstd, so pg_dump compresses by itself, which takes longer.");
    return { ...tools, sentence: `PostgreSQL ${server.facts.version}, role ${server.role} may read ${plural(tables, "table")}` };
  } finally {
    await session.close();
  }
}

/** Whether a table is no part of the dump at all, so that nobody has to be able to read it. */
export function isLeftOut({ excludeTables }: Pick<BackupOptions, "excludeTables">, table: { schema: string; name: string }): boolean {
  return excludeTables.some((pattern) => matchesPattern(pattern, table));
}

/** The server and database that were registered, by their own identity: a container's name can move to another one. */
export function sameServer(database: Database, server: Server): void {
  const found = `${server.facts.systemIdentifier}/${server.facts.databaseOid}`;
  if (database.systemIdentifier === null || database.databaseOid === null) return;
  const expected = `${database.systemIdentifier}/${database.databaseOid}`;
  if (found !== expected) throw postgresErrors.other_server({ database: database.name, expected, found });
}

/** Password hashes are read for the roles file when asked for, which not every role may. Throws `postgres.passwords_unreadable`. */
export function mayReadPasswords(server: Server, { includeRolePasswords }: Pick<BackupOptions, "includeRolePasswords">): void {
  if (includeRolePasswords && !server.facts.readsPasswords) throw postgresErrors.passwords_unreadable({ role: server.role });
}

/** Which tools the container has, in one exec. Throws `postgres.no_tools` for those that a backup of this format needs. */
export async function readTools(server: Server, { format }: Pick<BackupOptions, "format">, signal?: AbortSignal): Promise<{ hasZstd: boolean; dumpVersion: string }> {
  const { stdout } = await run(server, ["sh", "-c", toolsScript], {}, signal);
  const [dumpVersion = "", restoreVersion = "", zstd = "", dumpAllVersion = "", tar = ""] = stdout.split("\n");
  const missing = [
    ...(dumpVersion ? [] : ["pg_dump"]),
    ...(restoreVersion ? [] : ["pg_restore"]),
    ...(dumpAllVersion ? [] : ["pg_dumpall, which writes down the roles"]),
    ...(tar || format !== "directory" ? [] : ["tar, which the directory format needs"]),
  ];
  if (missing.length > 0) throw postgresErrors.no_tools({ container: server.container.name, missing });
  // "pg_dump (PostgreSQL) 16.4 (Debian 16.4-1)": what a distribution adds says nothing of the tool.
  return { hasZstd: zstd !== "", dumpVersion: dumpVersion.replace(/^(\S+) \(PostgreSQL\) (\S+).*$/, "$1 $2") };
}

async function enoughSpace(job: Job, server: Server, { database, store, options }: { database: Database; store: Store; options: BackupOptions }): Promise<void> {
  const needed = await expectedSizeOf(job.ctx.db, database.id, options, server.facts.sizeBytes);
  const { freeBytes } = await spaceOf(store);
  const inStore = fits(freeBytes, needed);
  if (inStore === "does_not_fit") throw storeErrors.too_little_space({ path: store.path, freeBytes, neededBytes: needed.bytes });
  if (inStore === "may_be_tight") await job.warn(`${store.path} has ${bytes(freeBytes)} free. How much this backup needs is a guess as long as there is no earlier one: up to ${bytes(needed.bytes)}.`);
  if (options.format !== "directory") return;
  const inside = await freeInside(server);
  if (inside === null) return;
  const inContainer = fits(inside, needed);
  if (inContainer === "does_not_fit") throw backupErrors.container_too_small({ database: database.name, container: server.container.name, freeBytes: inside, neededBytes: needed.bytes });
  if (inContainer === "may_be_tight") await job.warn(`/tmp inside ${server.container.name} has ${bytes(inside)} free. How much this backup needs is a guess as long as there is no earlier one: up to ${bytes(needed.bytes)}.`);
}

async function rememberServer(job: Job, database: Database, server: Server): Promise<void> {
  await job.ctx.db.database.update({
    where: { id: database.id },
    data: {
      systemIdentifier: server.facts.systemIdentifier,
      databaseOid: server.facts.databaseOid,
      serverVersion: server.facts.version,
      image: server.container.image,
      sizeBytes: BigInt(server.facts.sizeBytes),
    },
  });
}
