import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { PlainFilter, type PlainPart } from "./plain-filter";

const dump = `--
-- PostgreSQL database dump
--

\\restrict abc

SET client_encoding = 'UTF8';

--
-- TOC entry 215 (class 1259 OID 16386)
-- Name: items; Type: TABLE; Schema: public; Owner: bimcalc
--

CREATE TABLE public.items (
    id integer NOT NULL
);

--
-- Name: told(); Type: FUNCTION; Schema: public; Owner: bimcalc
--

CREATE FUNCTION public.told() RETURNS text LANGUAGE sql AS $$
-- Name: x; Type: INDEX; Schema: public; Owner: nobody
COPY public.items (id) FROM stdin;
$$;

--
-- TOC entry 3401 (class 0 OID 16386)
-- Dependencies: 215
-- Data for Name: items; Type: TABLE DATA; Schema: public; Owner: bimcalc
--

COPY public.items (id, "Größe") FROM stdin;
1\t-- Name: y; Type: TABLE; Schema: public; Owner: z
2\t\\\\.
\\.


--
-- Data for Name: two lines; Type: TABLE DATA; Schema: od d; Owner: bimcalc
--

COPY "od d"."two
li""nes" (id) FROM stdin;
7
\\.


--
-- Name: items_id_seq; Type: SEQUENCE SET; Schema: public; Owner: bimcalc
--

SELECT pg_catalog.setval('public.items_id_seq', 2, true);


--
-- Name: items items_pkey; Type: CONSTRAINT; Schema: public; Owner: bimcalc
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);


--
-- Name: items_name; Type: INDEX; Schema: public; Owner: bimcalc
--

CREATE INDEX items_name ON public.items USING btree (id);


--
-- PostgreSQL database dump complete
--
`;

async function filtered(part: PlainPart, chunkBytes: number): Promise<{ text: string; filter: PlainFilter }> {
  const bytes = Buffer.from(dump);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes));
  const filter = new PlainFilter(part);
  const out: Buffer[] = [];
  for await (const chunk of Readable.from(chunks).pipe(filter)) out.push(chunk as Buffer);
  return { text: Buffer.concat(out).toString(), filter };
}

describe.each([1, 7, 64, 100_000])("a plain dump in pieces of %i bytes", (size) => {
  it("lets definitions and keys through, and no row", async () => {
    const { text } = await filtered({ part: "definitions" }, size);
    expect(text).toContain("SET client_encoding");
    expect(text).toContain("CREATE TABLE public.items");
    expect(text).toContain("COPY public.items (id) FROM stdin;\n$$;");
    expect(text).toContain("ADD CONSTRAINT items_pkey");
    expect(text).not.toContain("setval");
    expect(text).not.toContain("CREATE INDEX");
    expect(text).not.toContain("Größe");
  });

  it("lets the rows of the wanted tables through, and nothing else but the settings", async () => {
    const { text, filter } = await filtered({ part: "rows", tables: [{ schema: "public", name: "items" }, { schema: "public", name: "logs" }] }, size);
    const [head = "", rest = ""] = text.split("COPY ");
    expect(head).toContain("\\restrict abc");
    expect(head).not.toContain("CREATE");
    expect(rest).toBe('public.items (id, "Größe") FROM stdin;\n1\t-- Name: y; Type: TABLE; Schema: public; Owner: z\n2\t\\\\.\n\\.\n');
    expect(filter.missing()).toEqual(["public.logs"]);
  });

  it("knows a name with a line break and a quote in it", async () => {
    const { text, filter } = await filtered({ part: "rows", tables: [{ schema: "od d", name: 'two\nli"nes' }] }, size);
    expect(text).toContain('COPY "od d"."two\nli""nes" (id) FROM stdin;\n7\n\\.\n');
    expect(text).not.toContain("public.items");
    expect(filter.missing()).toEqual([]);
  });
});

it("does not keep rows, however long", async () => {
  const row = Buffer.alloc(300_000, "x");
  const filter = new PlainFilter({ part: "rows", tables: [{ schema: "public", name: "items" }] });
  const start = Buffer.from("--\n-- Data for Name: items; Type: TABLE DATA; Schema: public; Owner: b\n--\n\nCOPY public.items (id) FROM stdin;\n");
  const out: Buffer[] = [];
  for await (const chunk of Readable.from([start, row, Buffer.from("\n\\.\n\n--\n-- Name: a; Type: INDEX; Schema: public; Owner: b\n--\nCREATE INDEX\n")]).pipe(filter)) out.push(chunk as Buffer);
  const text = Buffer.concat(out).toString();
  expect(text).toContain(`FROM stdin;\n${row.toString()}\n\\.\n`);
  expect(text).not.toContain("CREATE INDEX");
});
