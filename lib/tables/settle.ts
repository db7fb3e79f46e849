import "server-only";
import { z } from "zod";
import type { Db } from "@/lib/db/client";
import type { TableRestore } from "@/lib/db/generated/client";
import { readJson, writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { endSessions } from "@/lib/postgres/end-sessions";
import { connect, psqlWith, queryJson, run, type Server } from "@/lib/postgres/server";
import type { Job } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import { keptSchema } from "./names";
import { Applied, type TableRestoreState, Undone } from "./schemas";

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
  const found = settled(row, await readOutcome(server, keptSchema(row.runId)));
  // Whoever came first has settled it, and it may be somewhere else by now.
  await db.tableRestore.updateMany({ where: { id: row.id, state: row.state }, data: found });
  return found.state;
}

/**
 * The same by the run whose transaction it was, as long as it is its run: whoever took it for lost settles it, and what others began
 * since looks the same as what it left. Throws `run.lease_lost`.
 */
export async function settleOwnTables(job: Pick<Job, "ctx" | "runId" | "tag">, tableRestoreId: string): Promise<void> {
  await ownTransaction(job, () => Promise.resolve());
  await settleTables(job.ctx.db, tableRestoreId, job.tag);
}

type Outcome = z.output<typeof Outcome>;
type Settled = Partial<Omit<TableRestore, "state">> & { state: TableRestoreState };

function settled(row: TableRestore, { isThere, applied, undone }: Outcome): Settled {
  const isUndo = row.state === "undoing";
  // What was applied stays applied; it cannot be undone any more.
  if (!isThere) return { state: isUndo ? "applied" : "failed", removedAt: new Date() };
  if (isUndo) {
    const before = readJson(Applied, row.applied);
    const found = readJson(Undone, undone);
    return found && before ? { state: "undone", applied: writeJson({ ...before, undone: found }) } : { state: "applied" };
  }
  const found = readJson(Applied, applied);
  return found ? { state: "applied", applied: writeJson({ ...found, recovered: true }), keptUntil: new Date(found.keptUntil) } : { state: "staged" };
}

async function readOutcome(server: Server, schema: string): Promise<Outcome> {
  const there = await run(server, psqlWith({}), { stdin: `SELECT pg_catalog.to_regclass('${schema}.outcome') IS NOT NULL;` });
  if (there.exitCode === 0 && there.stdout.trim() === "f") return { isThere: false, applied: null, undone: null };
  const sql = `SELECT json_build_object('isThere', true, 'applied', (SELECT details FROM ${schema}.outcome WHERE what = 'applied'), 'undone', (SELECT details FROM ${schema}.outcome WHERE what = 'undone'));`;
  return queryJson(server, { what: "the outcome was read", sql, schema: Outcome });
}
