import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { findEngine } from "@/lib/docker/engine";
import { reserveOf } from "@/lib/postgres/reserve";
import { connect } from "@/lib/postgres/server";
import { freeOnVolume } from "@/lib/postgres/volumes";
import type { Job, JobResult } from "@/lib/runs/job";
import { dumpedTables } from "@/lib/backup/tables";
import { readForeignKeys, readTableFacts } from "./facts";
import { openBackup } from "./open-backup";
import type { PlanTablesResult } from "./schemas";

/** Reads from the live server what choosing tables needs to know: which are there, how large they are, and what refers to what. */
export async function runPlanTables(job: Job<{ backupId: string; databaseId: string }>): Promise<JobResult> {
  const database = await job.ctx.db.database.findUnique({ where: { id: job.input.databaseId } });
  if (!database) throw databaseErrors.not_found({});
  const { manifest } = await openBackup(job.ctx.db, job.input.backupId);
  const server = await connect(await findEngine(), { container: database.container, role: database.role, database: database.databaseName }, { tag: job.tag }, job.signal);
  const [facts, keys, space] = await Promise.all([readTableFacts(server, dumpedTables(manifest), job.signal), readForeignKeys(server, job.signal), freeOnVolume(server, job.signal)]);
  const result: PlanTablesResult = {
    tables: facts.filter((table) => table.kind === "r").map(({ schema, name, sizeBytes }) => ({ schema, name, sizeBytes })),
    foreignKeys: keys.map(({ name, from, to }) => ({ name, from: { schema: from.schema, name: from.name }, to: { schema: to.schema, name: to.name } })),
    freeBytes: space ? Math.max(0, space.freeBytes - reserveOf(space.totalBytes)) : null,
  };
  return { result };
}
