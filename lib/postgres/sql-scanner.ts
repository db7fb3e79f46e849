const newline = 0x0a;
const longestKept = 1 << 20;

export interface SqlEvents {
  /** A whole statement that may matter to the caller, in the bytes of the dump read as Latin-1, without its semicolon. */
  statement(text: string): void;
  /** `COPY … FROM stdin` has begun: rows follow. `header` is what stands between the two words. */
  copyStart(header: string): void;
  /** Part of the rows: pieces of lines, in order, each at most as long as the chunk it came in. `isEnd`: the line ends with it. */
  copyPiece(chunk: Buffer, start: number, end: number, isEnd: boolean): void;
  copyEnd(): void;
}

/**
 * Follows the SQL that pg_dump and pg_restore write, as psql would: where statements end, and where rows begin and end. A line that
 * looks like COPY inside a function's body or a comment is none. Keeps a line of SQL at most, and never a row.
 */
export class SqlScanner {
  #copying = false;
  /** Inside a row whose beginning was in an earlier chunk. */
  #inRow = false;
  #carry: Buffer = Buffer.alloc(0);
  #lexer = new Lexer();

  constructor(private readonly events: SqlEvents) {}

  push(piece: Buffer): void {
    const chunk = this.#carry.length > 0 ? Buffer.concat([this.#carry, piece]) : piece;
    this.#carry = Buffer.alloc(0);
    let at = 0;
    while (at < chunk.length) at = this.#copying ? this.#rows(chunk, at) : this.#sql(chunk, at);
  }

  /** Throws when the text ended inside rows or inside a statement's quotes. */
  finish(): void {
    if (this.#carry.length > 0) {
      const rest = Buffer.concat([this.#carry, Buffer.from("\n")]);
      this.#carry = Buffer.alloc(0);
      this.push(rest);
    }
    if (this.#copying) throw new Error("the SQL ended inside the rows of a table");
    if (this.#lexer.isInside) throw new Error("the SQL ended inside a quoted text");
  }

  #sql(chunk: Buffer, start: number): number {
    const end = chunk.indexOf(newline, start);
    if (end < 0) {
      this.#carry = Buffer.from(chunk.subarray(start));
      return chunk.length;
    }
    for (const text of this.#lexer.line(chunk.toString("latin1", start, end))) {
      const copy = /^COPY ([^]*) FROM stdin$/.exec(text);
      if (copy?.[1] !== undefined) {
        this.#copying = true;
        this.events.copyStart(copy[1].trim());
      } else this.events.statement(text);
    }
    return end + 1;
  }

  /** Goes through the rows of a chunk up to the line that ends them. */
  #rows(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      const end = chunk.indexOf(newline, at);
      if (end < 0) {
        // Too short to tell a row from the end of the rows: the next chunk decides.
        if (!this.#inRow && chunk.length - at <= 2) this.#carry = Buffer.from(chunk.subarray(at));
        else {
          this.#inRow = true;
          this.events.copyPiece(chunk, at, chunk.length, false);
        }
        return chunk.length;
      }
      // `\.` alone on its line. A row never looks like it: backslashes in values are doubled.
      if (!this.#inRow && end - at === 2 && chunk[at] === 0x5c && chunk[at + 1] === 0x2e) {
        this.#copying = false;
        this.events.copyEnd();
        return end + 1;
      }
      this.#inRow = false;
      this.events.copyPiece(chunk, at, end, true);
      at = end + 1;
    }
    return at;
  }
}

type Inside = null | { quote: "'" | "E" | '"' | "$" | "*"; tag: string };

/** Splits lines of SQL into statements by PostgreSQL's own rules (manual, "Lexical Structure"). */
class Lexer {
  #inside: Inside = null;
  #depth = 0;
  #text = "";
  #isKept = true;

  get isInside(): boolean {
    return this.#inside !== null;
  }

  /** Takes one line and returns the statements that end on it. */
  line(line: string): string[] {
    // psql's own commands: \connect, \restrict.
    if (this.#inside === null && line.startsWith("\\") && this.#text.trim() === "") return [];
    const ended: string[] = [];
    let from = 0;
    let at = 0;
    while (at < line.length) {
      if (this.#inside) at = this.#leave(line, at);
      else if (line.startsWith("--", at)) {
        this.#keep(line.slice(from, at));
        from = line.length;
        at = line.length;
      } else if (line[at] === ";") {
        this.#keep(line.slice(from, at));
        if (this.#isKept && this.#text.trim() !== "") ended.push(this.#text.trim());
        this.#text = "";
        this.#isKept = true;
        at += 1;
        from = at;
      } else at = this.#enter(line, at);
    }
    this.#keep(`${line.slice(from)}\n`);
    return ended;
  }

  #keep(text: string): void {
    if (!this.#isKept) return;
    if (this.#text.length + text.length > longestKept) {
      this.#isKept = false;
      this.#text = "-";
    } else this.#text += text;
  }

  /** Looks whether something quoted begins at `at`; returns where to go on. */
  #enter(line: string, at: number): number {
    const character = line[at];
    if (character === "'") {
      const isEscape = /(?:^|[^A-Za-z0-9_$\x80-\xff])[eE]$/.test(line.slice(Math.max(0, at - 2), at));
      this.#inside = { quote: isEscape ? "E" : "'", tag: "" };
    } else if (character === '"') this.#inside = { quote: '"', tag: "" };
    else if (line.startsWith("/*", at)) {
      this.#inside = { quote: "*", tag: "" };
      this.#depth = 1;
      return at + 2;
    } else if (character === "$" && !/[A-Za-z0-9_$\x80-\xff]/.test(line[at - 1] ?? "")) {
      const tag = /^\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$/.exec(line.slice(at, at + 130))?.[0];
      if (tag) {
        this.#inside = { quote: "$", tag };
        return at + tag.length;
      }
    }
    return at + 1;
  }

  /** Looks for the end of what is quoted; returns where to go on. A doubled quote leaves and enters again. */
  #leave(line: string, at: number): number {
    const { quote, tag } = this.#inside ?? { quote: "'", tag: "" };
    if (quote === "*") return this.#leaveComment(line, at);
    if (quote === "E") {
      for (let here = at; here < line.length; here += 1) {
        if (line[here] === "\\") here += 1;
        // Still an escape string behind a doubled quote.
        else if (line[here] === "'" && line[here + 1] === "'") here += 1;
        else if (line[here] === "'") {
          this.#inside = null;
          return here + 1;
        }
      }
      return line.length;
    }
    const mark = quote === "$" ? tag : quote;
    const end = line.indexOf(mark, at);
    if (end < 0) return line.length;
    this.#inside = null;
    return end + mark.length;
  }

  #leaveComment(line: string, at: number): number {
    for (let here = at; here < line.length; here += 1) {
      if (line.startsWith("/*", here)) {
        this.#depth += 1;
        here += 1;
      } else if (line.startsWith("*/", here)) {
        this.#depth -= 1;
        here += 1;
        if (this.#depth === 0) {
          this.#inside = null;
          return here + 1;
        }
      }
    }
    return line.length;
  }
}

/** Reads `schema.name (column, "other column")` or its first part; null for what is no such list of names. */
export function readCopyHeader(header: string): { schema: string; name: string; columns: string[] } | null {
  const name = `(?:"(?:[^"]|"")*"|[^\\s".,()]+)`;
  const match = new RegExp(`^(${name})\\.(${name})(?:\\s*\\(([^]*)\\))?$`).exec(header);
  if (!match?.[1] || !match[2]) return null;
  const columns = [...(match[3] ?? "").matchAll(new RegExp(name, "g"))].map(([column]) => unquoted(column));
  return { schema: unquoted(match[1]), name: unquoted(match[2]), columns };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
