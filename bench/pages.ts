import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { encode } from "next-auth/jwt";
import { genesisHash, hashEntry } from "@/lib/audit/record";
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
    for (const path of paths) pages.push(await benchPage(address, path, cookie));
    printTable(["page, with 100,000 runs", "median ms", "slowest ms"], pages.map((page) => [page.path, page.medianMs.toFixed(0), page.slowestMs.toFixed(0)]));
    return { runs, pages };
  } finally {
    web.kill("SIGTERM");
    await holdfast.close();
  }
}

const paths = ["/", "/backups", "/backups?page=2000", "/backups?sort=size", "/backups?proof=readable", "/audit", "/audit?page=3000", "/audit?outcome=failed", "/audit?q=nightly", "/runs", "/runs?page=2000"];

async function benchPage(address: string, path: string, cookie: string) {
  const figures: number[] = [];
  for (let request = 0; request <= requests; request += 1) {
    const milliseconds = await timed(async () => {
      const response = await fetch(address + path, { headers: { cookie }, redirect: "manual" });
      const body = await response.text();
      if (response.status !== 200 || body.includes("could not be loaded")) throw new Error(`${path} answered ${response.status}`);
    });
    // The first request loads the page's code.
    if (request > 0) figures.push(milliseconds);
  }
  return { path, medianMs: median(figures), slowestMs: Math.max(...figures) };
}

async function fill(holdfast: TestHoldfast): Promise<void> {
  const { db, storeId } = holdfast;
  const databases: { id: string; name: string }[] = [];
  for (const name of ["bimcalc", "orders", "reporting"]) {
    databases.push(await db.database.create({ data: { name, fileName: name, container: `${name}-postgres`, databaseName: name, role: name, storeId, options: JSON.stringify(defaultBackupOptions), serverVersion: "16.4" } }));
  }
  const now = Date.now();
  const batch = 2_000;
  let previousHash = (await db.auditEntry.findFirst({ orderBy: { id: "desc" } }))?.hash ?? genesisHash;
  for (let start = 0; start < runs; start += batch) {
    const numbers = Array.from({ length: batch }, (_, index) => start + index);
    const one = (n: number) => databases[n % databases.length] as { id: string; name: string };
    const at = (n: number) => new Date(now - (runs - n) * 15 * 60_000);
    const failed = (n: number) => n % 23 === 0;
    const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    const good = numbers.filter((n) => !failed(n));
    await db.backup.createMany({
      data: good.map((n) => ({ id: id(n), databaseId: one(n).id, databaseName: one(n).name, origin: "holdfast", format: "custom", takenAt: at(n), sizeBytes: BigInt(7e8 + n), databaseBytes: BigInt(4.7e9), rows: BigInt(13_000_000 + n), tables: 10, serverVersion: "16.4", initiatorKind: "schedule", initiatorName: "Schedule", rung: 1 + (n % 3), storedAt: at(n), intactAt: at(n), readableAt: at(n) })),
    });
    await db.copy.createMany({ data: good.map((n) => ({ backupId: id(n), storeId, key: `${one(n).name}_postgres_backup_${n}.dump.zst`, sizeBytes: BigInt(7e8 + n), storedAt: at(n), sha256: randomBytes(32).toString("hex") })) });
    await db.run.createMany({
      data: numbers.map((n) => ({ kind: "backup", status: failed(n) ? "failed" : "succeeded", databaseId: one(n).id, backupId: failed(n) ? null : id(n), input: "{}", error: failed(n) ? JSON.stringify({ code: "backup.dump_failed", kind: "unavailable", message: "pg_dump stopped before its end." }) : null, initiatorKind: "schedule", initiatorName: "Schedule", origin: "worker-1", queuedAt: at(n), startedAt: at(n), finishedAt: new Date(at(n).getTime() + 90_000) })),
    });
    await db.auditEntry.createMany({
      data: numbers.map((n) => {
        const entry = { at: at(n), actorKind: "schedule", actorId: null, actorName: "Schedule", action: "backup.finished", outcome: failed(n) ? "failed" : "succeeded", sentence: `Backup of ${one(n).name}, nightly`, databaseId: one(n).id, databaseName: one(n).name, runId: n + 1, backupId: failed(n) ? null : id(n), sizeBytes: BigInt(7e8 + n), records: BigInt(13_000_000 + n), origin: "worker-1", reason: null, before: null, after: null };
        const hash = hashEntry(previousHash, entry);
        const row = { ...entry, previousHash, hash };
        previousHash = hash;
        return row;
      }),
    });
  }
  await db.worker.create({ data: { id: "bench:1:1", startedAt: new Date(now), heartbeatAt: new Date(now + 86_400_000) } });
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
