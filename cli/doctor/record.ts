import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { createClient } from "@libsql/client";
import { checkChain } from "@/lib/audit/check-chain";
import { ageSpan } from "@/lib/format/ages";
import { count, plural } from "@/lib/format/counts";
import { migrate } from "@/lib/db/migrate";
import { silentAfterMs } from "@/lib/monitoring/schemas";
import { workerStatus } from "@/lib/monitoring/worker-status";
import type { Home } from "../home";
import type { Session } from "../session";
import { look, ok, problem, unknown, type Finding } from "./finding";

/** The metadata file itself, before anything is asked of it. */
export async function lookAtRecord(home: Home, url: string): Promise<Finding[]> {
  const file = fileOf(url);
  const wasThere = existsSync(file);
  return [
    await look("record", "Record", async () => {
      const applied = await migrate(url, path.join(home.root, "prisma/migrations"));
      if (!wasThere) return ok(`${file}, made just now`);
      return ok(applied.length > 0 ? `${file}, brought up to date: ${applied.join(", ")}` : file);
    }),
    await look("migrations", "Schema of the record", () => migrations(home, url)),
    await look("integrity", "Integrity of the record", () => integrity(url)),
  ];
}

export function fileOf(url: string): string {
  return path.resolve(url.replace(/^file:/, ""));
}

async function migrations(home: Home, url: string) {
  const known = readdirSync(path.join(home.root, "prisma/migrations")).filter((name) => /^\d/.test(name));
  const applied = (await rows(url, `SELECT migration_name AS name FROM "_prisma_migrations"`)).map((row) => String(row["name"]));
  const later = applied.filter((name) => !known.includes(name));
  if (later.length > 0) return problem(`it was made by a newer version: ${later.join(", ")}`, "Start that version, or restore the record from before the upgrade (docs/upgrade.md).");
  const missing = known.filter((name) => !applied.includes(name));
  return missing.length > 0 ? problem(`${missing.join(", ")} not applied`, "npm start brings it up to date.") : ok(`${plural(known.length, "migration")}, all applied`);
}

async function integrity(url: string) {
  const said = (await rows(url, "PRAGMA integrity_check")).map((row) => String(Object.values(row)[0]));
  return said.length === 1 && said[0] === "ok" ? ok("SQLite finds nothing wrong") : problem(said.slice(0, 3).join("; "), "Restore the record from its copy (docs/upgrade.md), then rescan each store.");
}

async function rows(url: string, sql: string) {
  const client = createClient({ url });
  try {
    return (await client.execute(sql)).rows;
  } finally {
    client.close();
  }
}

/** What the record says of those who work with it. */
export async function lookAtService({ ctx }: Session): Promise<Finding[]> {
  const now = ctx.clock.now();
  return [
    await look("worker", "Worker", async () => {
      const { heartbeatAt, problem: trouble } = await workerStatus(ctx);
      if (!heartbeatAt) return unknown("none was ever heard", "npm start. Without it schedules start nothing; this command does its own work.");
      const silent = now.getTime() - heartbeatAt.getTime() > silentAfterMs;
      if (silent || trouble === "The worker was stopped") return unknown(`last heard ${ageSpan(heartbeatAt, now)} ago`, "npm start. Without it schedules start nothing; this command does its own work.");
      return trouble ? problem(trouble, "Look at the log of the worker.") : ok(`heard ${ageSpan(heartbeatAt, now)} ago`);
    }),
    await look("audit", "Audit log", async () => {
      const { verified, brokenAt } = await checkChain(ctx);
      return brokenAt ? problem(`entry ${brokenAt.id}: ${brokenAt.why}`, "Somebody changed the record outside Holdfast. Compare it with a copy from before.") : ok(`${count(verified)} entries, the chain is whole`);
    }),
  ];
}
