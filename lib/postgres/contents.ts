import "server-only";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { execStream } from "@/lib/docker/exec";
import { count, plural } from "@/lib/format/counts";
import { workDirectory } from "./dump";
import type { StoredArchive } from "./load";
import { sumRows, tableKey, type RowSums, type TableSum, type Taking } from "./row-sums";
import { archiveAsSql, directoryAsSql } from "./scripts";
import { pinned, type Server } from "./server";

export interface ContentDifference {
  what: "contents" | "large_objects";
  name: string;
  expected: string;
  got: string;
}

export interface ContentsCompared {
  /** Empty: every row of the archive is in the database, and none besides, in the very same bytes. */
  differences: ContentDifference[];
  tables: number;
  rows: number;
  largeObjects: number;
}

/**
 * Compares the rows of a stored archive with those of the database it was loaded into, as text, byte by byte: what the archive's own
 * SQL says against what pg_dump says of `server.database`. Both are read at once, through the tools of that container. Tables whose
 * rows stand in the same order are compared as a whole; the others are read a second time, row by row, whatever their order and
 * that of their columns.
 */
export async function compareContents(server: Server, archive: StoredArchive, signal: AbortSignal, onBytes?: (total: number) => void): Promise<ContentsCompared> {
  const [expected, got] = await readBoth(server, archive, () => "block", signal, onBytes);
  const unequal = new Map<string, Taking>();
  for (const [key, one] of withRows(expected, got)) {
    const other = got.tables.get(key);
    if (!isEqual(one, other)) unequal.set(key, one && other && !sameOrder(one, other) ? "fields" : "rows");
  }
  const differences: ContentDifference[] = [];
  if (unequal.size > 0) {
    const [first, second] = await readBoth(server, archive, (table) => unequal.get(tableKey(table)) ?? "none", signal, onBytes);
    for (const key of unequal.keys()) {
      const [one, other] = [first.tables.get(key), second.tables.get(key)];
      if (!isEqual(one, other)) differences.push({ what: "contents", name: nameOf(one ?? other), expected: words(one), got: words(other) });
    }
  }
  if (expected.largeObjects.sum !== got.largeObjects.sum || expected.largeObjects.count !== got.largeObjects.count) {
    differences.push({ what: "large_objects", name: "contents of large objects", expected: objectWords(expected), got: objectWords(got) });
  }
  const rows = [...expected.tables.values()].reduce((total, table) => total + table.rows, 0);
  return { differences, tables: expected.tables.size, rows, largeObjects: expected.largeObjects.count };
}

/** Tables that one of them has rows of: a dump need not mention an empty table. */
function withRows(expected: RowSums, got: RowSums): [string, TableSum | undefined][] {
  const keys = new Set([...expected.tables.keys(), ...got.tables.keys()]);
  return [...keys].map((key) => [key, expected.tables.get(key)]);
}

function isEqual(one: TableSum | undefined, other: TableSum | undefined): boolean {
  if ((one?.rows ?? 0) === 0 && (other?.rows ?? 0) === 0) return true;
  if (!one || !other || one.rows !== other.rows) return false;
  // Taken as a whole, or row by row, the order of the columns matters; by fields it does not, as long as they are the same.
  if (one.block !== null) return one.block === other.block && sameOrder(one, other);
  return one.sum === other.sum && one.columns.toSorted().join("\0") === other.columns.toSorted().join("\0");
}

function sameOrder(one: TableSum, other: TableSum): boolean {
  return one.columns.join("\0") === other.columns.join("\0");
}

function nameOf(table: TableSum | undefined): string {
  return table ? `${table.schema}.${table.name}` : "";
}

function words(table: TableSum | undefined): string {
  return table ? `${plural(table.rows, "row")}, sum ${(table.sum ?? table.block ?? "").slice(0, 12)}` : "no rows";
}

function objectWords({ largeObjects }: RowSums): string {
  return `${count(largeObjects.count)} with contents, sum ${largeObjects.sum.slice(0, 12)}`;
}

type Take = Parameters<typeof sumRows>[1];

async function readBoth(server: Server, archive: StoredArchive, take: Take, signal: AbortSignal, onBytes?: (total: number) => void): Promise<[RowSums, RowSums]> {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const attempt = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // Whichever fails first says why; the other one ends with it.
      failed.abort(error);
      throw signal.aborted ? signal.reason : failed.signal.reason;
    }
  };
  const totals = [0, 0];
  const heard = (which: 0 | 1) => (total: number) => {
    totals[which] = total;
    onBytes?.((totals[0] ?? 0) + (totals[1] ?? 0));
  };
  return Promise.all([attempt(sumArchive(server, archive, take, both, heard(0))), attempt(sumDatabase(server, take, both, heard(1)))]);
}

/** The dump keeps the database's own encoding, as the backup did. */
async function sumDatabase(server: Server, take: Take, signal: AbortSignal, onBytes: (total: number) => void): Promise<RowSums> {
  const request = pinned(server, ["pg_dump", "--data-only", "--no-password"]);
  const process = await execStream(server.engine, { ...request, env: { ...request.env, PGCLIENTENCODING: "" } }, signal);
  process.stdin.end();
  return sumRows(process.stdout, take, onBytes);
}

async function sumArchive(server: Server, archive: StoredArchive, take: Take, signal: AbortSignal, onBytes: (total: number) => void): Promise<RowSums> {
  const source = await archive.open();
  if (archive.format === "plain") return sumPlain(source, archive.unpack === "gzip", take, signal, onBytes);
  const unpack = archive.unpack === "zstd" ? "zstd" : "none";
  const argv =
    archive.format === "custom"
      ? ["sh", "-c", archiveAsSql, "holdfast-read", unpack]
      : ["sh", "-c", directoryAsSql, "holdfast-read", `${workDirectory(server.tag ?? "read")}-read`];
  const process = await execStream(server.engine, pinned(server, argv, "pg_restore"), signal).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  // The tool's own exit code explains best; a broken pipe on the way in is its consequence.
  const sent = pipeline(source, process.stdin, { signal }).then(() => null, (error: unknown) => error);
  const sums = await sumRows(process.stdout, take, onBytes);
  const problem = await sent;
  if (problem) throw problem;
  return sums;
}

async function sumPlain(source: Readable, isPacked: boolean, take: Take, signal: AbortSignal, onBytes: (total: number) => void): Promise<RowSums> {
  let sums: Promise<RowSums> | undefined;
  const read = async (text: AsyncIterable<Buffer>) => {
    sums = sumRows(text as Readable, take, onBytes);
    await sums;
  };
  if (isPacked) await pipeline(source, createGunzip({ chunkSize: 1 << 18 }), read, { signal });
  else await pipeline(source, read, { signal });
  if (!sums) throw new Error("the file was not read");
  return sums;
}
