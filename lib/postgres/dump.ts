import "server-only";
import type { Readable } from "node:stream";
import type { BackupOptions } from "@/lib/databases/schemas";
import { execStream } from "@/lib/docker/exec";
import { qualified } from "./patterns";
import { dumpDirectory, dumpThroughZstd } from "./scripts";
import { lockWaitMs, pinned, type Server } from "./server";

/** How the bytes are packed. zstd wraps the whole archive; gzip is pg_dump's own and needs no other tool. */
export type Packing = "zstd" | "gzip";

export interface DumpPlan {
  /** What the file is called after its time: `.dump.zst`, `.dump`, `.sql.gz`, `.dir.tar`. */
  extension: string;
  packing: Packing;
  /** For the manifest: "zstd 1", "gzip 6". */
  compression: string;
  argv: string[];
}

/** Level 1 packs rows about as tight as gzip 6, often tighter than level 3, and costs half of level 3 (`npm run bench`). */
const defaultZstdLevel = 1;
const defaultGzipLevel = 6;

/**
 * The command that dumps in `snapshotId`. Compression happens at the source: an exec stream costs a core at some 200 MB/s, so
 * raw rows through it would be the bottleneck. Without zstd in the container pg_dump compresses by itself, slower.
 */
export function planDump(options: BackupOptions, server: { hasZstd: boolean; tag: string }, snapshotId: string): DumpPlan {
  const dump = [
    `--snapshot=${snapshotId}`,
    `--lock-wait-timeout=${lockWaitMs}`,
    "--no-password",
    "--verbose",
    `--exclude-schema=${keptSchemas}`,
    ...options.excludeTables.map((pattern) => `--exclude-table=${qualified(pattern)}`),
    ...options.excludeTableData.map((pattern) => `--exclude-table-data=${qualified(pattern)}`),
  ];
  const gzip = options.compressionLevel ?? defaultGzipLevel;
  switch (options.format) {
    case "custom": {
      if (!server.hasZstd) {
        const level = Math.min(gzip, 9);
        return { extension: ".dump", packing: "gzip", compression: `gzip ${level}, for want of zstd in the container`, argv: ["pg_dump", ...dump, "-Fc", `-Z${level}`] };
      }
      const level = options.compressionLevel ?? defaultZstdLevel;
      return {
        extension: ".dump.zst",
        packing: "zstd",
        compression: `zstd ${level}`,
        argv: ["sh", "-c", dumpThroughZstd, "holdfast-dump", String(level), ...dump, "-Fc", "-Z0"],
      };
    }
    case "plain":
      return { extension: ".sql.gz", packing: "gzip", compression: `gzip ${gzip}`, argv: ["pg_dump", ...dump, "-Fp", `-Z${gzip}`] };
    case "directory":
      return {
        extension: ".dir.tar",
        packing: "gzip",
        compression: `gzip ${gzip}`,
        argv: ["sh", "-c", dumpDirectory, "holdfast-dump", workDirectory(server.tag), String(options.jobs), ...dump, `-Z${gzip}`],
      };
  }
}

/** Rows that a restore of tables keeps inside the live database for a while. They belong to no backup. */
const keptSchemas = "holdfast_restore_r[0-9]+";

/** Where tools of the container put what they need for a while: every image has it. */
export const workRoot = "/tmp";

/** Where a directory dump lies inside the container while it is made or decoded. Named after the run, so a sweep finds it. */
export function workDirectory(tag: string): string {
  return `${workRoot}/holdfast-${tag}`;
}

/** Starts the dump; its stream ends only after every tool in it exited 0. `onTable` hears which table is being dumped. */
export async function startDump(server: Server, plan: DumpPlan, onTable: (table: string) => void, signal: AbortSignal): Promise<Readable> {
  const request = pinned(server, plan.argv, "pg_dump");
  // The dump keeps the database's own encoding: a SQL_ASCII database may hold bytes that are no UTF-8, and they must survive.
  const env = { ...request.env, PGCLIENTENCODING: "" };
  const process = await execStream(
    server.engine,
    { ...request, env, pieceBytes: 1 << 19, onStderr: (text) => { for (const table of tablesNamed(text)) onTable(table); } },
    signal,
  );
  process.stdin.end();
  return process.stdout;
}

/** Table names in pg_dump's progress lines. For display only: nothing is decided by this text. */
function tablesNamed(text: string): string[] {
  return [...text.matchAll(/dumping contents of table "(.+)"$/gm)].map((match) => (match[1] ?? "").replaceAll('"."', "."));
}

/** Roles, memberships and settings of the whole server, as SQL that psql reads. Passwords only when asked for. */
export async function startRolesDump(server: Server, withPasswords: boolean, signal: AbortSignal): Promise<Readable> {
  const argv = ["pg_dumpall", "--globals-only", "--no-password", "--database", connectionString(server.database), ...(withPasswords ? [] : ["--no-role-passwords"])];
  const process = await execStream(server.engine, pinned(server, argv), signal);
  process.stdin.end();
  return process.stdout;
}

/** The tools take a name with `=` or `://` in it for a connection string, so they always get one (manual, "Connection Strings"). */
export function connectionString(database: string): string {
  return `dbname='${database.replace(/['\\]/g, "\\$&")}'`;
}
