import "server-only";
import { AppError } from "@/lib/errors";
import type { Relation } from "./catalogue";
import type { Server } from "./server";
import { openSession } from "./session";

/** Every counted table keeps a lock until its transaction ends; thousands of them would fill the server's lock table. */
const tablesPerTransaction = 200;

/** A table that somebody has locked is not worth a longer wait when it may as well stay uncounted. */
const lockWaitHereMs = 5_000;

export interface Count {
  snapshotId: string;
  tables: readonly Relation[];
  budgetMs: number;
  /** Goes past a table that cannot be counted (locked, damaged, hidden by row-level security), instead of failing. */
  asFarAsPossible?: boolean;
}

/**
 * Counts the rows of `tables` exactly, in the snapshot `snapshotId`, and returns them by OID. Stops once `budgetMs` is
 * spent, also in the middle of a table; what is missing from the result was not counted, which is not zero.
 */
export async function countRows(server: Server, options: Count, signal: AbortSignal): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (options.tables.length === 0) return counts;
  const session = await openSession(server, "rows were counted", signal);
  const deadline = Date.now() + options.budgetMs;
  try {
    for (let start = 0; start < options.tables.length && Date.now() < deadline; start += tablesPerTransaction) {
      const oids = options.tables.slice(start, start + tablesPerTransaction).map((table) => table.oid);
      const sql = options.asFarAsPossible ? asFarAsPossible : countSql;
      for (const line of await session.lines(sql(options.snapshotId, oids, deadline - Date.now()))) {
        const [oid, rows] = line.split("|");
        if (oid && rows) counts.set(oid, Number(rows));
      }
    }
    return counts;
  } catch (error) {
    // Time that is up ends the statement under way, and with it the batch.
    if (Date.now() >= deadline && error instanceof AppError && error.code === "postgres.query_failed") return counts;
    throw error;
  } finally {
    await session.close();
  }
}

/**
 * Of an extension's configuration table only the rows under its own condition are dumped (manual, "Extension Configuration Tables").
 * The server writes the counting statements itself, so that no name is ever quoted by us. OIDs and the snapshot are its
 * own words.
 */
function countSql(snapshotId: string, oids: string[], leftMs: number): string {
  return `${beginSql(snapshotId)}
SELECT $$SELECT pg_catalog.set_config('statement_timeout', (${rest(leftMs)})::text, true)$$, ${countOne} ${ofTables(oids)} \\gexec
COMMIT;`;
}

/** psql takes back what a failed statement did and goes on; each gets the rest of the time, or next to none. */
function asFarAsPossible(snapshotId: string, oids: string[], leftMs: number): string {
  return `${beginSql(snapshotId)}
\\set ON_ERROR_STOP 0
\\set ON_ERROR_ROLLBACK on
SELECT $$SELECT pg_catalog.set_config('statement_timeout', (${rest(leftMs)})::text, true), pg_catalog.set_config('lock_timeout', '${lockWaitHereMs}', true)$$, ${countOne} ${ofTables(oids)} \\gexec
\\set ON_ERROR_ROLLBACK off
\\set ON_ERROR_STOP 1
COMMIT;`;
}

/** Milliseconds of `leftMs` that are left since the transaction began, or next to none. */
function rest(leftMs: number): string {
  return `greatest(20, ${Math.ceil(leftMs)} - (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.now()) * 1000)::int)`;
}

function beginSql(snapshotId: string): string {
  return `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET TRANSACTION SNAPSHOT '${snapshotId}';`;
}

const countOne = `pg_catalog.format('SELECT %s, pg_catalog.count(*) FROM ONLY %I.%I %s', c.oid, n.nspname, c.relname,
  (SELECT e.extcondition[pg_catalog.array_position(e.extconfig, c.oid)] FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig) LIMIT 1))`;

function ofTables(oids: string[]): string {
  return `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (${oids.join(", ")}) ORDER BY c.oid`;
}
