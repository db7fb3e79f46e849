import { Transform, type TransformCallback } from "node:stream";
import { unquoteIdentifier } from "./identifiers";
import { tableName, type TableRef } from "./schemas";

/**
 * What of a plain dump is let through. `definitions`: everything before the rows, and keys and foreign keys; `rows`: the settings at the
 * top and the rows of these tables, nothing else, so that psql may stop at the first error.
 */
export type PlainPart = { part: "definitions" } | { part: "rows"; tables: readonly TableRef[] };

/** Kinds of entries that do not define what rows need to be loaded. */
const notDefinitions = new Set([
  "TABLE DATA", "SEQUENCE SET", "INDEX", "TRIGGER", "RULE", "EVENT TRIGGER", "POLICY", "ROW SECURITY", "MATERIALIZED VIEW DATA", "STATISTICS", "STATISTICS DATA",
  "BLOB", "BLOBS", "BLOB METADATA", "BLOB COMMENTS", "LARGE OBJECT", "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "SUBSCRIPTION", "SUBSCRIPTION TABLE",
  "ACL", "DEFAULT ACL", "COMMENT", "SECURITY LABEL",
]);

const newline = 0x0a;
/** No line that matters is longer; rows may be hundreds of megabytes. */
const longestKept = 1 << 16;
const entryLine = /^-- (?:Data for )?Name: .*; Type: ([A-Z ]+); Schema: .*; Owner: /s;
const copyStatement = /^COPY ((?:"(?:[^"]|"")*"|[^".\s(]+))\.((?:"(?:[^"]|"")*"|[^".\s(]+))(?: \(.*\))? FROM stdin;$/s;

/**
 * Lets parts of a plain dump through, as pg_dump writes it: entries under a comment that names them, rows between COPY and a lone \.
 * Bytes are not decoded on their way, so any encoding survives, and lines are not kept, however long.
 */
export class PlainFilter extends Transform {
  #line: Buffer[] = [];
  #lineBytes = 0;
  /** Part of a line that is too long to keep was let through, or left out, already. */
  #isLong = false;
  #out: Buffer[] = [];
  /** Null before the first entry: the settings at the top. */
  #type: string | null = null;
  #afterComment = false;
  #statement: string[] = [];
  #copying: { wanted: boolean } | null = null;
  readonly #found = new Set<string>();

  constructor(private readonly wants: PlainPart) {
    super({ readableHighWaterMark: 1 << 18, writableHighWaterMark: 1 << 18 });
  }

  /** Tables whose rows never came: this dump does not hold them. */
  missing(): string[] {
    return this.wants.part === "rows" ? this.wants.tables.filter((table) => !this.#found.has(keyOf(table))).map(tableName) : [];
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let end = chunk.indexOf(newline, start); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#endLine(chunk.subarray(start, end + 1));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    this.#flushOut();
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#lineBytes > 0) this.#endLine(Buffer.alloc(0));
    this.#flushOut();
    done();
  }

  #flushOut(): void {
    if (this.#out.length > 0) this.push(Buffer.concat(this.#out));
    this.#out = [];
  }

  #keep(part: Buffer): void {
    this.#lineBytes += part.length;
    this.#line.push(part);
    if (this.#lineBytes <= longestKept) return;
    // Only a row, or a line inside a definition, is that long; neither is ever read.
    if (this.#passes()) this.#out.push(...this.#line);
    this.#line = [];
    this.#isLong = true;
  }

  #endLine(part: Buffer): void {
    const line = this.#lineBytes === 0 ? part : Buffer.concat([...this.#line, part]);
    const wasLong = this.#isLong;
    this.#line = [];
    this.#lineBytes = 0;
    this.#isLong = false;
    if (wasLong) {
      if (this.#passes()) this.#out.push(line);
      return;
    }
    if (this.#copying) {
      if (this.#copying.wanted) this.#out.push(line);
      if (line.length <= 3 && line.toString("latin1").trimEnd() === "\\.") this.#copying = null;
      return;
    }
    this.#readLine(line);
  }

  #readLine(line: Buffer): void {
    const text = line.toString("utf8").replace(/\r?\n$/, "");
    if (text.startsWith("--")) {
      const type = this.#afterComment ? entryLine.exec(text)?.[1] : undefined;
      if (type) {
        this.#type = type;
        this.#statement = [];
      }
      this.#afterComment = true;
      if (this.#passes()) this.#out.push(line);
      return;
    }
    this.#afterComment = false;
    if (this.#type === "TABLE DATA") this.#readCopy(text, line);
    else if (this.#passes()) this.#out.push(line);
  }

  /** A name with a line break in it parts the statement into several lines. */
  #readCopy(text: string, line: Buffer): void {
    if (this.#statement.length === 0 && !text.startsWith("COPY ")) return;
    this.#statement.push(text);
    if (!text.endsWith(" FROM stdin;")) return;
    const [, schema = "", name = ""] = copyStatement.exec(this.#statement.join("\n")) ?? [];
    const key = keyOf({ schema: unquoteIdentifier(schema), name: unquoteIdentifier(name) });
    const wanted = this.wants.part === "rows" && this.wants.tables.some((table) => keyOf(table) === key);
    if (wanted) {
      this.#found.add(key);
      this.#out.push(Buffer.from(`${this.#statement.slice(0, -1).map((one) => `${one}\n`).join("")}`), line);
    }
    this.#statement = [];
    this.#copying = { wanted };
  }

  #passes(): boolean {
    if (this.#copying) return this.#copying.wanted;
    if (this.#type === null) return true;
    return this.wants.part === "definitions" && !notDefinitions.has(this.#type);
  }
}

function keyOf({ schema, name }: TableRef): string {
  return JSON.stringify([schema, name]);
}
