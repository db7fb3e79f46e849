import "server-only";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { createClient, type Client } from "@libsql/client";
import { env } from "@/lib/env";
import { PrismaClient } from "./generated/client";

export type Db = PrismaClient;
/** What a domain function may touch inside a transaction. */
export type Tx = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

const lockTimeoutMs = 10_000;

/**
 * Two processes write to one SQLite file. A transaction that starts by reading and then wants to write fails at once when
 * the other process wrote in between, so every transaction takes the write lock at its start (BEGIN IMMEDIATE) and waits.
 * Each also closes the connection it was given: libsql opens a new one for the next.
 */
function takingTheWriteLockFirst(client: Client): Client {
  const begin = client.transaction.bind(client);
  client.transaction = async () => {
    const tx = await begin("write");
    const commit = tx.commit.bind(tx);
    tx.commit = async () => {
      await commit();
      tx.close();
    };
    const rollback = tx.rollback.bind(tx);
    tx.rollback = async () => {
      await rollback();
      tx.close();
    };
    return tx;
  };
  return client;
}

class WriteFirstLibSql extends PrismaLibSql {
  override createClient(config: Parameters<PrismaLibSql["createClient"]>[0]): Client {
    return takingTheWriteLockFirst(createClient(config));
  }
}

/** Opens the metadata database at `url` (a `file:` address). The caller closes it with `$disconnect()`. */
export function openDatabase(url: string): Db {
  return new PrismaClient({
    adapter: new WriteFirstLibSql({ url, intMode: "bigint", timeout: lockTimeoutMs }),
    transactionOptions: { maxWait: 15_000, timeout: 15_000 },
  });
}

// One client per process: Next loads pages and route handlers as separate module instances, and reloads in development.
const shared = globalThis as unknown as { holdfastDb?: Db };

/** The process's own client, opened on first use so that a build can import this module without a database. */
export const db: Db = new Proxy({} as Db, {
  get: (_, property) => {
    const client = (shared.holdfastDb ??= openDatabase(env.databaseUrl));
    const value: unknown = Reflect.get(client, property);
    return typeof value === "function" ? value.bind(client) : value;
  },
});
