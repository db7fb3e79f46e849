import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import { backupErrors } from "./errors";

export interface PlainFacts {
  /** Rows of each COPY block, by the table's name as the file writes it: `public.price_items`. */
  rows: Map<string, number>;
  /** Values of setval calls, by sequence. */
  sequences: Map<string, string>;
  sqlBytes: number;
}

/** A table without columns has two spaces there; a quoted name may hold anything, brackets and line breaks too. */
const copyStart = /^COPY ((?:"(?:[^"]|"")*"|[^\s"(])+) +(?:\(.*\) )?FROM stdin;$/s;
const setval = /^SELECT pg_catalog\.setval\('((?:[^']|'')+)', (-?\d+), (true|false)\);$/s;
const endMark = "-- PostgreSQL database dump complete";
/** pg_dumpall writes pg_dump's mark after each database and its own after the last. */
const clusterStart = "-- PostgreSQL database cluster dump";
const clusterEndMark = "-- PostgreSQL database cluster dump complete";
/** What may follow an end mark: comments, and the command that lifts psql's restriction. */
const saysNothing = /^\s*(?:--|\\unrestrict\b|$)/;
const newline = 0x0a;
const longestStatement = 1 << 16;

/**
 * Reads a plain dump to its last byte: gzip whole, every COPY closed, and the dump's own end mark after the last statement. A file that
 * only unpacks is not enough: one cut at 60 % and compressed anew passes `gzip -t`. Throws `backup.not_gzip`, `backup.truncated`.
 */
export async function readPlain(source: Readable, packing: "gzip" | "none", signal?: AbortSignal): Promise<PlainFacts> {
  const scanner = new PlainScanner();
  const sink = new Writable({
    highWaterMark: 1 << 20,
    write(chunk: Buffer, _encoding, done) {
      scanner.push(chunk);
      done();
    },
  });
  const options = signal ? { signal } : {};
  try {
    if (packing === "gzip") await pipeline(source, createGunzip({ chunkSize: 1 << 18 }), sink, options);
    else await pipeline(source, sink, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) throw backupErrors.not_gzip({ sqlBytes: scanner.bytes }, { cause: error });
    throw error;
  }
  return scanner.finish(packing === "gzip");
}

/** Follows lines without keeping them: rows of a COPY may be hundreds of megabytes long. */
class PlainScanner {
  bytes = 0;
  readonly #rows = new Map<string, number>();
  readonly #sequences = new Map<string, string>();
  #table: string | null = null;
  #count = 0;
  #line: Buffer[] = [];
  #lineBytes = 0;
  #complete = false;
  #isCluster = false;
  #hasStatements = false;
  /** A statement whose line ended inside a quoted name. */
  #open = "";

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(newline, start); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#endLine(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  finish(isGzip: boolean): PlainFacts {
    if (this.#lineBytes > 0) this.#endLine(Buffer.alloc(0), 0, 0);
    if (this.#table !== null) throw backupErrors.truncated({ where: `in the rows of ${this.#table}`, sqlBytes: this.bytes, isGzip });
    if (!this.#complete) throw backupErrors.truncated({ where: this.#isCluster ? "before pg_dumpall's end mark" : "before pg_dump's end mark", sqlBytes: this.bytes, isGzip });
    return { rows: this.#rows, sequences: this.#sequences, sqlBytes: this.bytes };
  }

  #keep(part: Buffer): void {
    this.#lineBytes += part.length;
    if (this.#lineBytes <= longestStatement) this.#line.push(Buffer.from(part));
  }

  #endLine(chunk: Buffer, start: number, end: number): void {
    const length = this.#lineBytes + (end - start);
    if (this.#table !== null) {
      // Inside COPY only one line matters: a lone \. closes it. Data never looks like it, pg_dump escapes backslashes.
      if (length === 2 && this.#text(chunk, start, end) === "\\.") {
        this.#rows.set(this.#table, (this.#rows.get(this.#table) ?? 0) + this.#count);
        this.#table = null;
      } else this.#count += 1;
    } else if (length > longestStatement) this.#complete = false;
    else if (length > 0 || this.#open !== "") this.#statement(this.#text(chunk, start, end));
    if (this.#lineBytes > 0) {
      this.#line = [];
      this.#lineBytes = 0;
    }
  }

  #text(chunk: Buffer, start: number, end: number): string {
    if (this.#lineBytes === 0) return chunk.toString("utf8", start, end);
    return Buffer.concat([...this.#line, chunk.subarray(start, end)]).toString("utf8");
  }

  #statement(line: string): void {
    if (!saysNothing.test(line)) {
      this.#complete = false;
      this.#hasStatements = true;
    }
    const text = this.#open + line;
    const isOurs = text.startsWith("COPY ") || text.startsWith("SELECT pg_catalog.setval(");
    if (isOurs && text.split('"').length % 2 === 0 && text.length <= longestStatement) {
      this.#open = `${text}\n`;
      return;
    }
    this.#open = "";
    if (text.startsWith("COPY ")) {
      const name = copyStart.exec(text)?.[1];
      if (name) {
        this.#table = name;
        this.#count = 0;
      }
    } else if (text.startsWith("SELECT pg_catalog.setval(")) {
      const match = setval.exec(text);
      if (match?.[1] && match[2]) this.#sequences.set(match[1].replaceAll("''", "'"), match[2]);
    } else this.#comment(text.trimEnd());
  }

  #comment(text: string): void {
    // Only at the very start: later on it may stand in the body of a function.
    if (text === clusterStart && !this.#hasStatements) this.#isCluster = true;
    else if (text === (this.#isCluster ? clusterEndMark : endMark)) this.#complete = true;
  }
}
