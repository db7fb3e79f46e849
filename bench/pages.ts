import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { encode } from "next-auth/jwt";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { defaultBackupOptions } from "@/lib/databases/schemas";
import { median, printTable, timed } from "./measure";

const runs = 100_000;
const requests = 31;

export interface PageReport {
  runs: number;
  pages: { path: string; medianMs: number; slowestMs: number }[];
}

/** Fills the record with 100,000 runs, backups and audit entries and asks the production server for pages of them. */
export async function benchPages(): Promise<PageReport> {
  const holdfast = await testHoldfast();
  const secret = randomBytes(32).toString("base64url");
  console.log(`\nFilling the record with ${runs.toLocaleString("en")} runs`);
  await fill(holdfast);
  const port = await freePort();
  const web = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "-p", String(port)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DATABASE_URL: holdfast.url, AUTH_SECRET: secret, AUTH_TRUST_HOST: "true" },
  });
  try {
    const cookie = await signedIn(holdfast, secret);
    const address = `http://127.0.0.1:${port}`;
    await untilUp(address);
    const pages = [];
    for (const path of paths) {
      // A worker that is heard, as usual.
      await holdfast.db.worker.updateMany({ data: { heartbeatAt: new Date() } });
      const page = await benchPage(address, path, cookie);
      console.log(`${path}: ${page.medianMs.toFixed(0)} ms`);
      pages.push(page);
    }
    printTable(["page, with 100,000 runs", "median ms", "slowest ms"], pages.map((page) => [page.path, page.medianMs.toFixed(0), page.slowestMs.toFixed(0)]));
    return { runs, pages };
  } finally {
    web.kill("SIGTERM");
    await holdfast.close();
  }
}

/** First, middle and last pages; orders, filters and searches that read otherwise; and what open pages ask for again and again. */
const paths = [
  "/", "/api/overview", "/api/shell", "/api/health/backups", "/api/metrics",
  "/backups", "/backups?page=1900", "/backups?page=3820", "/backups?sort=stored", "/backups?sort=records&page=3820", "/backups?sort=database&order=asc&page=1900",
  "/backups?proof=readable", "/backups?database=orders&page=1270", "/backups?kind=schedule&page=3820", "/backups?taken=365d&page=1300",
  "/backups?q=orders", "/backups?q=orders&page=1270", "/backups?q=before+the+upgrade",
  "/audit", "/audit?page=1900", "/audit?page=3900", "/audit?outcome=failed", "/audit?who=Schedule&action=backup.finished&page=3900", "/audit?range=365d&page=1300",
  "/audit?q=nightly", "/audit?q=nightly&page=3900", "/audit?q=before+the+upgrade",
  "/history?database=bimcalc", "/history?database=bimcalc&range=365d", "/drills",
  "/runs", "/runs?page=3900", "/runs?status=succeeded&page=3800", "/runs?database=orders&page=1300",
];

async function benchPage(address: string, path: string, cookie: string) {
  const figures: number[] = [];
  for (let request = 0; request <= requests; request += 1) {
    const milliseconds = await timed(async () => {
      const response = await fetch(address + path, { headers: { cookie }, redirect: "manual" });
      const body = await response.text();
      // Nothing was proven in this record, and that is what this address says.
      const wanted = path.startsWith("/api/health/backups") ? 503 : 200;
      if (response.status !== wanted || body.includes("could not be loaded")) throw new Error(`${path} answered ${response.status}`);
    });
    // The first request loads the page's code.
    if (request > 0) figures.push(milliseconds);
  }
  return { path, medianMs: median(figures), slowestMs: Math.max(...figures) };
}

/**
 * Fills the record with SQL alone: row by row through the client it would take minutes. The audit entries carry random hashes,
 * because pages do not recompute the chain.
 */
async function fill(holdfast: TestHoldfast): Promise<void> {
  const { db, storeId } = holdfast;
  for (const name of ["bimcalc", "orders", "reporting"]) {
    await db.database.create({ data: { id: name, name, fileName: name, container: `${name}-postgres`, databaseName: name, role: name, storeId, options: JSON.stringify(defaultBackupOptions), serverVersion: "16.4" } });
  }
  await db.store.update({ where: { id: storeId }, data: { checkedAt: new Date(), totalBytes: 2n ** 40n, freeBytes: 2n ** 39n } });
  const error = JSON.stringify({ code: "backup.dump_failed", kind: "unavailable", message: "pg_dump stopped before its end." });
  // One run every 15 minutes up to now; every 23rd failed and left no backup.
  await db.$executeRawUnsafe(`CREATE TABLE bench AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${runs})
    SELECT n, strftime('%Y-%m-%dT%H:%M:%S.000+00:00', 'now', '-' || ((${runs} - n) * 15) || ' minutes') AS at,
      CASE n % 3 WHEN 0 THEN 'bimcalc' WHEN 1 THEN 'orders' ELSE 'reporting' END AS name, n % 23 = 0 AS failed, 'b' || n AS id FROM n`);
  await db.$executeRawUnsafe(`INSERT INTO "Backup" ("id", "databaseId", "databaseName", "origin", "format", "takenAt", "sizeBytes", "databaseBytes", "rows", "tables", "serverVersion", "initiatorKind", "initiatorName", "rung", "storedAt", "intactAt", "readableAt")
    SELECT id, name, name, 'holdfast', 'custom', at, 700000000 + n, 4700000000, 13000000 + n, 10, '16.4', 'schedule', 'Schedule', 1 + n % 3, at, at, at FROM bench WHERE NOT failed`);
  await db.$executeRawUnsafe(`INSERT INTO "Copy" ("id", "backupId", "storeId", "key", "sizeBytes", "databaseKey", "sha256", "storedAt")
    SELECT 'c' || n, id, '${storeId}', name || '_postgres_backup_' || n || '.dump.zst', 700000000 + n, name, lower(hex(randomblob(32))), at FROM bench WHERE NOT failed`);
  await db.$executeRawUnsafe(`INSERT INTO "Run" ("kind", "status", "databaseId", "backupId", "input", "error", "initiatorKind", "initiatorName", "origin", "queuedAt", "startedAt", "finishedAt")
    SELECT 'backup', CASE WHEN failed THEN 'failed' ELSE 'succeeded' END, name, CASE WHEN failed THEN NULL ELSE id END, '{}', CASE WHEN failed THEN '${error}' END, 'schedule', 'Schedule', 'worker-1', at, at, at FROM bench`);
  await db.$executeRawUnsafe(`INSERT INTO "AuditEntry" ("at", "actorKind", "actorName", "action", "outcome", "sentence", "databaseId", "databaseName", "runId", "backupId", "sizeBytes", "records", "origin", "previousHash", "hash")
    SELECT at, 'schedule', 'Schedule', 'backup.finished', CASE WHEN failed THEN 'failed' ELSE 'succeeded' END, 'Backup of ' || name || ', nightly', name, name, n, CASE WHEN failed THEN NULL ELSE id END, 700000000 + n, 13000000 + n, 'worker-1', lower(hex(randomblob(32))), lower(hex(randomblob(32))) FROM bench`);
  await db.$executeRawUnsafe("DROP TABLE bench");
  await db.worker.create({ data: { id: "bench:1:1", startedAt: new Date(), heartbeatAt: new Date() } });
}

/** A session row and the cookie next-auth would have set for it. */
async function signedIn(holdfast: TestHoldfast, secret: string): Promise<string> {
  const user = await holdfast.db.user.findFirstOrThrow({ where: { role: "admin" } });
  const session = await holdfast.db.session.create({ data: { id: randomUUID(), userId: user.id, expiresAt: new Date(Date.now() + 3_600_000), origin: "127.0.0.1", userAgent: "bench" } });
  const name = "authjs.session-token";
  const token = await encode({ secret, salt: name, token: { sid: session.id, sub: user.id } });
  return `${name}=${token}`;
}

async function untilUp(address: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await fetch(`${address}/api/health`).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The web application did not start.");
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
