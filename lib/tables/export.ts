import "server-only";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { databaseErrors } from "@/lib/databases/errors";
import { execStream } from "@/lib/docker/exec";
import { findEngine } from "@/lib/docker/engine";
import { bytes } from "@/lib/format/bytes";
import { countBytes } from "@/lib/pipeline/observe";
import { runPipeline } from "@/lib/pipeline/run";
import { connect, pinned, queryJson, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { createFile } from "@/lib/stores/local";
import { z } from "zod";
import { tableErrors } from "./errors";
import { readTableFacts, type TableFacts } from "./facts";
import { exportFileName, exportKey } from "./export-names";
import { keptSchema } from "./names";
import { ChosenTables, type ExportTableInput, tableName } from "./schemas";
import { stagedTable } from "./stage";

/**
 * Writes the staged rows of one table into a file in the database's store, from where the web part, which reaches no database, sends it.
 * CSV has a line of column names; SQL makes the table where it is missing and fills it with COPY, for psql. The file goes with the
 * staged rows.
 */
export async function runExportTable(job: Job<ExportTableInput>): Promise<JobResult> {
  const { tableRestoreId, table, format } = job.input;
  const row = await job.ctx.db.tableRestore.findUnique({ where: { id: tableRestoreId }, include: { database: { include: { store: true } }, backup: { select: { takenAt: true } } } });
  if (!row) throw tableErrors.not_found({});
  const { database } = row;
  if (database.removedAt) throw databaseErrors.removed({ name: database.name });
  const index = ChosenTables.parse(JSON.parse(row.tables)).findIndex((one) => one.schema === table.schema && one.name === table.name);
  const key = exportKey(row.id, job.runId, format);
  const written = await job.step(
    "export_table",
    async () => {
      const server = await connect(await findEngine(), { container: database.container, role: database.role, database: database.databaseName }, { tag: job.tag }, job.signal);
      const [facts] = await readTableFacts(server, [{ schema: keptSchema(row.runId), name: `staged_${index + 1}` }], job.signal);
      if (row.removedAt || !facts) throw tableErrors.gone({ database: database.name });
      const source = await startExport(server, { facts, staged: stagedTable(keptSchema(row.runId), index), table, format }, job.signal);
      const { staged, results } = await runPipeline({ source, stages: { bytes: countBytes(job.progress) }, sink: await createFile(database.store, key, job.tag), signal: job.signal });
      await staged.commit();
      return results.bytes;
    },
    (size) => `${bytes(size)} of ${tableName(table)}`,
  );
  const fileName = exportFileName(table, row.backup.takenAt, format);
  return { sentence: `Exported ${tableName(table)} of ${database.name} as ${format === "csv" ? "CSV" : "SQL"}`, sizeBytes: written, result: { tableRestoreId: row.id, key, fileName, storeId: database.storeId, sizeBytes: written } };
}

interface Exported {
  facts: TableFacts;
  staged: string;
  table: ExportTableInput["table"];
  format: ExportTableInput["format"];
}

async function startExport(server: Server, { facts, staged, table, format }: Exported, signal: AbortSignal): Promise<Readable> {
  const names = facts.columns.map((column) => column.quoted).join(", ");
  const options = format === "csv" ? " WITH (FORMAT csv, HEADER true)" : "";
  const sql = `SET search_path = ''; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET lc_monetary = 'C'`;
  const argv = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, "-c", `COPY (SELECT ${names} FROM ${staged}) TO STDOUT${options}`];
  const process = await execStream(server.engine, pinned(server, argv, "psql"), signal);
  process.stdin.end();
  if (format === "csv") return process.stdout;
  const name = await queryJson(server, { what: "a name was quoted", sql: `SELECT to_json(pg_catalog.format('%I.%I', :'schema', :'name'));`, schema: z.string(), variables: { ...table } }, signal);
  const columns = facts.columns.map((column) => `    ${column.quoted} ${column.type}`).join(",\n");
  const head = `SET client_encoding = 'UTF8';\n\nCREATE TABLE IF NOT EXISTS ${name} (\n${columns}\n);\n\nCOPY ${name} (${names}) FROM stdin;\n`;
  return framed(head, process.stdout, "\\.\n");
}

/** `head`, the stream, `foot`: a failure of the stream is the whole's. */
function framed(head: string, middle: Readable, foot: string): Readable {
  const whole = new PassThrough({ highWaterMark: 1 << 18 });
  const parts = async function* () {
    yield Buffer.from(head);
    yield* middle as AsyncIterable<Buffer>;
    yield Buffer.from(foot);
  };
  void pipeline(Readable.from(parts()), whole).catch((error: Error) => whole.destroy(error));
  return whole;
}
