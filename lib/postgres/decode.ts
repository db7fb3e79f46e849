import "server-only";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import readline from "node:readline";
import { execStream } from "@/lib/docker/exec";
import { workDirectory } from "./dump";
import { decodeCustom, decodeDirectory } from "./scripts";
import { pinned, type Server } from "./server";

export interface Decoded {
  /** Values by qualified name as the archive writes it: `public.orders_id_seq` → `42`. */
  sequences: Map<string, string>;
}

/**
 * Sends a stored archive through the PostgreSQL tool of `server`'s own container, to its last byte, and throws when any tool
 * on the way fails. `pg_restore --list` would not do: it reads the table of contents and never the rows.
 */
export async function decodeArchive(
  server: Server,
  archive: { format: "custom" | "directory"; packing: "zstd" | "none"; source: Readable },
  signal: AbortSignal,
): Promise<Decoded> {
  const argv =
    archive.format === "custom"
      ? ["sh", "-c", decodeCustom, "holdfast-decode", archive.packing]
      : ["sh", "-c", decodeDirectory, "holdfast-decode", workDirectory(server.tag ?? "decode")];
  const process = await execStream(server.engine, pinned(server, argv, "pg_restore"), signal);
  const sequences = new Map<string, string>();
  // The tool's own exit code explains best; a broken pipe on the way in is its consequence.
  const sent = pipeline(archive.source, process.stdin, { signal }).catch((error: unknown) => error);
  for await (const line of readline.createInterface({ input: process.stdout, crlfDelay: Infinity })) {
    const match = /^SELECT pg_catalog\.setval\('((?:[^']|'')+)', (-?\d+), (true|false)\);$/.exec(line);
    if (match?.[1] && match[2]) sequences.set(match[1].replaceAll("''", "'"), match[2]);
  }
  const problem = await sent;
  if (problem) throw problem;
  return { sequences };
}
