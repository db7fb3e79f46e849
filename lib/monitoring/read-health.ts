import "server-only";
import type { Context } from "@/lib/context";
import { assessHealth, type DatabaseHealth } from "./assess-health";
import { readFacts } from "./read-facts";
import { workerStatus } from "./worker-status";

/** Which databases are past their objective and why, by name. Seven queries and one, whatever their number. */
export async function readHealth(ctx: Pick<Context, "db" | "clock">): Promise<DatabaseHealth[]> {
  const [records, worker] = await Promise.all([readFacts(ctx), workerStatus(ctx)]);
  const now = ctx.clock.now();
  return records.map(({ row, facts }) => assessHealth({ id: row.id, facts }, { workerStopped: worker.isStopped }, now));
}
