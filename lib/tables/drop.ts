import "server-only";
import { rm } from "node:fs/promises";
import { databaseErrors } from "@/lib/databases/errors";
import { z } from "zod";
import type { Db } from "@/lib/db/client";
import { readJson, writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { plural } from "@/lib/format/counts";
import { connect, psqlWith, queryJson, run, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { pathOf, type LocalStore } from "@/lib/stores/local";
import { tableErrors } from "./errors";
import { exportDirectory } from "./export-names";
import { keptSchema, markOf } from "./names";
import { ChosenTables, Comparison } from "./schemas";
import { dropStaging } from "./staging";

/** Removes what a restore of tables left in the database, and what was exported of it. After that it cannot be undone. */
export async function runDropTables(job: Job<{ tableRestoreId: string }>): Promise<JobResult> {
  const row = await job.ctx.db.tableRestore.findUnique({ where: { id: job.input.tableRestoreId }, include: { database: true } });
  if (!row) throw tableErrors.not_found({});
  const { database } = row;
  if (database.removedAt) throw databaseErrors.removed({ name: database.name });
  const tag = job.tag.replace(/-r\d+$/, `-r${row.runId}`);
  await job.step(
    "drop_tables",
    async () => {
      const server = await connect(await findEngine(), { container: database.container, role: database.role, database: database.databaseName }, { tag: job.tag }, job.signal);
      const isGone = await isGoneWithDatabase(server, readJson(Comparison, row.comparison)?.databaseOid ?? null, job.signal);
      await job.renewLease();
      await forgetRows(job.ctx.db, row);
      // Also where the rows went with their database: staging lies beside it.
      await removeTables(server, row, tag);
      await job.ctx.db.tableRestore.update({ where: { id: row.id }, data: { removedAt: job.ctx.clock.now(), ...(row.state === "staged" ? { state: "dropped" } : {}) } });
      return isGone;
    },
    (isGone) => (isGone ? `already gone, with the database that was ${database.databaseName} before` : `${keptSchema(row.runId)} is gone from ${database.databaseName}`),
  );
  const tables = ChosenTables.parse(JSON.parse(row.tables));
  return { sentence: `Removed what was kept of ${plural(tables.length, "restored table")} of ${database.name}`, result: { tableRestoreId: row.id } };
}

const Named = z.object({ name: z.string().nullable() });

/** Whether the database that the rows lie in is not there any more. Throws `tables.put_aside` where it is kept: put back, it brings them along. */
export async function isGoneWithDatabase(server: Server, databaseOid: string | null, signal?: AbortSignal): Promise<boolean> {
  if (databaseOid === null || databaseOid === server.facts.databaseOid) return false;
  const sql = `SELECT json_build_object('name', (SELECT datname FROM pg_catalog.pg_database WHERE oid::pg_catalog.text = '${databaseOid.replace(/\D/g, "")}'));`;
  const { name } = await queryJson(server, { what: "the database was looked for", sql, schema: Named }, signal);
  if (name !== null) throw tableErrors.put_aside({ database: server.database, name });
  return true;
}

/** The schema in the live database and the staging database, whichever of them is there. `tag` is that of the run that made them. */
export async function removeTables(server: Server, row: { runId: number; stagingName: string }, tag: string): Promise<void> {
  const mark = markOf(tag);
  await dropStaging(server, { name: row.stagingName, mark });
  await dropKeptSchema(server, { schema: keptSchema(row.runId), mark });
}

/** Removes the rows that were exported and those that the comparison shows: neither needs the database they came from. */
export async function forgetRows(db: Db, { id, comparison }: { id: string; comparison: string | null }): Promise<void> {
  const stores: LocalStore[] = await db.store.findMany({ where: { removedAt: null } });
  for (const store of stores) await rm(pathOf(store, exportDirectory(id)), { recursive: true, force: true });
  const bare = withoutRows(comparison);
  if (bare !== comparison) await db.tableRestore.update({ where: { id }, data: { comparison: bare } });
}

/** The comparison without rows: what lay in live tables stays no longer on record than in the database. */
function withoutRows(text: string | null): string | null {
  const comparison = readJson(Comparison, text);
  return comparison && writeJson({ ...comparison, tables: comparison.tables.map((table) => ({ ...table, examples: { onlyBackup: [], onlyLive: [], changed: [] } })) });
}

/**
 * Removes the schema that holds a run's rows from the live database, with what is in it. One that does not carry the mark is another
 * installation's and left alone; one that is gone already is a success. Throws `tables.not_dropped`, also where somebody made something
 * of their own depend on it.
 */
export async function dropKeptSchema(server: Server, { schema, mark }: { schema: string; mark: string }): Promise<void> {
  const sql = `
SET client_min_messages = warning;
SET lock_timeout = '20s';
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :'schema' AND pg_catalog.obj_description(oid, 'pg_namespace') = :'mark') AS ours \\gset
\\if :ours
  BEGIN;
  SELECT pg_catalog.format('DROP TABLE %I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = :'schema' AND c.relkind = 'r' ORDER BY c.oid \\gexec
  DROP SCHEMA :"schema";
  COMMIT;
\\endif`;
  const dropped = await run(server, psqlWith({ schema, mark }), { stdin: sql });
  if (dropped.exitCode !== 0) throw tableErrors.not_dropped({ name: `schema ${schema}`, container: server.container.name, stderr: dropped.stderr });
}
