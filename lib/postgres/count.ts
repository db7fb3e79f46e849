import "server-only";
import type { Relation } from "./catalogue";
import type { Server } from "./server";
import { openSession } from "./session";

/** Every counted table keeps a lock until its transaction ends; thousands of them would fill the server's lock table. */
const tablesPerTransaction = 200;

/**
 * Counts the rows of `tables` exactly, in the snapshot `snapshotId`, and returns them by OID. Stops starting new batches once
 * `budgetMs` is spent; what is missing from the result was not counted, which is not zero.
 */
export async function countRows(
  server: Server,
  options: { snapshotId: string; tables: readonly Relation[]; budgetMs: number },
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (options.tables.length === 0) return counts;
  const session = await openSession(server, "rows were counted", signal);
  try {
    const deadline = Date.now() + options.budgetMs;
    for (let start = 0; start < options.tables.length && Date.now() < deadline; start += tablesPerTransaction) {
      const oids = options.tables.slice(start, start + tablesPerTransaction).map((table) => table.oid);
      for (const line of await session.lines(countSql(options.snapshotId, oids))) {
        const [oid, rows] = line.split("|");
        if (oid && rows) counts.set(oid, Number(rows));
      }
    }
    return counts;
  } finally {
    await session.close();
  }
}

/**
 * Of an extension's configuration table only the rows under its own condition are dumped (manual, "Extension Configuration Tables").
 * The server writes the counting statements itself, so that no name is ever quoted by us. OIDs and the snapshot are its
 * own words.
 */
function countSql(snapshotId: string, oids: string[]): string {
  return `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET TRANSACTION SNAPSHOT '${snapshotId}';
SELECT pg_catalog.format('SELECT %s, pg_catalog.count(*) FROM ONLY %I.%I %s', c.oid, n.nspname, c.relname,
  (SELECT e.extcondition[pg_catalog.array_position(e.extconfig, c.oid)] FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig) LIMIT 1))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (${oids.join(", ")}) ORDER BY c.oid \\gexec
COMMIT;`;
}
