import { describe, expect, it } from "vitest";
import { dataList, keysList, parseToc } from "./toc";

const listing = `;
; Archive created at 2026-09-22 02:00:04 UTC
;     dbname: bimcalc
215; 1259 16386 TABLE public items bimcalc
3401; 0 16386 TABLE DATA public items bimcalc
3402; 0 16390 TABLE DATA public items of vendors bimcalc
3403; 0 16394 TABLE DATA odd schema two lines of a name some owner
3500; 0 0 SEQUENCE SET public items_id_seq bimcalc
3201; 2606 16400 CONSTRAINT public items items_pkey bimcalc
3202; 0 0 INDEX ATTACH public parts_1_pkey bimcalc
3205; 2606 16410 CHECK CONSTRAINT public items positive bimcalc
3210; 2606 16420 FK CONSTRAINT public items items_vendor_fkey bimcalc
`;

describe("the contents of an archive", () => {
  it("gives the keys and foreign keys in their order, and nothing else that is behind the data", () => {
    expect(keysList(parseToc(listing))).toBe("3201;\n3202;\n3210;\n");
  });

  it("finds the rows of a table by schema and name, blanks and line breaks included", () => {
    const entries = parseToc(listing);
    expect(dataList(entries, [{ schema: "public", name: "items of vendors" }])).toEqual({ list: "3402;\n", missing: [] });
    expect(dataList(entries, [{ schema: "odd schema", name: "two\nlines of a name" }])).toEqual({ list: "3403;\n", missing: [] });
  });

  it("loads a table too many rather than one too few where names are ambiguous", () => {
    expect(dataList(parseToc(listing), [{ schema: "public", name: "items" }]).list).toBe("3401;\n3402;\n");
  });

  it("names tables of which the archive has no rows", () => {
    expect(dataList(parseToc(listing), [{ schema: "public", name: "logs" }])).toEqual({ list: "", missing: ["public.logs"] });
  });
});
