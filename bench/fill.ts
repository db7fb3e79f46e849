export const sizes = [
  { name: "0.1 GB", items: 310_000, documents: 6_400 },
  { name: "1 GB", items: 3_200_000, documents: 64_000 },
] as const;

/** For what takes the same time whatever the size: at this one it is little of the whole. */
export const largeSize = { name: "3 GB", items: 9_600_000, documents: 192_000 } as const;

/**
 * BIMCalc as it grows: price items, which are short rows of words that repeat and numbers that do not, with a little JSON, and the
 * text of documents, which is prose. Short rows cost the server, prose costs whoever packs it.
 */
export const fill = ({ items, documents }: { items: number; documents: number }) => `
CREATE TABLE vendors AS SELECT g AS id, 'Vendor ' || g AS name, md5(g::text) AS account FROM generate_series(1, 800) g;
CREATE TABLE price_items AS SELECT g AS id, 1 + g % 800 AS vendor_id,
  (ARRAY['Galvanised duct', 'Copper pipe', 'Cable tray', 'Fire damper', 'Ball valve', 'Pendant luminaire'])[1 + g % 6] || ' ' || (g % 900) || ' mm, grade ' || chr(65 + g % 6) AS description,
  'Pr_' || (g % 90) || '_' || (g * 7 % 90) || '_' || (g * 13 % 90) AS classification, round((random() * 4000)::numeric, 2) AS price, 'EUR' AS currency,
  jsonb_build_object('sku', md5((g * 31)::text), 'lead_days', g % 60, 'pack', g % 12, 'source', 'catalogue ' || g % 40) AS attributes,
  timestamptz '2024-01-01' + g * interval '7 s' AS valid_from, md5(random()::text) AS revision
FROM generate_series(1, ${items}) g;
-- Prose of about 3,600 characters a document, from 20,000 phrases of which the first come far more often than the last.
CREATE TEMP TABLE phrases AS SELECT g AS id,
  (ARRAY['con', 'pre', 'sub', 'in', 'de', 're', 'ex', 'inter', 'per', 'pro', 'un', 'over'])[1 + g % 12]
  || (ARRAY['struct', 'form', 'duct', 'port', 'vent', 'fer', 'ceil', 'tens', 'press', 'join', 'rat', 'mount', 'sulat'])[1 + g / 5 % 13]
  || (ARRAY['ion', 'ed', 'ing', 'al', 'or', 'ive', 'ment'])[1 + g / 3 % 7]
  || (ARRAY[' of the ', ' to a ', ' for every ', ' with ', ' without ', ' on site ', ' by others ', ' as drawn ', ' in the ', ' and '])[1 + g / 7 % 10]
  || (ARRAY['con', 'pre', 'sub', 'in', 'de', 're', 'ex', 'inter', 'per', 'pro', 'un', 'over'])[1 + g / 11 % 12]
  || (ARRAY['struct', 'form', 'duct', 'port', 'vent', 'fer', 'ceil', 'tens', 'press', 'join', 'rat', 'mount', 'sulat'])[1 + g * 7 % 13]
  || (ARRAY['ion', 'ed', 'ing', 'al', 'or', 'ive', 'ment'])[1 + g * 3 % 7] AS words
FROM generate_series(0, 19999) g;
SET work_mem = '512MB';
CREATE TABLE documents AS SELECT document AS id, 'Specification ' || document AS title, string_agg(words, ' ') AS extracted_text
FROM (SELECT n / 130 AS document, floor(20000 * power(random(), 1.5))::int AS id FROM generate_series(0, 130 * ${documents} - 1) n) drawn JOIN phrases USING (id)
GROUP BY document;
-- A parallel index build does not fit into the 64 MB of shared memory that containers have.
SET max_parallel_maintenance_workers = 0;
ALTER TABLE price_items ADD PRIMARY KEY (id);
CREATE INDEX ON price_items (vendor_id);
ALTER TABLE documents ADD PRIMARY KEY (id);
VACUUM ANALYZE;
CHECKPOINT;`;
