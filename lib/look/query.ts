import "server-only";
import { randomBytes } from "node:crypto";
import { StringDecoder } from "node:string_decoder";
import { SqlSplitter } from "@/lib/convert/split";
import { nobody } from "@/lib/convert/sql-of";
import { findEngine } from "@/lib/docker/engine";
import { execStream } from "@/lib/docker/exec";
import { killTagged } from "@/lib/docker/kill";
import { AppError } from "@/lib/errors";
import { connect, pinned, psqlWith, run, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { CsvReader } from "./csv";
import { lookErrors } from "./errors";
import { databaseInside, readerOf } from "./reader";
import { longestCell, mostAnswerBytes, mostRows, questionSeconds, rowsPerPage, type LookAnswer, type LookQuestion, type QueryLookInput } from "./schemas";
import { readPage } from "./scripts";

/** Asks an open look one question, as a role that can only read, with limits on time, rows and bytes. */
export async function runQueryLook(job: Job<QueryLookInput>): Promise<JobResult> {
  const { lookId, question } = job.input;
  const look = await job.ctx.db.look.findUnique({ where: { id: lookId } });
  if (look?.state !== "open" || !look.container) throw lookErrors.not_open({});
  const { container } = look;
  await job.log(question.kind === "sql" ? question.sql : `page ${question.page} of ${question.schema}.${question.name}`);
  const answer = await job.step("ask", async () => {
    const server = await connect(await findEngine(), { container, role: readerOf(lookId), database: databaseInside }, { tag: job.tag }, job.signal);
    return ask({ ...server, way: { ...server.way, user: nobody } }, question, job.signal);
  });
  return { result: { ...answer } };
}

/** A little more than the server's own limit: its words explain better. */
const patienceMs = (questionSeconds + 5) * 1_000;

/** Asks one question. However it ends, nothing of it is left running. */
export async function ask(server: Server, question: LookQuestion, signal: AbortSignal): Promise<LookAnswer> {
  const started = Date.now();
  const late = AbortSignal.timeout(patienceMs);
  const stop = AbortSignal.any([signal, late]);
  const nullMark = `null-${randomBytes(8).toString("hex")}`;
  const request = pinned(server, argvFor(question, nullMark), "psql");
  const rowLimit = question.kind === "table" ? rowsPerPage : mostRows;
  let isOver = false;
  try {
    const process = await execStream(server.engine, request, stop);
    process.stdin.end(question.kind === "table" ? readPage : "");
    const read = await readAnswer(process.stdout, new CsvReader(nullMark, longestCell), rowLimit);
    isOver = read.limit === null;
    if (!isOver) process.destroy(new Error("the answer was long enough"));
    return { ...read, ms: Date.now() - started };
  } catch (error) {
    signal.throwIfAborted();
    throw late.aborted ? lookErrors.too_slow({ seconds: questionSeconds }, { cause: error }) : whyFailed(error);
  } finally {
    if (!isOver) await endQuestion(server);
  }
}

function argvFor(question: LookQuestion, nullMark: string): string[] {
  const common = ["psql", "-X", "-q", "--csv", "-P", `null=${nullMark}`, "-v", "ON_ERROR_STOP=1", "-v", `FETCH_COUNT=${mostRows + 1}`];
  if (question.kind === "table") {
    const { schema, name, page } = question;
    const variables = { schema, name, limit: String(rowsPerPage), offset: String((page - 1) * rowsPerPage) };
    return [...common, ...Object.entries(variables).flatMap(([key, value]) => ["-v", `${key}=${value}`])];
  }
  requireOneStatement(question.sql);
  // With -c the text goes to the server as it is. psql would take one that begins with a backslash for a command of its own.
  return [...common, "-c", `\n${question.sql}`];
}

function requireOneStatement(sql: string): void {
  const splitter = new SqlSplitter();
  const pieces = [...splitter.push(Buffer.from(sql)), ...splitter.finish()];
  const statements = pieces.filter((piece) => piece.type === "statement" || (piece.type === "part" && piece.isFirst));
  if (statements.length !== 1 || pieces.some((piece) => piece.type === "command" || piece.type === "data")) throw lookErrors.one_statement({});
}

async function readAnswer(stdout: AsyncIterable<Buffer>, reader: CsvReader, rowLimit: number): Promise<Omit<LookAnswer, "ms">> {
  const decoder = new StringDecoder("utf8");
  const rows: (string | null)[][] = [];
  let columns: string[] | null = null;
  let bytes = 0;
  let bytesRead = 0;
  let limit: LookAnswer["limit"] = null;
  for await (const chunk of stdout) {
    for (const row of reader.push(decoder.write(chunk))) {
      if (columns === null) columns = row.map((name) => name ?? "");
      else if (rows.length < rowLimit) rows.push(row);
      else limit = "rows";
      bytes += row.reduce((sum, value) => sum + (value?.length ?? 4), 0);
      if (bytes > mostAnswerBytes) limit ??= "bytes";
      if (limit) break;
    }
    // A single value may be as long as the server's memory; what psql sends of it is not waited for.
    if (!limit && (bytesRead += chunk.length) > mostAnswerBytes * 16) limit = "bytes";
    if (limit) break;
  }
  return { columns: columns ?? [], rows, limit, isShortened: reader.isShortened };
}

/**
 * Ends what a broken connection leaves: the server notices that nobody listens only when it next writes, and psql may wait for ever to
 * write what nobody reads. Never throws.
 */
async function endQuestion(server: Server): Promise<void> {
  const sql = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = :'name' AND pid <> pg_catalog.pg_backend_pid();";
  await run({ ...server, tag: undefined }, psqlWith({ name: `holdfast ${server.tag ?? ""}` }), { stdin: sql }).catch(() => undefined);
  if (server.tag) await killTagged(server.engine, server.container.id, server.tag);
}

const connectionLost = [2, 126, 137, 143];

function whyFailed(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== "docker.exec_failed") return error;
  const stderr = String(error.details["stderr"] ?? "");
  const isGone = connectionLost.includes(Number(error.details["exitCode"]));
  return (isGone ? lookErrors.server_gone : lookErrors.query_failed)({ stderr }, { cause: error });
}
