/** A piece of an SQL script, in order; all pieces together are the script, byte for byte. */
export type Piece =
  /** White space and comments before a statement. */
  | { type: "space"; bytes: Buffer }
  /** A whole statement with its semicolon. */
  | { type: "statement"; bytes: Buffer; line: number }
  /** A part of a statement that is too long to be held; `isFirst` marks its beginning. */
  | { type: "part"; bytes: Buffer; line: number; isFirst: boolean }
  /** A command of psql: a backslash outside of quotes, to the end of its line. */
  | { type: "command"; bytes: Buffer; line: number }
  /** Rows of a COPY, and the line that closes them. */
  | { type: "data"; bytes: Buffer };

/** A statement that is longer is passed on in parts. Nothing that matters here is nearly as long. */
const longestStatement = 1 << 18;

const code = { newline: 10, return: 13, tab: 9, space: 32, quote: 39, double: 34, dollar: 36, dash: 45, slash: 47, star: 42, semicolon: 59, backslash: 92, dot: 46 } as const;
const copyFromStdin = /^COPY\s[\s\S]*\sFROM\s+STDIN\b[^;]*;$/i;

type State = "start" | "body" | "quote" | "escaped" | "name" | "dollar" | "line_comment" | "block_comment" | "command" | "rest_of_line" | "copy";

/**
 * Splits a script as psql would (manual page psql; "Lexical Structure"), as it comes in chunks: quotes, dollar quotes, comments and the
 * rows of COPY are followed, so that words inside them are not taken for statements. It is no defence: a script can
 * be written to mislead it.
 */
export class SqlSplitter {
  /** Line of the script, from 1. */
  line = 1;
  #state: State = "start";
  /** Where a comment returns to. */
  #outer: "start" | "body" = "start";
  #depth = 0;
  #tag: Buffer = Buffer.alloc(0);
  #held: Buffer[] = [];
  #heldBytes = 0;
  #firstLine = 1;
  #isLong = false;
  #lineBytes = 0;
  #lineStart = Buffer.alloc(0);
  #rest = Buffer.alloc(0);

  /** Whether the script ended between two statements. */
  get isBetween(): boolean {
    return this.#state === "start" || (this.#state === "line_comment" && this.#outer === "start") || this.#state === "rest_of_line";
  }

  /** Where an unfinished script ended. */
  get where(): string {
    return this.#state === "copy" ? "in the rows of a table" : "inside a statement";
  }

  *push(chunk: Buffer): Generator<Piece> {
    // Up to three bytes are looked at together, so the end of a chunk waits for the next.
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = Math.max(0, all.length - 2);
    this.#rest = Buffer.from(all.subarray(end));
    yield* this.#split(all, end, false);
  }

  *finish(): Generator<Piece> {
    const all = Buffer.concat([this.#rest, Buffer.from("\n\n")]);
    const end = this.#rest.length;
    this.#rest = Buffer.alloc(0);
    yield* this.#split(all, end, true);
    if (this.#heldBytes > 0) yield this.#state === "command" ? { type: "command", bytes: this.#drop(), line: this.line } : this.#take();
  }

  *#split(all: Buffer, end: number, isLast: boolean): Generator<Piece> {
    let from = 0;
    let at = 0;
    const hold = (to: number) => {
      if (to > from) {
        this.#held.push(Buffer.from(all.subarray(from, to)));
        this.#heldBytes += to - from;
      }
      from = to;
    };
    while (at < end) {
      const byte = all[at] ?? 0;
      const next = all[at + 1] ?? 0;
      if (byte === code.newline && this.#state !== "copy") this.line += 1;
      switch (this.#state) {
        case "start":
          if (byte === code.dash && next === code.dash) this.#enter("line_comment", "start");
          else if (byte === code.slash && next === code.star) {
            this.#enter("block_comment", "start");
            at += 1;
          } else if (byte > code.space) {
            hold(at);
            if (this.#heldBytes > 0) yield this.#take();
            this.#firstLine = this.line;
            this.#state = byte === code.backslash ? "command" : "body";
            if (byte !== code.backslash) continue;
          }
          at += 1;
          break;
        case "body":
          if (byte === code.semicolon) {
            hold(at + 1);
            const piece = this.#take();
            yield piece;
            this.#state = piece.type === "statement" && isCopy(piece.bytes) ? "rest_of_line" : "start";
          } else if (byte === code.quote) this.#state = isEscapeString(all, at, this.#held.at(-1), from) ? "escaped" : "quote";
          else if (byte === code.double) this.#state = "name";
          else if (byte === code.dollar) {
            const tag = dollarTag(all, at);
            if (!tag && !isLast && /^\$[\w\x80-\xff]{0,70}$/.test(all.subarray(at, at + 72).toString("latin1"))) {
              // Cut by the end of the chunk: it waits for the next.
              hold(at);
              this.#rest = Buffer.from(all.subarray(at));
              return yield* this.#flushLong();
            }
            if (tag) {
              this.#tag = tag;
              this.#state = "dollar";
              at += tag.length - 1;
            }
          } else if (byte === code.dash && next === code.dash) this.#enter("line_comment", "body");
          else if (byte === code.slash && next === code.star) {
            this.#enter("block_comment", "body");
            at += 1;
          } else if (byte === code.backslash) {
            // psql runs a command in the middle of a statement too.
            hold(at);
            if (this.#heldBytes > 0) yield this.#take(true);
            this.#state = "command";
          }
          at += 1;
          break;
        case "quote":
        case "name":
          if (byte === (this.#state === "quote" ? code.quote : code.double)) this.#state = "body";
          at += 1;
          break;
        case "escaped":
          if (byte === code.backslash) at += 1;
          else if (byte === code.quote) this.#state = "body";
          at += 1;
          break;
        case "dollar":
          if (byte === code.dollar && at + this.#tag.length <= all.length && all.compare(this.#tag, 0, this.#tag.length, at, at + this.#tag.length) === 0) {
            at += this.#tag.length;
            this.#state = "body";
          } else if (byte === code.dollar && at + this.#tag.length > all.length && !isLast) {
            hold(at);
            this.#rest = Buffer.from(all.subarray(at));
            return yield* this.#flushLong();
          } else at += 1;
          break;
        case "line_comment":
          if (byte === code.newline) this.#state = this.#outer;
          at += 1;
          break;
        case "block_comment":
          if (byte === code.star && next === code.slash) {
            this.#depth -= 1;
            at += 1;
            if (this.#depth === 0) this.#state = this.#outer;
          } else if (byte === code.slash && next === code.star) {
            this.#depth += 1;
            at += 1;
          }
          at += 1;
          break;
        case "command":
          at += 1;
          if (byte === code.newline) {
            hold(at);
            yield { type: "command", bytes: this.#drop(), line: this.line - 1 };
            this.#state = "start";
          }
          break;
        case "rest_of_line":
          at += 1;
          if (byte === code.newline) {
            hold(at);
            yield { type: "space", bytes: this.#drop() };
            this.#lineBytes = 0;
            this.#lineStart = Buffer.alloc(0);
            this.#state = "copy";
          }
          break;
        case "copy": {
          const found = all.indexOf(code.newline, at);
          const stop = found < 0 || found >= end ? end : found + 1;
          // Nearly every line is whole and does not begin like the end mark.
          if (this.#lineBytes < 4 && (this.#lineBytes > 0 || byte === code.backslash || stop - at < 4)) this.#lineStart = Buffer.concat([this.#lineStart, all.subarray(at, Math.min(stop, at + 4))]);
          this.#lineBytes += stop - at;
          at = stop;
          if (found >= 0 && found < end) {
            this.line += 1;
            if (this.#lineBytes <= 4 && /^\\\.\r?\n/.test(this.#lineStart.toString("latin1"))) {
              yield { type: "data", bytes: Buffer.from(all.subarray(from, at)) };
              from = at;
              this.#state = "start";
            }
            this.#lineBytes = 0;
            if (this.#lineStart.length > 0) this.#lineStart = Buffer.alloc(0);
          }
          break;
        }
      }
    }
    if (this.#state === "copy") {
      if (end > from) yield { type: "data", bytes: Buffer.from(all.subarray(from, end)) };
      return;
    }
    // A look ahead may have gone past the end.
    if (!isLast) this.#rest = Buffer.from(all.subarray(at));
    hold(isLast ? end : at);
    yield* this.#flushLong();
  }

  #enter(state: "line_comment" | "block_comment", outer: "start" | "body"): void {
    this.#state = state;
    this.#outer = outer;
    this.#depth = 1;
  }

  /** What is held, as the piece that the present state makes of it. */
  #take(isCut = false): Piece {
    const isFirst = !this.#isLong;
    const bytes = this.#drop();
    if (this.#state === "start" || (this.#outer === "start" && this.#state.endsWith("comment"))) return { type: "space", bytes };
    this.#isLong = false;
    if (isFirst && !isCut) return { type: "statement", bytes, line: this.#firstLine };
    return { type: "part", bytes, line: this.#firstLine, isFirst };
  }

  #drop(): Buffer {
    const bytes = this.#held.length === 1 ? (this.#held[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }

  *#flushLong(): Generator<Piece> {
    if (this.#heldBytes <= longestStatement) return;
    const isFirst = !this.#isLong;
    const isSpace = this.#state === "start" || (this.#outer === "start" && this.#state.endsWith("comment"));
    const bytes = this.#drop();
    if (isSpace) return yield { type: "space", bytes };
    if (this.#state === "command") return yield { type: "command", bytes, line: this.line };
    this.#isLong = true;
    yield { type: "part", bytes, line: this.#firstLine, isFirst };
  }
}

function isCopy(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4).toString("latin1");
  return /^copy/i.test(head) && copyFromStdin.test(bytes.toString("latin1"));
}

/** `E'…'`: a backslash escapes. The letter stands alone, not at the end of a word. */
function isEscapeString(all: Buffer, at: number, held: Buffer | undefined, from: number): boolean {
  const byteAt = (index: number) => (index >= from ? all[index] : held?.at(index - from)) ?? 0;
  const letter = byteAt(at - 1);
  if (letter !== 69 && letter !== 101) return false;
  return !/[\w$\x80-\xff]/.test(String.fromCharCode(byteAt(at - 2)));
}

/** `$$` or `$word$` at this place; null for a parameter such as `$1`, or a dollar within a name. */
function dollarTag(all: Buffer, at: number): Buffer | null {
  const before = at > 0 ? String.fromCharCode(all[at - 1] ?? 0) : " ";
  if (/[\w$\x80-\xff]/.test(before)) return null;
  const match = /^\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$/.exec(all.subarray(at, at + 70).toString("latin1"));
  return match ? Buffer.from(match[0], "latin1") : null;
}
