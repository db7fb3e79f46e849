import "server-only";
import { sameServer } from "@/lib/backup/prepare";
import { databaseErrors } from "@/lib/databases/errors";
import type { Database, TableRestore } from "@/lib/db/generated/client";
import { readJson, writeJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { count, plural } from "@/lib/format/counts";
import { connect, queryJson, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { z } from "zod";
import { tableErrors } from "./errors";
import { type KeyFacts, readForeignKeys, readRights, readTableFacts, type TableFacts } from "./facts";
import { checkForeignKeys, keysOf, type Touched } from "./foreign-keys";
import { keptSchema } from "./names";
import { updateOwnTables } from "./record";
import { dropScratch, keptRows, rewriteTable } from "./rewrite";
import { type Applied, type AppliedTable, type ApplyDecision, ChosenTables, Comparison, RunApplyInput, tableName } from "./schemas";
import { settleOwnTables } from "./settle";
import { shapeOf, list, type Shape } from "./shape";
import { liveOf, stagedTable } from "./stage";
import { inLiveTransaction, type LiveTransaction, lockTables, moveSequences, silence } from "./transaction";

/** One chosen table with everything SQL about it is made of. */
interface Planned {
  /** Its place among the staged tables. */
  index: number;
  schema: string;
  name: string;
  do: "replace" | "insert" | "copy";
  copyName: string | null;
  shape: Shape;
}

/**
 * Does with the staged tables what a person confirmed: all of it in one transaction, or nothing. What is there afterwards is counted before
 * the commit, and the rows from before stay in the kept schema, so that it can be undone.
 */
export async function runApplyTables(job: Job<z.output<typeof RunApplyInput>>): Promise<JobResult> {
  const started = Date.now();
  const { row, database, server } = await openTables(job, job.input.tableRestoreId, "applying");
  const done: { applied: Applied | null } = { applied: null };
  try {
    const plan = await job.step("prepare", () => planned(job, server, row, job.input.decision), (found) => `${plural(found.tables.length, "table")}, as confirmed`);
    await job.step(
      "apply_tables",
      async () => {
        done.applied = await apply(job, server, plan, row);
        await updateOwnTables(job, row.id, "applying", { state: "applied", applied: writeJson(done.applied), appliedMs: Date.now() - started, keptUntil: new Date(done.applied.keptUntil) });
        return done.applied.tables;
      },
      sentenceOf,
    );
  } catch (error) {
    // After the commit nothing takes it back: a cancel that came with it was too late.
    if (!done.applied) {
      await settleOwnTables(job, row.id).catch((settling: Error) => job.warn(settling.message));
      throw error;
    }
  }
  const { tables } = done.applied ?? { tables: [] };
  return {
    sentence: `Restored ${tables.map(words).join("; ")} in ${database.name}`.slice(0, 500),
    records: tables.reduce((sum, table) => sum + table.inserted + table.changed + table.deleted, 0),
    result: { tableRestoreId: row.id },
    after: { tables },
  };
}

/** "rows of public.orders (12 deleted, 3 changed, 40 inserted)" */
function words(table: AppliedTable): string {
  if (table.do === "copy") return `a copy of ${tableName(table)} as ${table.copyName ?? ""}`;
  return `rows of ${tableName(table)} (${count(table.deleted)} deleted, ${count(table.changed)} changed, ${count(table.inserted)} inserted)`;
}

function sentenceOf(tables: readonly AppliedTable[]): string {
  const sum = (what: "deleted" | "changed" | "inserted") => tables.reduce((total, table) => total + table[what], 0);
  const copies = tables.filter((table) => table.do === "copy").length;
  return `${count(sum("deleted"))} rows deleted, ${count(sum("changed"))} changed, ${count(sum("inserted"))} inserted${copies > 0 ? `, ${plural(copies, "copy", "copies")} made` : ""}; counts equal`;
}

/** The row, its database and the server, for a run that works on staged tables. */
export async function openTables(job: Job<unknown>, tableRestoreId: string, state: "applying" | "undoing"): Promise<{ row: TableRestore; database: Database; server: Server }> {
  const found = await job.ctx.db.tableRestore.findUnique({ where: { id: tableRestoreId }, include: { database: true } });
  if (!found) throw tableErrors.not_found({});
  const { database, ...row } = found;
  if (row.state !== state) throw tableErrors.not_staged({ state: row.state });
  if (database.removedAt) throw databaseErrors.removed({ name: database.name });
  try {
    const server = await connect(await findEngine(), { container: database.container, role: database.role, database: database.databaseName }, { tag: job.tag }, job.signal);
    sameServer(database, server);
    // After a restore of the whole database the rows lie in the one that was put aside.
    if (readJson(Comparison, row.comparison)?.databaseOid !== server.facts.databaseOid) throw tableErrors.gone({ database: database.databaseName });
    return { row, database, server };
  } catch (error) {
    // Nothing was sent yet, so nothing can have happened.
    await updateOwnTables(job, row.id, state, { state: state === "applying" ? "staged" : "applied" }).catch((recording: Error) => job.warn(recording.message));
    throw error;
  }
}

interface Plan {
  schema: string;
  isSuperuser: boolean;
  tables: Planned[];
  foreignKeys: KeyFacts[];
  /** Quoted names of the copies, by table. */
  copies: Map<string, string>;
}

/** Reads everything anew: between looking and confirming, live goes on. */
async function planned(job: Job, server: Server, row: TableRestore, decision: ApplyDecision): Promise<Plan> {
  const schema = keptSchema(row.runId);
  const chosen = ChosenTables.parse(JSON.parse(row.tables));
  const comparison = readJson(Comparison, row.comparison);
  const { isSuperuser } = await readRights(server, job.signal);
  const lives = await readTableFacts(server, chosen, job.signal);
  const staged = await readTableFacts(server, chosen.map((_, index) => ({ schema, name: `staged_${index + 1}` })), job.signal);
  const tables = decision.tables.flatMap((wanted): Planned[] => {
    const index = chosen.findIndex((one) => one.schema === wanted.schema && one.name === wanted.name);
    const own = staged.find((one) => one.name === `staged_${index + 1}`);
    if (wanted.do === "none" || !comparison) return [];
    if (index < 0 || !own) throw tableErrors.gone({ database: server.database });
    return [{ index, schema: wanted.schema, name: wanted.name, do: wanted.do, copyName: wanted.copyName, shape: shapeOf(stagedTable(schema, index), own.columns, liveOf(lives, wanted)) }];
  });
  const rewritten = tables.flatMap((table) => (table.do !== "copy" && table.shape.live ? [table.shape.live] : []));
  return { schema, isSuperuser, tables, foreignKeys: keysOf(await readForeignKeys(server, job.signal), rewritten), copies: await quotedCopies(server, tables, job.signal) };
}

async function quotedCopies(server: Server, tables: readonly Planned[], signal: AbortSignal): Promise<Map<string, string>> {
  const copies = tables.filter((table) => table.do === "copy").map((table) => ({ key: tableName(table), schema: table.schema, name: table.copyName ?? "" }));
  if (copies.length === 0) return new Map();
  const sql = `SELECT coalesce(json_agg(json_build_object('key', t->>'key', 'quoted', pg_catalog.format('%I.%I', t->>'schema', t->>'name'))), '[]') FROM json_array_elements(:'copies'::json) t;`;
  const quoted = await queryJson(server, { what: "names were quoted", sql, schema: z.array(z.object({ key: z.string(), quoted: z.string() })), variables: { copies: JSON.stringify(copies) } }, signal);
  return new Map(quoted.map((one) => [one.key, one.quoted]));
}

async function apply(job: Job<z.output<typeof RunApplyInput>>, server: Server, plan: Plan, row: TableRestore): Promise<Applied> {
  let present = "the tables";
  const fail = (stderr: string, cause: unknown) => tableErrors.apply_failed({ table: present, stderr }, { cause });
  return inLiveTransaction(job, server, fail, async (live) => {
    const rewritten = inOrder(plan);
    const facts = rewritten.map(({ shape }) => shape.live);
    const related = plan.isSuperuser ? plan.foreignKeys.flatMap((key) => [key.from, key.to]) : [];
    await lockTables(live, server, facts, related);
    await rowsAreStaged(live, server, plan, row);
    const wake: string[] = [];
    for (const table of facts) wake.push(await silence(live, table, plan.isSuperuser));
    const results = new Map<string, AppliedTable>();
    const touched: Touched[] = [];
    for (const table of rewritten) {
      present = tableName(table);
      job.detail(present);
      const kept = keptRows(plan.schema, table.index);
      const counts = await rewriteTable(live, table.shape, kept, table.do);
      results.set(present, { schema: table.schema, name: table.name, do: table.do, copyName: null, ...counts });
      touched.push({ table: table.shape.live, columns: new Set([...table.shape.common, ...table.shape.liveOnly].map((column) => column.quoted)), added: [kept.written], removed: [kept.gone, kept.old] });
    }
    if (plan.isSuperuser) await checkForeignKeys(live, plan.foreignKeys, touched);
    const sequences: Applied["sequences"] = [];
    for (const table of facts) sequences.push(...(await moveSequences(live, table)));
    for (const table of plan.tables.filter((one) => one.do === "copy")) {
      present = tableName(table);
      results.set(present, await makeCopy(live, plan, table, row));
    }
    // Deferred constraints speak now, or ALTER TABLE finds events that are still waiting.
    await live.run(`SET CONSTRAINTS ALL IMMEDIATE;\n${wake.join("\n")}`);
    for (const table of rewritten) await dropScratch(live, keptRows(plan.schema, table.index));
    const [bytes] = await live.run(`SELECT sum(pg_catalog.pg_total_relation_size(c.oid)) FROM pg_catalog.pg_class c WHERE c.relnamespace = '${plan.schema}'::pg_catalog.regnamespace AND c.relkind = 'r';`);
    const applied: Applied = {
      runId: job.runId,
      at: job.ctx.clock.now().toISOString(),
      by: job.ctx.actor.name,
      reason: job.input.reason,
      tables: plan.tables.flatMap((table) => results.get(tableName(table)) ?? []),
      sequences,
      keptBytes: bytes ? Number(bytes) : null,
      keptUntil: new Date(job.ctx.clock.now().getTime() + job.input.decision.keepHours * 3_600_000).toISOString(),
      recovered: false,
      undone: null,
    };
    await live.commit({ schema: plan.schema, what: "applied", details: applied });
    return applied;
  });
}

type Rewritten = Planned & { do: "replace" | "insert"; shape: Shape & { live: TableFacts } };

/** Tables that others refer to come first, so that foreign keys that stay awake find what they look for. */
function inOrder(plan: Plan): Rewritten[] {
  const rewritten = plan.tables.flatMap((table): Rewritten[] => (table.do !== "copy" && table.shape.live ? [{ ...table, do: table.do, shape: { ...table.shape, live: table.shape.live } }] : []));
  const ordered: Rewritten[] = [];
  const visit = (table: Rewritten, path: readonly Rewritten[]) => {
    if (ordered.includes(table) || path.includes(table)) return;
    const needed = plan.foreignKeys.filter((key) => key.fromOids.includes(table.shape.live.oid)).flatMap((key) => key.toOids);
    for (const other of rewritten) if (other !== table && needed.includes(other.shape.live.oid)) visit(other, [...path, table]);
    ordered.push(table);
  };
  for (const table of rewritten) visit(table, []);
  return ordered;
}

/** A server that crashed empties unlogged tables: then the backup would look empty, and live would follow it. */
async function rowsAreStaged(live: LiveTransaction, server: Server, plan: Plan, row: TableRestore): Promise<void> {
  const comparison = readJson(Comparison, row.comparison);
  for (const table of plan.tables) {
    const [line = "0"] = await live.run(`SELECT count(*) FROM ${table.shape.staged};`);
    const expected = comparison?.tables.find((one) => one.schema === table.schema && one.name === table.name)?.backupRows;
    if (Number(line) !== expected) throw tableErrors.gone({ database: server.database });
  }
}

/** A table beside the live one, with the rows and columns of the backup and the live table's key and owner. */
async function makeCopy(live: LiveTransaction, plan: Plan, table: Planned, row: TableRestore): Promise<AppliedTable> {
  const { shape } = table;
  const name = plan.copies.get(tableName(table)) ?? "";
  const key = shape.key.map((column) => column.quoted).join(", ");
  await live.run(`CREATE TABLE ${name} AS SELECT ${list(shape.stagedColumns, "s")} FROM ${shape.staged} s;`);
  if (key) await live.run(`ALTER TABLE ${name} ADD PRIMARY KEY (${key});`);
  if (shape.live && plan.isSuperuser) {
    const [owner = ""] = await live.run(`SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) FROM pg_catalog.pg_class c WHERE c.oid = ${shape.live.oid};`);
    await live.run(`ALTER TABLE ${name} OWNER TO ${owner};`);
  }
  await live.run(`COMMENT ON TABLE ${name} IS 'Rows of a backup, put beside the live table by Holdfast at ${row.startedAt.toISOString()}.';`);
  const [rows = "0"] = await live.run(`SELECT count(*) FROM ${name};`);
  return { schema: table.schema, name: table.name, do: "copy", before: null, after: Number(rows), deleted: 0, changed: 0, inserted: Number(rows), copyName: table.copyName };
}
