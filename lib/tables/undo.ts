import "server-only";
import { readJson, writeJson } from "@/lib/db/codecs";
import { count } from "@/lib/format/counts";
import { type Server } from "@/lib/postgres/server";
import type { TableRestore } from "@/lib/db/generated/client";
import type { Job, JobResult } from "@/lib/runs/job";
import type { z } from "zod";
import { openTables } from "./apply";
import { tableErrors } from "./errors";
import { readForeignKeys, readRights, readTableFacts, type TableFacts } from "./facts";
import { checkForeignKeys, checkNothingRefers, keysOf } from "./foreign-keys";
import { keptSchema } from "./names";
import { updateOwnTables } from "./record";
import { conflictKeys, countConflicts, countOf, type KeptRows, keptRows, sameRows, unwriteTable } from "./rewrite";
import { Applied, type AppliedTable, ChosenTables, type RunUndoInput, tableName, type Undone } from "./schemas";
import { settleOwnTables } from "./settle";
import { shapeOf, type Shape } from "./shape";
import { inLiveTransaction, lockTables, moveSequences, silence } from "./transaction";

/**
 * Puts back what a restore of tables took out or changed, and takes out what it put in: one transaction. Rows that others changed
 * since stop it, unless the person said to put them back all the same; rows that others added stay.
 */
export async function runUndoTables(job: Job<z.output<typeof RunUndoInput>>): Promise<JobResult> {
  const { row, database, server } = await openTables(job, job.input.tableRestoreId, "undoing");
  const applied = readJson(Applied, row.applied);
  if (!applied) throw tableErrors.not_applied({ state: row.state });
  const done: { undone: Undone | null } = { undone: null };
  try {
    await job.step(
      "undo_tables",
      async () => {
        done.undone = await undo(job, server, row, applied.tables);
        await updateOwnTables(job, row.id, "undoing", { state: "undone", applied: writeJson({ ...applied, undone: done.undone }) });
        return done.undone;
      },
      (undone) => `the rows from before are back${undone.overwritten > 0 ? `; ${count(undone.overwritten)} rows that others had changed were undone too, and their changes are lost` : ""}`,
    );
  } catch (error) {
    // After the commit nothing takes it back: a cancel that came with it was too late.
    if (!done.undone) {
      await settleOwnTables(job, row.id).catch((settling: Error) => job.warn(settling.message));
      throw error;
    }
  }
  return { sentence: `Undid the restore of ${applied.tables.map(tableName).join(", ")} in ${database.name}`.slice(0, 500), result: { tableRestoreId: row.id }, after: { ...done.undone } };
}

interface Rewritten {
  applied: AppliedTable;
  kept: KeptRows;
  shape: Shape & { live: TableFacts };
}

async function undo(job: Job<z.output<typeof RunUndoInput>>, server: Server, row: TableRestore, tables: readonly AppliedTable[]): Promise<Undone> {
  const schema = keptSchema(row.runId);
  const chosen = ChosenTables.parse(JSON.parse(row.tables));
  const { isSuperuser } = await readRights(server, job.signal);
  const rewritten = await readRewritten(server, schema, chosen, tables, job.signal);
  const facts = rewritten.map(({ shape }) => shape.live);
  const foreignKeys = keysOf(await readForeignKeys(server, job.signal), facts);
  const copies = await readTableFacts(server, tables.flatMap((table) => (table.copyName === null ? [] : [{ schema: table.schema, name: table.copyName }])), job.signal);
  let present = "the tables";
  const fail = (stderr: string, cause: unknown) => tableErrors.undo_failed({ table: present, stderr }, { cause });
  return inLiveTransaction(job, server, fail, async (live) => {
    await lockTables(live, server, facts, isSuperuser ? foreignKeys.flatMap((key) => [key.from, key.to]) : []);
    const conflicts = new Map<string, number>();
    const ids: string[] = [];
    for (const { shape, kept, applied } of rewritten) {
      const rows = await countConflicts(live, shape, kept);
      conflicts.set(tableName(applied), rows);
      // Only a refusal names them.
      const keys = rows > 0 && !job.input.evenIfChanged ? await conflictKeys(live, shape, kept) : [];
      if (keys.length > 0) ids.push(`${tableName(applied)} ${shape.key.map(({ name }) => name).join(", ")} ${keys.join(", ")}${rows > keys.length ? " and more" : ""}`);
    }
    for (const copy of copies) {
      const index = chosen.findIndex((one) => tables.some((table) => table.copyName === copy.name && table.schema === one.schema && table.name === one.name));
      if (!(await sameRows(live, copy.quoted, `${schema}.staged_${index + 1}`, copy.columns))) conflicts.set(tableName(copy), 1);
    }
    const overwritten = [...conflicts.values()].reduce((sum, rows) => sum + rows, 0);
    const touchedByOthers = [...conflicts].filter(([, rows]) => rows > 0).map(([name]) => name);
    if (overwritten > 0 && !job.input.evenIfChanged) throw tableErrors.undo_conflict({ rows: overwritten, tables: touchedByOthers, ids });
    const wake: string[] = [];
    for (const table of facts) wake.push(await silence(live, table, isSuperuser));
    let left = 0;
    for (const { shape, kept, applied } of rewritten) {
      present = tableName(applied);
      job.detail(present);
      if (!isSuperuser) await checkNothingRefers(live, foreignKeys, shape.live, kept.written, [kept.old, kept.gone]);
      await unwriteTable(live, shape, kept);
      left += Math.max(0, (await countOf(live, `ONLY ${shape.live.quoted}`)) - (applied.before ?? 0));
    }
    const touched = rewritten.map(({ shape, kept }) => ({ table: shape.live, columns: new Set([...shape.common, ...shape.liveOnly].map((column) => column.quoted)), added: [kept.gone, kept.old], removed: [kept.written] }));
    if (isSuperuser) await checkForeignKeys(live, foreignKeys, touched);
    for (const table of facts) await moveSequences(live, table);
    for (const copy of copies) await live.run(`DROP TABLE ${copy.quoted};`);
    await live.run(`SET CONSTRAINTS ALL IMMEDIATE;\n${wake.join("\n")}`);
    const undone: Undone = { runId: job.runId, at: job.ctx.clock.now().toISOString(), by: job.ctx.actor.name, reason: job.input.reason, overwritten, left };
    await live.commit({ schema, what: "undone", details: undone });
    return undone;
  });
}

/** The tables that were rewritten, by the columns that were kept of them. Throws `tables.gone`, also where a column is missing by now. */
async function readRewritten(server: Server, schema: string, chosen: z.output<typeof ChosenTables>, tables: readonly AppliedTable[], signal: AbortSignal): Promise<Rewritten[]> {
  const wanted = tables.filter((table) => table.do !== "copy");
  const lives = await readTableFacts(server, wanted, signal);
  const all: Rewritten[] = [];
  for (const applied of wanted) {
    const index = chosen.findIndex((one) => one.schema === applied.schema && one.name === applied.name);
    const kept = keptRows(schema, index);
    const live = lives.find((one) => one.schema === applied.schema && one.name === applied.name && one.kind === "r");
    const [written] = await readTableFacts(server, [{ schema, name: `written_${index + 1}` }], signal);
    if (!live || !written) throw tableErrors.gone({ database: server.database });
    const shape = shapeOf(kept.written, written.columns, live);
    if (shape.common.length !== written.columns.length) throw tableErrors.gone({ database: server.database });
    // Columns that are newer than the restore are nothing it could put back.
    all.push({ applied, kept, shape: { ...shape, live, liveOnly: [] } });
  }
  return all;
}
