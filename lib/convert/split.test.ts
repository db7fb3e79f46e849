import { describe, expect, it } from "vitest";
import { SqlSplitter, type Piece } from "./split";

function split(script: string | Buffer, size = 1 << 20): { pieces: Piece[]; splitter: SqlSplitter } {
  const splitter = new SqlSplitter();
  const bytes = Buffer.from(script);
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(...splitter.push(bytes.subarray(at, at + size)));
  pieces.push(...splitter.finish());
  return { pieces, splitter };
}

const texts = (pieces: readonly Piece[], type: Piece["type"]) => {
  const found: string[] = [];
  let isGrowing = false;
  for (const piece of pieces) {
    if (piece.type === type && type === "data" && isGrowing) found[found.length - 1] += piece.bytes.toString();
    else if (piece.type === type) found.push(piece.bytes.toString());
    isGrowing = piece.type === "data";
  }
  return found;
};

const script = `-- a comment; with a semicolon
SET client_encoding = 'UTF8'; SELECT 'it''s; fine', E'a\\';b', "we;""ird", $1;
/* outer /* inner; */ still; */ CREATE FUNCTION f() RETURNS void AS $body$ BEGIN; $$ x $$; END $body$ LANGUAGE sql;
COPY public.t (id, "na;me") FROM stdin;
1	a;b -- no comment
2	\\\\.
\\.
COPY public.empty (id) FROM stdin;
\\.
\\connect other
SELECT 'text
\\! not a command
';
SELECT 2 \\g
SELECT 1`;

describe("SqlSplitter", () => {
  it.each([1, 2, 3, 5, 7, 64, 1 << 20])("splits as psql would, in chunks of %i bytes", (size) => {
    const { pieces, splitter } = split(script, size);
    expect(Buffer.concat(pieces.map((piece) => piece.bytes)).toString()).toBe(script);
    expect(texts(pieces, "statement")).toEqual([
      "SET client_encoding = 'UTF8';",
      `SELECT 'it''s; fine', E'a\\';b', "we;""ird", $1;`,
      "CREATE FUNCTION f() RETURNS void AS $body$ BEGIN; $$ x $$; END $body$ LANGUAGE sql;",
      `COPY public.t (id, "na;me") FROM stdin;`,
      "COPY public.empty (id) FROM stdin;",
      "SELECT 'text\n\\! not a command\n';",
      "SELECT 1",
    ]);
    expect(texts(pieces, "data")).toEqual(["1\ta;b -- no comment\n2\t\\\\.\n\\.\n", "\\.\n"]);
    expect(texts(pieces, "command")).toEqual(["\\connect other\n", "\\g\n"]);
    expect(pieces.flatMap((piece) => (piece.type === "command" || piece.type === "statement" ? [piece.line] : []))).toEqual([2, 2, 3, 4, 8, 10, 11, 14, 15]);
    expect(splitter.isBetween).toBe(false);
  });

  it.each([
    ["SELECT 1;\n-- end", true],
    ["SELECT 'a;", false],
    ["COPY t FROM stdin;\n1\n", false],
    ["SELECT $a$ ; $b$;", false],
    ["", true],
  ])("knows whether %j ends between two statements", (text, between) => {
    expect(split(text, 3).splitter.isBetween).toBe(between);
  });

  it("passes long statements on in parts and forgets nothing", () => {
    const long = `INSERT INTO t VALUES ${"('abcdefgh;'),".repeat(200_000)}(1);SELECT 2;`;
    const { pieces } = split(long, 65_536);
    expect(Buffer.concat(pieces.map((piece) => piece.bytes)).toString()).toBe(long);
    expect(pieces.filter((piece) => piece.type === "part" && piece.isFirst)).toHaveLength(1);
    expect(texts(pieces, "statement")).toEqual(["SELECT 2;"]);
  });

  it("keeps every byte of rows that are no text", () => {
    const rows = Buffer.concat([Buffer.from("COPY t FROM stdin;\n"), Buffer.from([0xff, 0xfe, 0x5c, 0x5c, 0x2e, 0x0a, 0x00, 0x0a]), Buffer.from("\\.\nSELECT 1;\n")]);
    for (const size of [1, 3, 1 << 20]) expect(Buffer.concat(split(rows, size).pieces.map((piece) => piece.bytes)).equals(rows)).toBe(true);
  });

  it("is fast enough not to be what a load waits for", () => {
    const row = `${"x".repeat(120)}\n`;
    const chunk = Buffer.from(row.repeat(8_000));
    const splitter = new SqlSplitter();
    let bytes = 0;
    for (const piece of splitter.push(Buffer.from("COPY t FROM stdin;\n"))) bytes += piece.bytes.length;
    const started = performance.now();
    for (let index = 0; index < 100; index += 1) for (const piece of splitter.push(chunk)) bytes += piece.bytes.length;
    const perSecond = (100 * chunk.length) / ((performance.now() - started) / 1_000);
    expect(bytes).toBeGreaterThan(90e6);
    expect(perSecond).toBeGreaterThan(10e6);
  });
});
