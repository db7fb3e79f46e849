import "server-only";
import { z } from "zod";
import { notSystem } from "./catalogue";
import { openSession } from "./session";
import type { Server } from "./server";

export interface TableName {
  schema: string;
  name: string;
}

/** Tells which tables were emptied or rewritten since it was made. */
export interface TableFiles {
  /** Tables whose rows lie in another file than at first, or that are not there any more. Tables that are new are none of them. */
  changed(): Promise<TableName[]>;
  close(): Promise<void>;
}

const Files = z.array(z.object({ schema: z.string(), name: z.string(), file: z.string().nullable() }));

/** The server's own words of now, whatever snapshot is looked through: a function that reads the system cache. */
const filesSql = `SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'file', pg_catalog.pg_relation_filenode(c.oid)::text)), '[]')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND ${notSystem};`;

/**
 * Remembers in which file the rows of every table lie. TRUNCATE and the ALTER TABLE that rewrites give a table a new file for every snapshot
 * at once, also for one that is older: it sees no rows any more (manual, "Caveats" of concurrency control). So a count and a dump in the
 * same snapshot agree only where the file stayed the same between them. Has a session of its own, which asks outside of any transaction.
 */
export async function watchTableFiles(server: Server, signal: AbortSignal): Promise<TableFiles> {
  const session = await openSession(server, "the tables' files were looked up", signal);
  const look = async () => session.json(filesSql, Files);
  try {
    const first = await look();
    return {
      async changed() {
        const now = new Map((await look()).map(({ schema, name, file }) => [JSON.stringify([schema, name]), file]));
        return first.filter(({ schema, name, file }) => now.get(JSON.stringify([schema, name])) !== file).map(({ schema, name }) => ({ schema, name }));
      },
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}
