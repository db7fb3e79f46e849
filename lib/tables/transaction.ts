import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { queryJson, type Server } from "@/lib/postgres/server";
import { openSession, type Session } from "@/lib/postgres/session";
import type { Job } from "@/lib/runs/job";
import { tableErrors } from "./errors";
import type { KeyFacts, TableFacts } from "./facts";
import { tableName } from "./schemas";

const lockWaitSeconds = 20;

/** One transaction in the live database. Everything until the commit can be cancelled; the commit itself cannot. */
export interface LiveTransaction {
  session: Session;
  /** Runs SQL about one table; a refusal becomes `fail`'s error with the server's own words. */
  run(sql: string): Promise<string[]>;
  /** Leaves the mark that tells afterwards whether this was committed, and commits: from then on no cancel is heard. */
  commit(mark: { schema: string; what: "applied" | "undone"; details: unknown }): Promise<void>;
}

/**
 * Runs `work` in a transaction. Whatever ends it before the commit, an error, a cancel, a dead worker, the server takes all of it back.
 * `fail` says what a refusal of the server's means.
 */
export async function inLiveTransaction<T>(job: Job, server: Server, fail: (stderr: string, cause: unknown) => AppError, work: (live: LiveTransaction) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let isCommitting = false;
  const abort = () => {
    if (!isCommitting) stop.abort(job.signal.reason);
  };
  job.signal.addEventListener("abort", abort, { once: true });
  const session = await openSession(server, "rows were put in place", stop.signal);
  const run = (sql: string) =>
    session.lines(sql).catch((error: unknown) => {
      throw error instanceof AppError && error.code === "postgres.query_failed" ? fail(String(error.details["stderr"] ?? ""), error) : error;
    });
  try {
    await run(`BEGIN ISOLATION LEVEL READ COMMITTED;\nSET LOCAL lock_timeout = '${lockWaitSeconds}s';\nSET LOCAL default_transaction_read_only = off;\nSET LOCAL synchronous_commit = on;`);
    return await work({
      session,
      run,
      async commit({ schema, what, details }) {
        await run(`INSERT INTO ${schema}.outcome (what, details) VALUES ('${what}', ${dollarQuoted(JSON.stringify(details))});`);
        await job.pointOfNoReturn();
        isCommitting = true;
        await run("COMMIT;");
      },
    });
  } finally {
    job.signal.removeEventListener("abort", abort);
    await session.close();
  }
}

/** Text as a literal: its tag is random, so nothing in the text can end it. */
function dollarQuoted(text: string): string {
  const tag = `$h${crypto.randomUUID().replaceAll("-", "")}$`;
  return `${tag}${text}${tag}`;
}

/**
 * Locks the tables against writers, and those at the other end of their foreign keys against changes, in one order for everybody.
 * Readers are not kept out. Throws `tables.busy` with who holds what.
 */
export async function lockTables(live: LiveTransaction, server: Server, tables: readonly TableFacts[], related: readonly KeyFacts["from"][]): Promise<void> {
  const own = new Set(tables.map((table) => table.oid));
  const wanted = [
    ...tables.map((table) => ({ oid: table.oid, name: tableName(table), sql: `LOCK TABLE ONLY ${table.quoted} IN SHARE ROW EXCLUSIVE MODE;` })),
    ...[...new Map(related.filter((table) => !own.has(table.oid)).map((table) => [table.oid, table])).values()].map((table) => ({ oid: table.oid, name: tableName(table), sql: `LOCK TABLE ${table.quoted} IN SHARE MODE;` })),
  ].sort((a, b) => Number(a.oid) - Number(b.oid));
  for (const { oid, name, sql } of wanted) {
    await live.session.lines(sql).catch(async (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "postgres.query_failed") throw error;
      const holders = await holdersOf(server, oid).catch(() => "");
      throw tableErrors.busy({ table: name, holders, waitedSeconds: lockWaitSeconds, stderr: String(error.details["stderr"] ?? "") }, { cause: error });
    });
  }
}

/** Who works on a table: role, application and for how long. */
async function holdersOf(server: Server, oid: string): Promise<string> {
  const sql = `SELECT to_json(coalesce(pg_catalog.string_agg(DISTINCT pg_catalog.concat(a.usename, ' (', nullif(a.application_name, ''), '), process ', a.pid), ', '), '')) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.relation = :'oid'::oid AND l.granted AND l.mode IN ('RowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND a.application_name NOT LIKE 'holdfast %';`;
  return queryJson(server, { what: "locks were read", sql, schema: z.string(), variables: { oid } });
}

/**
 * Switches off what would act on restored rows: users' triggers and rules, and, for a superuser, the triggers of foreign keys, whose
 * cascades would reach tables that nobody chose; foreign keys are checked by hand then. Deferred uniqueness stays on: it has no other
 * guard. Returns the SQL that switches everything back exactly as it was, within the same transaction.
 */
export async function silence(live: LiveTransaction, table: TableFacts, isSuperuser: boolean): Promise<string> {
  const acts = (one: { enabled: string }) => one.enabled === "O" || one.enabled === "A";
  const switches = [
    ...[...table.userTriggers, ...(isSuperuser ? table.foreignKeyTriggers : [])].filter(acts).map((one) => ({ ...one, kind: "TRIGGER" })),
    ...table.rules.filter(acts).map((one) => ({ ...one, kind: "RULE" })),
  ];
  if (switches.length === 0) return "";
  await live.run(switches.map(({ kind, quoted }) => `ALTER TABLE ONLY ${table.quoted} DISABLE ${kind} ${quoted};`).join("\n"));
  return switches.map(({ kind, quoted, enabled }) => `ALTER TABLE ONLY ${table.quoted} ENABLE ${enabled === "A" ? "ALWAYS " : ""}${kind} ${quoted};`).join("\n");
}

/** Moves sequences on so that the next value of each is free; never back. Returns what was moved. */
export async function moveSequences(live: LiveTransaction, table: TableFacts): Promise<{ name: string; to: string }[]> {
  const moved: { name: string; to: string }[] = [];
  for (const { name, quoted, literal, column, descending } of table.sequences) {
    const [edge, beyond] = descending ? ["min", "<"] : ["max", ">"];
    const [to] = await live.run(
      `SELECT pg_catalog.setval(${literal}::pg_catalog.regclass, x.edge::bigint) FROM (SELECT ${edge}(l.${column}) AS edge FROM ONLY ${table.quoted} l) x, ${quoted} q, pg_catalog.pg_sequence s
       WHERE s.seqrelid = ${literal}::pg_catalog.regclass AND x.edge BETWEEN s.seqmin AND s.seqmax AND (x.edge ${beyond} q.last_value OR (x.edge = q.last_value AND NOT q.is_called));`,
    );
    if (to) moved.push({ name, to });
  }
  return moved;
}
