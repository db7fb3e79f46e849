// What docker-compose.yml asks: `health.mjs web` and `health.mjs worker` exit 0 when that process does its work.
import os from "node:os";
import { createClient } from "@libsql/client";
import { answers } from "./lib/http-get.mjs";

/** A worker writes its heartbeat every ten seconds. */
const silentMs = 45_000;

async function workerIsAlive() {
  const client = createClient({ url: process.env.DATABASE_URL ?? "file:./data/holdfast.db" });
  try {
    // Its name begins with its host's, so another worker on the same record does not answer for this one.
    const { rows } = await client.execute({ sql: `SELECT max("heartbeatAt") AS at FROM "Worker" WHERE id LIKE ? || ':%' AND "stoppedAt" IS NULL`, args: [os.hostname()] });
    return rows[0]?.at != null && Date.now() - new Date(rows[0].at).getTime() < silentMs;
  } finally {
    client.close();
  }
}

const healthy = process.argv[2] === "worker" ? await workerIsAlive() : await answers(`http://127.0.0.1:${process.env.PORT ?? 3000}/api/health`, 8_000);
process.exit(healthy ? 0 : 1);
