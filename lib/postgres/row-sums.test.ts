import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { sumRows, tableKey, type RowSums, type Taking } from "./row-sums";
import { readCopyHeader } from "./sql-scanner";

const take = (taking: Taking) => () => taking;
const copy = (rows: readonly string[], header = "public.orders (id, name, price)") => `COPY ${header} FROM stdin;\n${rows.map((row) => `${row}\n`).join("")}\\.\n\n`;
const dump = (...parts: string[]) => `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET client_encoding = 'UTF8';\n${parts.join("")}\\unrestrict abc\n`;
const orders = tableKey({ schema: "public", name: "orders" });

/** The same text in pieces of every size that matters at borders. */
async function sums(text: string | Buffer, taking: Taking = "rows", pieceBytes = 7): Promise<RowSums> {
  const bytes = Buffer.from(text as string);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) => bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes));
  return sumRows(Readable.from(pieces), take(taking));
}
const sumOf = async (rows: readonly string[], taking: Taking = "rows", pieceBytes = 7) => (await sums(dump(copy(rows)), taking, pieceBytes)).tables.get(orders);

const rows = ["1\tapple\t0.50", "2\tpear\\nwith a break\t\\N", "3\t\\\\.\t12", "4\t\t1"];

describe("sums of rows", () => {
  it.each([1, 2, 3, 7, 64, 1 << 16])("are the same in pieces of %d bytes", async (pieceBytes) => {
    for (const taking of ["rows", "fields", "block"] as const) expect(await sumOf(rows, taking, pieceBytes)).toEqual(await sumOf(rows, taking, 5));
    expect(await sumOf(rows, "rows", pieceBytes)).toMatchObject({ rows: 4, schema: "public", name: "orders", columns: ["id", "name", "price"] });
  });

  it.each(["rows", "fields"] as const)("by %s do not depend on the order of the rows; the block does", async (taking) => {
    expect((await sumOf(rows.toReversed(), taking))?.sum).toBe((await sumOf(rows, taking))?.sum);
    expect((await sumOf(rows.toReversed(), "block"))?.block).not.toBe((await sumOf(rows, "block"))?.block);
  });

  it.each(["rows", "fields", "block"] as const)("by %s see one flipped bit, a missing row, a row too many and a repeated row", async (taking) => {
    const sum = await sumOf(rows, taking);
    const others = [rows.with(0, "1\tapplf\t0.50"), rows.slice(1), [...rows, "5\tfig\t2"], [...rows, rows[0] ?? ""], rows.with(1, rows[0] ?? ""), rows.with(3, "4\t\\N\t1")];
    for (const other of others) {
      const found = await sumOf(other, taking);
      expect([found?.sum, found?.block]).not.toEqual([sum?.sum, sum?.block]);
    }
  });

  it("count every repetition: two pairs of equal rows do not cancel out", async () => {
    const all = [await sumOf([]), await sumOf(["1\ta\t1", "1\ta\t1"]), await sumOf(["1\ta\t1", "1\ta\t1", "1\ta\t1"]), await sumOf(["2\tb\t1", "2\tb\t1"])].map((one) => one?.sum);
    expect(new Set(all).size).toBe(4);
  });

  it("do not confuse a value that moved to the next column", async () => {
    expect((await sumOf(["1\tab\tc"], "fields"))?.sum).not.toBe((await sumOf(["1\ta\tbc"], "fields"))?.sum);
    expect((await sumOf(["1\tab\tc"], "fields"))?.sum).not.toBe((await sumOf(["1\tc\tab"], "fields"))?.sum);
  });

  it("by fields do not depend on the order of the columns, and otherwise they do", async () => {
    const other = dump(copy(["0.50\t1\tapple", "1\t4\t"], "public.orders (price, id, name)"));
    const first = dump(copy(["1\tapple\t0.50", "4\t\t1"]));
    const of = async (text: string, taking: Taking) => (await sums(text, taking)).tables.get(orders)?.sum;
    expect(await of(other, "fields")).toBe(await of(first, "fields"));
    expect(await of(other, "rows")).not.toBe(await of(first, "rows"));
  });

  it("see another encoding of the same text", async () => {
    const body = (encoding: BufferEncoding) => Buffer.concat([Buffer.from("COPY public.orders (id) FROM stdin;\n"), Buffer.from("Zürich\n", encoding), Buffer.from("\\.\n")]);
    for (const taking of ["rows", "fields", "block"] as const) {
      const [utf8, latin1] = [await sums(body("utf8"), taking), await sums(body("latin1"), taking)].map((one) => one.tables.get(orders));
      expect(utf8?.rows).toBe(1);
      expect([utf8?.sum, utf8?.block]).not.toEqual([latin1?.sum, latin1?.block]);
    }
  });

  it("hash a row of 100 MB without keeping it", async () => {
    const piece = Buffer.alloc(1 << 20, "x");
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const source = async function* () {
      yield Buffer.from("COPY public.orders (id, name, price) FROM stdin;\n1\t");
      for (let index = 0; index < 100; index += 1) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield piece;
      }
      yield Buffer.from("\t2\n\\.\n");
    };
    for (const taking of ["rows", "fields", "block"] as const) {
      const { tables } = await sumRows(Readable.from(source(), { objectMode: false }), take(taking));
      expect(tables.get(orders)?.rows).toBe(1);
    }
    expect(most).toBeLessThan(32 << 20);
  });

  it("take a table without columns and one without rows", async () => {
    const { tables } = await sums(dump(copy(["", ""], "public.bare "), copy([], "public.empty (a)")));
    expect(tables.get(tableKey({ schema: "public", name: "bare" }))).toMatchObject({ rows: 2, columns: [] });
    expect(tables.get(tableKey({ schema: "public", name: "empty" }))).toMatchObject({ rows: 0 });
  });

  it("leave out what nobody wants", async () => {
    expect((await sums(dump(copy(rows)), "none")).tables.size).toBe(0);
  });
});

describe("what is no row", () => {
  it("is not read from a function's body, a comment, a quoted text or a quoted name", async () => {
    const decoys = [
      "CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS $body$\nBEGIN\nCOPY public.decoy (id) FROM stdin;\nEND $body$;\n",
      "CREATE FUNCTION public.g() RETURNS void LANGUAGE sql AS $_$ SELECT $1; -- ' \n$_$;\n",
      "/* COPY public.decoy (id) FROM stdin;\n /* nested */ ' */\n",
      "-- it's\n",
      "COMMENT ON TABLE public.orders IS 'first\nCOPY public.decoy (id) FROM stdin;\nit''s last';\n",
      "COMMENT ON TABLE public.orders IS E'it\\'s;\nCOPY public.decoy (id) FROM stdin;\n';\n",
      'COMMENT ON TABLE public."a;b\'c" IS \'x\';\n',
      "ALTER TABLE ONLY public.orders ALTER COLUMN a$b SET DEFAULT '$$';\n",
      "COPY public.orders (id) TO stdout;\n",
    ];
    const { tables } = await sums(dump(...decoys, copy(rows)));
    expect([...tables.keys()]).toEqual([orders]);
    expect(tables.get(orders)?.sum).toBe((await sumOf(rows))?.sum);
  });

  it.each(["COPY public.orders (id) FROM stdin;\n1\n2\n", "COPY public.orders (id) FROM stdin;\n1\n\\", "CREATE FUNCTION f() AS $$ BEGIN\n"])("a text that ends too early is refused: %s", async (text) => {
    await expect(sums(text)).rejects.toThrow("the SQL ended inside");
  });

  it("the same table twice is refused", async () => {
    await expect(sums(dump(copy(rows), copy(rows)))).rejects.toThrow("twice");
  });
});

describe("names", () => {
  it.each<[string, { schema: string; name: string; columns: string[] } | null]>([
    ["public.orders (id, name)", { schema: "public", name: "orders", columns: ["id", "name"] }],
    ['"My ""Schema"""."a.b (c)" ("we, ird", "x""y", plain)', { schema: 'My "Schema"', name: "a.b (c)", columns: ["we, ird", 'x"y', "plain"] }],
    ['public."two\nlines" ("a\nb")', { schema: "public", name: "two\nlines", columns: ["a\nb"] }],
    ["public.bare", { schema: "public", name: "bare", columns: [] }],
    ["orders", null],
  ])("reads %s", (header, expected) => {
    expect(readCopyHeader(header)).toEqual(expected);
  });

  it("with line breaks and in Unicode are found in the dump", async () => {
    const { tables } = await sums(dump(copy(["1"], 'public."zwei\nZeilen ü" ("ä")')));
    expect(tables.get(tableKey({ schema: "public", name: "zwei\nZeilen ü" }))).toMatchObject({ rows: 1, columns: ["ä"] });
  });
});

describe("large objects", () => {
  const object = (oid: number, ...writes: string[]) => `SELECT pg_catalog.lo_open('${oid}', 131072);\n${writes.map((hex) => `SELECT pg_catalog.lowrite(0, '\\x${hex}');\n`).join("")}SELECT pg_catalog.lo_close(0);\n\n`;
  const of = async (...parts: string[]) => (await sums(dump("BEGIN;\n\n", ...parts, "COMMIT;\n"))).largeObjects;

  it("are the same however they were parted into writes, in any order", async () => {
    const first = await of(object(16400, "00ff", "0a0b"), object(16401, "cafe"));
    expect(first.count).toBe(2);
    expect(await of(object(16401, "cafe"), object(16400, "00ff0a0b"))).toEqual(first);
  });

  it("differ by one byte, by their OID, and when two swap their contents", async () => {
    const first = await of(object(1, "aa"), object(2, "bb"));
    for (const other of [[object(1, "ab"), object(2, "bb")], [object(1, "aa"), object(3, "bb")], [object(1, "bb"), object(2, "aa")], [object(1, "aa")]]) {
      expect(await of(...other)).not.toEqual(first);
    }
  });
});
