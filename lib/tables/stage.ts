import "server-only";
import { sameServer } from "@/lib/backup/prepare";
import { databaseErrors } from "@/lib/databases/errors";
import { writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { toPublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { reserveOf } from "@/lib/postgres/reserve";
import { connect, psqlWith, queryJson, run, withDatabase, type Server } from "@/lib/postgres/server";
import { freeOnVolume, whileRoomLasts } from "@/lib/postgres/volumes";
import { openSession } from "@/lib/postgres/session";
import { readFileBack, takeBackProof } from "@/lib/restore/read-file-back";
import type { Job, JobResult } from "@/lib/runs/job";
import { z } from "zod";
import { bringTable, createKeptSchema } from "./bring";
import { compareTable } from "./compare";
import { dropKeptSchema } from "./drop";
import { tableErrors } from "./errors";
import { type KeyFacts, readForeignKeys, readRights, readTableFacts, type TableFacts } from "./facts";
import { openPartialLoad } from "./load";
import { keptSchema, markOf } from "./names";
import { chosenIn, openBackup, type TablesBackup } from "./open-backup";
import { updateOwnTables } from "./record";
import { ChosenTables, type ComparedTable, type Comparison, tableName } from "./schemas";
import { shapeOf } from "./shape";
import { createStaging, dropStaging } from "./staging";

/** How long staged rows wait for a decision before they are removed. */
const waitsMs = 24 * 3_600_000;
/** Loading knows no better: two jobs, as a directory dump is taken by default. */
const jobs = 2;

interface Place {
  server: Server;
  isSuperuser: boolean;
  backup: TablesBackup;
  manifest: ReturnType<typeof chosenIn>;
}

/**
 * Loads the chosen tables into a staging database on the live server, brings their rows into a schema of their own inside the live
 * database, and compares. Live tables are only read. The staging database is gone afterwards, whatever happened; the schema stays for the
 * decision, or is dropped when this fails.
 */
export async function runStageTables(job: Job): Promise<JobResult> {
  const started = Date.now();
  const row = await job.ctx.db.tableRestore.findUnique({ where: { runId: job.runId }, include: { database: true } });
  if (!row) throw tableErrors.not_found({});
  const chosen = ChosenTables.parse(JSON.parse(row.tables));
  const schema = keptSchema(job.runId);
  const mark = markOf(job.tag);
  const staging = { name: row.stagingName, mark };
  const reached: { server: Server | null } = { server: null };
  try {
    const place = await job.step("prepare", () => prepare(job, row.backupId, chosen, (found) => (reached.server = found)), sentenceOf);
    const { archive, file } = place.backup;
    await job.step("read_back", () => readFileBack(job, file), () => `${bytes(file.sizeBytes)} read back from ${file.store.name}; ${file.sha256 ? "SHA-256 equal" : "no hash was known"}`);
    const comparison = await whileRoomLasts(place.server, { filling: tableErrors.space_ran_out, isLaidDown: archive.format === "directory", signal: job.signal }, async (signal) => {
      const staged = await job.step("stage_tables", () => takeBackProof(job, file, () => stage({ ...job, signal }, place, staging)), (tables) => `${count(tables.rows)} rows in ${plural(tables.facts.length, "table")}, equal to the manifest`);
      const lives = await job.step("bring_tables", () => bring({ ...job, signal }, place, staged.facts, { schema, mark }), () => `rows of the backup lie in ${schema}, beside the live tables`);
      return job.step("compare_tables", () => compare({ ...job, signal }, place, staged, lives, schema), sentenceOfComparison);
    });
    await dropStaging(place.server, staging);
    const keptUntil = new Date(job.ctx.clock.now().getTime() + waitsMs);
    await updateOwnTables(job, row.id, "staging", { state: "staged", comparison: writeJson(comparison), stagedMs: Date.now() - started, keptUntil });
    return { sentence: `Staged ${plural(chosen.length, "table")} of ${row.database.name} beside the live ones`, result: { tableRestoreId: row.id }, after: { tables: chosen.map(tableName) } };
  } catch (error) {
    const isClean = reached.server === null || (await cleanUp(job, reached.server, staging, { schema, mark }));
    await job.ctx.db.tableRestore.update({ where: { id: row.id }, data: { state: "failed", removedAt: isClean ? job.ctx.clock.now() : null } });
    throw error;
  }
}

/** What failed cannot be used. What cannot be removed now is removed by the sweep: the row says so by having no time of removal. */
async function cleanUp(job: Job, server: Server, staging: { name: string; mark: string }, kept: { schema: string; mark: string }): Promise<boolean> {
  try {
    await dropStaging(server, staging);
    await dropKeptSchema(server, kept);
    return true;
  } catch (error) {
    await job.warn(`Staging could not be removed yet: ${toPublicError(error).message}`);
    return false;
  }
}

async function prepare(job: Job, backupId: string, chosen: z.output<typeof ChosenTables>, found: (server: Server) => unknown): Promise<Place> {
  const database = await job.ctx.db.database.findUnique({ where: { id: job.databaseId ?? "" } });
  if (!database) throw databaseErrors.not_found({});
  const backup = await openBackup(job.ctx.db, backupId);
  const manifest = chosenIn(backup.manifest, chosen);
  const server = await connect(await findEngine(), { container: database.container, role: database.role, database: database.databaseName }, { tag: job.tag }, job.signal);
  sameServer(database, server);
  const rights = await readRights(server, job.signal);
  if (!rights.mayCreate) throw tableErrors.may_not_create({ role: server.role });
  const space = await freeOnVolume(server, job.signal);
  // Once in staging and once beside the live tables.
  const neededBytes = 2 * manifest.reduce((sum, table) => sum + (table.sizeBytes ?? 0), 0);
  const freeBytes = space ? space.freeBytes - reserveOf(space.totalBytes) : null;
  if (freeBytes !== null && freeBytes < neededBytes) throw tableErrors.too_little_space({ neededBytes, freeBytes: Math.max(0, freeBytes) });
  if (freeBytes === null) await job.warn("The server's disk could not be asked how much room it has.");
  found(server);
  return { server, isSuperuser: rights.isSuperuser, backup, manifest };
}

function sentenceOf({ server, manifest }: Place): string {
  return `PostgreSQL ${server.facts.version}, room for ${plural(manifest.length, "table")}`;
}

interface Staged {
  facts: TableFacts[];
  foreignKeys: KeyFacts[];
  rows: number;
}

async function stage(job: Job, { server, backup, manifest }: Place, staging: { name: string; mark: string }): Promise<Staged> {
  const empty = await createStaging(server, staging, job.signal);
  const load = openPartialLoad(empty, backup.archive, jobs, job.signal);
  try {
    // What is worked on is named, so that a silence is not taken for a stall: bytes are due only while some are told.
    job.detail("definitions");
    const complaints = await load.definitions(job.progress);
    const foreignKeys = await readForeignKeys(empty, job.signal);
    const facts = await readTableFacts(empty, manifest, job.signal);
    for (const table of manifest) {
      if (!facts.some((one) => one.schema === table.schema && one.name === table.name)) throw tableErrors.not_defined({ table: tableName(table), stderr: complaints });
    }
    if (complaints.trim()) await job.log("some definitions that the chosen tables do not need could not be made in staging");
    await dropKeys(empty, facts, job.signal);
    job.detail("rows");
    await load.rows(manifest, job.progress);
    job.progress(0);
    job.detail("row counts");
    const rows = await countStaged(empty, facts, manifest, job.signal);
    return { facts, foreignKeys, rows };
  } finally {
    await load.close();
  }
}

/** Rows load faster into tables without indices, and without foreign keys to tables that stay empty here. */
async function dropKeys(staging: Server, facts: readonly TableFacts[], signal: AbortSignal): Promise<void> {
  const sql = `
SET client_min_messages = error;
WITH chosen AS (SELECT oid FROM json_array_elements_text(:'oids'::json) t(oid)), wanted AS (
  SELECT oid::oid FROM chosen UNION SELECT pg_catalog.pg_partition_ancestors(oid::oid::regclass)::oid FROM chosen)
SELECT pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I CASCADE', n.nspname, c.relname, o.conname)
FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE o.contype IN ('f', 'p', 'u', 'x') AND o.conparentid = 0 AND o.conrelid IN (SELECT oid FROM wanted)
ORDER BY o.contype <> 'f', o.oid \\gexec`;
  const dropped = await run(staging, psqlWith({ oids: JSON.stringify(facts.map((table) => table.oid)) }), { stdin: sql }, signal);
  if (dropped.exitCode !== 0) throw tableErrors.load_failed({ stderr: dropped.stderr });
}

/** The rows as they came back, which must be the manifest's to the last. Not counted then means not compared now. */
async function countStaged(staging: Server, facts: readonly TableFacts[], manifest: Place["manifest"], signal: AbortSignal): Promise<number> {
  let total = 0;
  const sql = `SELECT to_json(ARRAY[${facts.map((table) => `(SELECT count(*) FROM ONLY ${table.quoted})`).join(", ")}]);`;
  const counts = await queryJson(staging, { what: "the staged rows were counted", sql, schema: z.array(z.number()) }, signal);
  for (const [index, table] of facts.entries()) {
    const found = counts[index] ?? 0;
    const expected = manifest.find((one) => one.schema === table.schema && one.name === table.name)?.rows ?? null;
    if (expected !== null && expected !== found) throw tableErrors.rows_differ({ table: tableName(table), expected, found });
    total += found;
  }
  return total;
}

async function bring(job: Job, { server }: Place, staged: readonly TableFacts[], kept: { schema: string; mark: string }): Promise<TableFacts[]> {
  await createKeptSchema(server, kept.schema, kept.mark, job.signal);
  const lives = await readTableFacts(server, staged, job.signal);
  const row = await job.ctx.db.tableRestore.findUniqueOrThrow({ where: { runId: job.runId }, select: { stagingName: true } });
  const from = withDatabase(server, row.stagingName);
  for (const [index, table] of staged.entries()) {
    job.detail(tableName(table));
    await bringTable({ staging: from, live: server }, { staged: table, live: liveOf(lives, table), target: stagedTable(kept.schema, index) }, job.signal);
  }
  return lives;
}

/** Where the rows of the table at `index` lie. */
export function stagedTable(schema: string, index: number): string {
  return `${schema}.staged_${index + 1}`;
}

/** The live table of the same name, where it is an ordinary one. */
export function liveOf(lives: readonly TableFacts[], table: { schema: string; name: string }): TableFacts | null {
  return lives.find((one) => one.schema === table.schema && one.name === table.name && one.kind === "r") ?? null;
}

async function compare(job: Job, { server, isSuperuser }: Place, staged: Staged, lives: readonly TableFacts[], schema: string): Promise<Comparison> {
  const session = await openSession(server, "the tables were compared", job.signal);
  try {
    await session.lines("SET statement_timeout = '60min';");
    const tables: ComparedTable[] = [];
    for (const [index, table] of staged.facts.entries()) {
      job.detail(tableName(table));
      const live = liveOf(lives, table);
      const shape = shapeOf(stagedTable(schema, index), table.columns, live);
      const known = new Set(live?.columns.map((column) => column.name));
      const had = new Set(table.columns.map((column) => column.name));
      tables.push({
        schema: table.schema,
        name: table.name,
        live: live ? "table" : lives.some((one) => one.schema === table.schema && one.name === table.name) ? "other" : "missing",
        key: shape.key.length > 0 ? shape.key.map((column) => column.name) : null,
        ...(await compareTable(session, shape)),
        columnsGone: live ? table.columns.filter((column) => !known.has(column.name)).map((column) => column.name) : [],
        columnsNew: live ? live.columns.filter((column) => !had.has(column.name)).map((column) => column.name) : [],
        triggers: (live?.userTriggers ?? []).filter((trigger) => trigger.enabled === "O" || trigger.enabled === "A").map((trigger) => trigger.name),
        isOwner: live?.isOwner ?? true,
      });
    }
    const stagedBytes = await session.json(`SELECT to_json(coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)) FROM pg_catalog.pg_class c WHERE c.relnamespace = '${schema}'::pg_catalog.regnamespace AND c.relkind = 'r';`, z.number());
    const copiesTaken = await session.json(`SELECT coalesce(json_agg(n.nspname || '.' || c.relname), '[]') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname LIKE '%\\_restored\\_%';`, z.array(z.string()));
    const liveKeys = await readForeignKeys(server, job.signal);
    return { at: job.ctx.clock.now().toISOString(), tables, foreignKeys: joinKeys(staged, lives, liveKeys), isSuperuser, stagedBytes, copiesTaken, databaseOid: server.facts.databaseOid };
  } finally {
    await session.close();
  }
}

/** Foreign keys to or from the chosen tables, as live and the backup have them. */
function joinKeys(staged: Staged, lives: readonly TableFacts[], liveKeys: readonly KeyFacts[]): Comparison["foreignKeys"] {
  const touches = (key: KeyFacts, tables: readonly TableFacts[]) => tables.some((table) => key.fromOids.includes(table.oid) || key.toOids.includes(table.oid));
  const name = (key: KeyFacts) => JSON.stringify([key.name, key.from.schema, key.from.name]);
  const inLive = new Map(liveKeys.filter((key) => touches(key, lives)).map((key) => [name(key), key]));
  const inBackup = new Map(staged.foreignKeys.filter((key) => touches(key, staged.facts)).map((key) => [name(key), key]));
  return [...new Map([...inBackup, ...inLive])].map(([id, key]) => ({
    name: key.name,
    from: { schema: key.from.schema, name: key.from.name },
    to: { schema: key.to.schema, name: key.to.name },
    inLive: inLive.has(id),
    inBackup: inBackup.has(id),
  }));
}

function sentenceOfComparison({ tables }: Comparison): string {
  const sum = (what: "onlyBackup" | "onlyLive" | "changed") => tables.reduce((total, table) => total + table[what], 0);
  return `${count(sum("onlyBackup"))} rows only in the backup, ${count(sum("onlyLive"))} only in live, ${count(sum("changed"))} changed`;
}
