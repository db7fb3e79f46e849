import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { startRescanStore } from "@/lib/stores/manage";
import type { Holdfast } from "./holdfast";

const dump = gzipSync("--\n-- PostgreSQL database dump\n--\n\n-- PostgreSQL database dump complete\n--\n");

/** Fills the store with old files of a database, one a day, and takes them into the list. */
export async function addOldFiles(holdfast: Holdfast, storeId: string, many: number): Promise<void> {
  for (let day = 0; day < many; day += 1) {
    const stamp = new Date(Date.UTC(2025, 0, 1 + day, 2, 0, 4)).toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
    writeFileSync(path.join(holdfast.backups, `bimcalc_postgres_backup_${stamp}.sql.gz`), dump);
  }
  const { runId } = await startRescanStore(holdfast.ctx, { storeId });
  const run = await holdfast.finished(runId);
  if (run.status !== "succeeded") throw new Error(`The rescan ${run.status}: ${run.error ?? ""}`);
}
