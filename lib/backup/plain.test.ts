import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readPlain } from "./plain";

const dump = `--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
COPY public.vendors (id, name) FROM stdin;
1\tA
2\t\\\\.
\\.

COPY public."we""ird; name" (id) FROM stdin;
\\.

SELECT pg_catalog.setval('public.vendors_id_seq', 2, true);
--
-- PostgreSQL database dump complete
--

`;

function source(text: string | Buffer, piece = 5): Readable {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return Readable.from(pieces);
}

describe("a plain dump", () => {
  it.each([1, 5, 64, 10_000])("is counted to its end mark, read in pieces of %i bytes", async (piece) => {
    const facts = await readPlain(source(dump, piece), "none");
    expect([...facts.rows]).toEqual([["public.vendors", 2], ['public."we""ird; name"', 0]]);
    expect([...facts.sequences]).toEqual([["public.vendors_id_seq", "2"]]);
  });

  it.each([1, 7, 10_000])("may name tables, columns and sequences as it likes, read in pieces of %i bytes", async (piece) => {
    const odd = `COPY zoo.no_columns  FROM stdin;

\\.
COPY zoo."a (b) FROM stdin; c" ("d (e)") FROM stdin;
1
\\.
COPY zoo."line
break" ("co
lumn") FROM stdin;
1
2
\\.
SELECT pg_catalog.setval('zoo."seq

uence"', 7, true);
-- PostgreSQL database dump complete
`;
    const facts = await readPlain(source(odd, piece), "none");
    expect([...facts.rows]).toEqual([["zoo.no_columns", 1], ['zoo."a (b) FROM stdin; c"', 1], ['zoo."line\nbreak"', 2]]);
    expect([...facts.sequences]).toEqual([['zoo."seq\n\nuence"', "7"]]);
  });

  it("is read through gzip", async () => {
    expect((await readPlain(source(gzipSync(dump)), "gzip")).sqlBytes).toBe(Buffer.byteLength(dump));
  });

  it("whose rows break off is named with the table", async () => {
    await expect(readPlain(source(dump.slice(0, dump.indexOf("2\t"))), "none")).rejects.toMatchObject({ code: "backup.truncated", message: expect.stringContaining("in the rows of public.vendors") });
  });

  it("without its end mark is too short, whatever it is", async () => {
    await expect(readPlain(source(dump.slice(0, dump.indexOf("SELECT"))), "none")).rejects.toMatchObject({ code: "backup.truncated", hint: expect.not.stringContaining("gzip") as string });
    await expect(readPlain(source("Dear team,\n"), "none")).rejects.toMatchObject({ code: "backup.truncated" });
  });

  const statement = "CREATE INDEX i ON public.vendors (name);\n";
  const database = (name: string) => `\\connect ${name}\n${dump}`;
  const cluster = `--\n-- PostgreSQL database cluster dump\n--\n\n\\restrict x\nCREATE ROLE a;\n${database("one")}${database("two")}--\n-- PostgreSQL database cluster dump complete\n--\n\n`;

  it("may have comments and the end of psql's restriction behind its end mark, and nothing else", async () => {
    await readPlain(source(`${dump}\\unrestrict x\n\n-- by the night job\n`), "none");
    for (const more of [statement, database("two").slice(0, 60), `INSERT INTO t VALUES ('${"x".repeat(1 << 17)}');\n`]) {
      await expect(readPlain(source(dump + more, 4096), "none")).rejects.toMatchObject({ code: "backup.truncated" });
    }
  });

  it("of a whole server needs the end mark of the server: that of a database says nothing of the next", async () => {
    expect((await readPlain(source(cluster), "none")).rows.get("public.vendors")).toBe(4);
    const afterFirst = cluster.indexOf("dump complete") + "dump complete\n--\n\n".length;
    for (const cut of [afterFirst, cluster.lastIndexOf("-- PostgreSQL database cluster")]) {
      await expect(readPlain(source(cluster.slice(0, cut)), "none")).rejects.toMatchObject({ code: "backup.truncated", message: expect.stringContaining("pg_dumpall's end mark") });
    }
  });

  it("that is cut inside gzip is no gzip any more", async () => {
    const packed = gzipSync(dump);
    await expect(readPlain(source(packed.subarray(0, packed.length - 9)), "gzip")).rejects.toMatchObject({ code: "backup.not_gzip" });
    await expect(readPlain(source("plain text"), "gzip")).rejects.toMatchObject({ code: "backup.not_gzip" });
  });

  it("with a row of 100 MB is read without keeping it", async () => {
    const before = process.memoryUsage().rss;
    const row = Buffer.alloc(1 << 20, "x");
    const parts = function* () {
      yield Buffer.from("COPY t (a) FROM stdin;\n");
      for (let i = 0; i < 100; i += 1) yield row;
      yield Buffer.from("\n\\.\n-- PostgreSQL database dump complete\n");
    };
    expect((await readPlain(Readable.from(parts()), "none")).rows.get("t")).toBe(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 << 20);
  });
});
