import { createHash, randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createClient, type Client } from "@libsql/client";

/** Prisma's own bookkeeping table, so that `prisma migrate status` agrees with what happened here. */
const bookkeeping = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;

/**
 * Applies the committed migrations that `url` has not seen, in the order of their names, and returns those names.
 * Safe when several processes start at once: each migration runs under the write lock and is looked up again inside it.
 * A migration whose text changed after it was applied is refused. Needs no Prisma CLI.
 */
export async function migrate(url: string, directory: string): Promise<string[]> {
  if (url.startsWith("file:")) createPrivately(path.resolve(url.slice("file:".length)));
  const client = createClient({ url, timeout: 30_000 } as Parameters<typeof createClient>[0]);
  try {
    await client.execute("PRAGMA journal_mode = WAL");
    await client.execute(bookkeeping);
    const applied: string[] = [];
    const known = await readKnown(client);
    for (const name of migrationNames(directory)) {
      const sql = readFileSync(path.join(/*turbopackIgnore: true*/ directory, name, "migration.sql"), "utf8");
      // Every command of the command line comes by here, and need not wait for whoever writes.
      if (known.get(name) === checksumOf(sql)) continue;
      if (await applyOnce(client, name, sql)) applied.push(name);
    }
    return applied;
  } finally {
    client.close();
  }
}

/** The record holds password hashes and the audit log: a file made here is its owner's alone. SQLite gives its companions the same mode. */
function createPrivately(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(/*turbopackIgnore: true*/ file, "a", 0o600));
}

function migrationNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => existsSync(path.join(/*turbopackIgnore: true*/ directory, name, "migration.sql")))
    .sort();
}

const checksumOf = (sql: string) => createHash("sha256").update(sql).digest("hex");

/** What was applied already, with the checksum of its text then. */
async function readKnown(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.execute(`SELECT migration_name AS name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL`);
  return new Map(rows.map((row) => [String(row["name"]), String(row["checksum"])]));
}

async function applyOnce(client: Client, name: string, sql: string): Promise<boolean> {
  const checksum = checksumOf(sql);
  // Inside a transaction this pragma does nothing, and with it on a table rebuild deletes the rows of its children.
  await client.execute("PRAGMA foreign_keys = OFF");
  const tx = await client.transaction("write");
  try {
    const seen = await tx.execute({ sql: `SELECT checksum FROM "_prisma_migrations" WHERE migration_name = ?`, args: [name] });
    const [row] = seen.rows;
    if (row) {
      if (row["checksum"] !== checksum) throw new Error(`The migration ${name} was changed after it had been applied.`);
      return false;
    }
    await tx.executeMultiple(sql);
    const broken = await tx.execute("PRAGMA foreign_key_check");
    if (broken.rows.length > 0) throw new Error(`The migration ${name} leaves ${broken.rows.length} broken references.`);
    await tx.execute({
      sql: `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)`,
      args: [randomUUID(), checksum, name, Date.now(), Date.now()],
    });
    await tx.commit();
    return true;
  } finally {
    tx.close();
  }
}
