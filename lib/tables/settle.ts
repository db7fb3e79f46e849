import "server-only";
import { z } from "zod";
import type { Db } from "@/lib/db/client";
import { readJson, writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { endSessions } from "@/lib/postgres/end-sessions";
import { connect, psqlWith, queryJson, run, type Server } from "@/lib/postgres/server";
import { keptSchema } from "./names";
import { Applied, Undone } from "./schemas";

const Outcome = z.object({ isThere: z.boolean(), applied: z.string().nullable(), undone: z.string().nullable() });

/**
 * Finds out what became of a transaction whose run did not live to record it: the mark it leaves in the database itself is there, or
 * it is not. Whoever still works for that run is ended first, so that nothing can be committed after the look. `tag` is the run's.
 * Returns the state the tables are in.
 */
export async function settleTables(db: Db, tableRestoreId: string, tag: string): Promise<string> {
  const row = await db.tableRestore.findUniqueOrThrow({ where: { id: tableRestoreId }, include: { database: true } });
  if (row.state !== "applying" && row.state !== "undoing") return row.state;
  const { container, role, databaseName } = row.database;
  const server = await connect(await findEngine(), { container, role, database: databaseName });
  await endSessions(server, tag);
  const { isThere, applied, undone } = await readOutcome(server, keptSchema(row.runId));
  if (!isThere) {
    // What was applied stays applied; it cannot be undone any more.
    const state = row.state === "undoing" ? "applied" : "failed";
    await db.tableRestore.update({ where: { id: row.id }, data: { state, removedAt: new Date() } });
    return state;
  }
  if (row.state === "undoing") {
    const before = readJson(Applied, row.applied);
    const found = readJson(Undone, undone);
    if (found && before) await db.tableRestore.update({ where: { id: row.id }, data: { state: "undone", applied: writeJson({ ...before, undone: found }) } });
    else await db.tableRestore.update({ where: { id: row.id }, data: { state: "applied" } });
    return found ? "undone" : "applied";
  }
  const found = readJson(Applied, applied);
  if (found) await db.tableRestore.update({ where: { id: row.id }, data: { state: "applied", applied: writeJson({ ...found, recovered: true }), keptUntil: new Date(found.keptUntil) } });
  else await db.tableRestore.update({ where: { id: row.id }, data: { state: "staged" } });
  return found ? "applied" : "staged";
}

async function readOutcome(server: Server, schema: string): Promise<z.output<typeof Outcome>> {
  const there = await run(server, psqlWith({}), { stdin: `SELECT pg_catalog.to_regclass('${schema}.outcome') IS NOT NULL;` });
  if (there.exitCode === 0 && there.stdout.trim() === "f") return { isThere: false, applied: null, undone: null };
  const sql = `SELECT json_build_object('isThere', true, 'applied', (SELECT details FROM ${schema}.outcome WHERE what = 'applied'), 'undone', (SELECT details FROM ${schema}.outcome WHERE what = 'undone'));`;
  return queryJson(server, { what: "the outcome was read", sql, schema: Outcome });
}
