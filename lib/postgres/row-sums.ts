import { createHash, hash, type Hash } from "node:crypto";
import type { Readable } from "node:stream";
import { readCopyHeader, SqlScanner, type SqlEvents } from "./sql-scanner";

export interface TableSum {
  schema: string;
  name: string;
  /** As the dump lists them. */
  columns: string[];
  rows: number;
  /** SHA-256 of all rows in their order; null where rows were taken one by one. */
  block: string | null;
  /** The sum of the rows' hashes, whatever their order; null where they were taken in one. */
  sum: string | null;
}

export interface RowSums {
  /** By `tableKey`. A table without rows may have no entry: the dump may not mention it. */
  tables: Map<string, TableSum>;
  largeObjects: { count: number; sum: string };
}

/**
 * How the rows of a table are taken. `block`: all in one, which is fast and sees their order. `rows`: one by one, their order does not
 * matter. `fields`: besides, the order of the columns does not matter.
 */
export type Taking = "block" | "rows" | "fields" | "none";

export function tableKey(table: { schema: string; name: string }): string {
  return JSON.stringify([table.schema, table.name]);
}

/**
 * Reads SQL as pg_dump and pg_restore write it and returns what stands in it, table by table, as hashes: rows as the bytes of their
 * text, so that the same text in another encoding differs; large objects as their contents by OID. Memory does not grow with
 * the data, however long a row is. Throws when the text ends inside rows.
 */
export async function sumRows(source: Readable, take: (table: { schema: string; name: string; columns: string[] }) => Taking, onBytes?: (total: number) => void): Promise<RowSums> {
  const collector = new Collector(take);
  const scanner = new SqlScanner(collector);
  let total = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    scanner.push(chunk);
    onBytes?.((total += chunk.length));
  }
  scanner.finish();
  return collector.result();
}

/** A sum of hashes in which the order of its parts does not matter and every repetition counts: four lanes of 32 bits of a SHA-256. */
class LaneSum {
  readonly #lanes = new Uint32Array(4);

  add(digest: Buffer): void {
    for (let lane = 0; lane < 4; lane += 1) this.#lanes[lane] = ((this.#lanes[lane] ?? 0) + digest.readUInt32LE(lane * 4)) >>> 0;
  }

  read(): string {
    return [...this.#lanes].map((lane) => lane.toString(16).padStart(8, "0")).join("");
  }
}

interface Taker {
  piece(chunk: Buffer, start: number, end: number, isEnd: boolean): void;
  result(): { rows: number; block: string | null; sum: string | null };
}

class BlockTaker implements Taker {
  readonly #hash = createHash("sha256");
  #rows = 0;

  piece(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    // With the line's end, which stands behind it in the same chunk.
    this.#hash.update(chunk.subarray(start, isEnd ? end + 1 : end));
    if (isEnd) this.#rows += 1;
  }

  result() {
    return { rows: this.#rows, block: this.#hash.digest("hex"), sum: null };
  }
}

class RowTaker implements Taker {
  readonly #sum = new LaneSum();
  #rows = 0;
  #open: Hash | null = null;

  piece(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    const part = chunk.subarray(start, end);
    if (isEnd && this.#open === null) this.#sum.add(hash("sha256", part, "buffer"));
    else {
      this.#open ??= createHash("sha256");
      this.#open.update(part);
      if (isEnd) {
        this.#sum.add(this.#open.digest());
        this.#open = null;
      }
    }
    if (isEnd) this.#rows += 1;
  }

  result() {
    return { rows: this.#rows, block: null, sum: this.#sum.read() };
  }
}

const tab = 0x09;

/** Hashes each field, then the hashes in the order of the columns' names. A tab inside a value is written `\t`, so a tab parts fields. */
class FieldTaker implements Taker {
  readonly #sum = new LaneSum();
  readonly #order: number[];
  #rows = 0;
  #field = createHash("sha256");
  #fields: Buffer[] = [];

  constructor(columns: readonly string[]) {
    const byName = (a: number, b: number) => ((columns[a] ?? "") < (columns[b] ?? "") ? -1 : 1);
    this.#order = columns.map((_, index) => index).sort(byName);
  }

  piece(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    let from = start;
    for (let at = chunk.indexOf(tab, from); at >= 0 && at < end; at = chunk.indexOf(tab, from)) {
      this.#field.update(chunk.subarray(from, at));
      this.#endField();
      from = at + 1;
    }
    this.#field.update(chunk.subarray(from, end));
    if (!isEnd) return;
    this.#endField();
    const row = createHash("sha256");
    for (const index of this.#order) row.update(this.#fields[index] ?? "");
    // One field too many must not go unseen.
    row.update(String(this.#fields.length));
    this.#sum.add(row.digest());
    this.#fields = [];
    this.#rows += 1;
  }

  #endField(): void {
    this.#fields.push(this.#field.digest());
    this.#field = createHash("sha256");
  }

  result() {
    return { rows: this.#rows, block: null, sum: this.#sum.read() };
  }
}

class Collector implements SqlEvents {
  readonly #tables = new Map<string, TableSum>();
  readonly #objects = new LaneSum();
  #objectCount = 0;
  #isUtf8 = true;
  #table: Omit<TableSum, "rows" | "block" | "sum"> | null = null;
  #taker: Taker | null = null;
  #object: Hash | null = null;

  constructor(private readonly take: (table: { schema: string; name: string; columns: string[] }) => Taking) {}

  copyStart(header: string): void {
    const read = readCopyHeader(header);
    if (!read) throw new Error("the dump names a table in a way that cannot be read");
    const table = { schema: this.#text(read.schema), name: this.#text(read.name), columns: read.columns.map((column) => this.#text(column)) };
    const taking = this.take(table);
    this.#table = taking === "none" ? null : table;
    this.#taker = taking === "none" ? null : taking === "block" ? new BlockTaker() : taking === "rows" ? new RowTaker() : new FieldTaker(table.columns);
  }

  copyPiece(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#taker?.piece(chunk, start, end, isEnd);
  }

  copyEnd(): void {
    if (this.#table && this.#taker) {
      if (this.#tables.has(tableKey(this.#table))) throw new Error(`the dump has the rows of ${this.#table.schema}.${this.#table.name} twice`);
      this.#tables.set(tableKey(this.#table), { ...this.#table, ...this.#taker.result() });
    }
    this.#table = null;
    this.#taker = null;
  }

  statement(text: string): void {
    const encoding = /^SET client_encoding = '([^']+)'$/.exec(text)?.[1];
    if (encoding) this.#isUtf8 = encoding === "UTF8";
    if (!text.startsWith("SELECT pg_catalog.lo")) return;
    const opened = /^SELECT pg_catalog\.lo_open\((?:pg_catalog\.lo_create\()?'(\d+)'/.exec(text)?.[1];
    if (opened) this.#object = createHash("sha256").update(`${opened}\n`);
    // However the contents were parted into writes, the object is the same.
    else if (text.startsWith("SELECT pg_catalog.lowrite(")) this.#object?.update(/'\\*x([0-9a-fA-F]*)'/.exec(text)?.[1] ?? text);
    else if (text.startsWith("SELECT pg_catalog.lo_close(") && this.#object) {
      this.#objects.add(this.#object.digest());
      this.#objectCount += 1;
      this.#object = null;
    }
  }

  result(): RowSums {
    return { tables: this.#tables, largeObjects: { count: this.#objectCount, sum: this.#objects.read() } };
  }

  /** Names were read byte by byte; in a UTF-8 dump they are what the catalogue calls them. */
  #text(name: string): string {
    return this.#isUtf8 ? Buffer.from(name, "latin1").toString("utf8") : name;
  }
}
