-- BIMCalc as a working cost database: what the demo shows, and what its first backup has to bring back.
-- The same every time: random() is seeded, and dates count from a fixed day.
-- Run once, by the owner of an empty database: psql -v ON_ERROR_STOP=1 -f seed.sql
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
DO $$ BEGIN PERFORM setseed(0.4217); END $$;

-- A role that the reporting tool signs in as. It belongs to the server and not to this database, so a dump of the database
-- alone would lose it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bimcalc_reader') THEN CREATE ROLE bimcalc_reader NOLOGIN; END IF;
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN CREATE EXTENSION IF NOT EXISTS pg_trgm; END IF;
END $$;

CREATE SCHEMA pricing;
CREATE SCHEMA audit;
COMMENT ON SCHEMA pricing IS 'Prices over time, exchange rates and what estimates made of them';
COMMENT ON SCHEMA audit IS 'Who changed what; written by triggers and imports, never edited';

CREATE TYPE user_role AS ENUM ('viewer', 'estimator', 'lead', 'admin');
CREATE TYPE run_status AS ENUM ('running', 'succeeded', 'failed', 'cancelled');
CREATE TYPE mapping_status AS ENUM ('proposed', 'confirmed', 'rejected');
CREATE TYPE measure AS ENUM ('each', 'm', 'm2', 'm3', 'kg', 't', 'hour');
CREATE DOMAIN currency_code AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE SEQUENCE document_number START 10428 INCREMENT 3;
COMMENT ON SEQUENCE document_number IS 'Drawing register numbers; the register allots every third to this office';

CREATE TABLE users (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  display_name text NOT NULL,
  role user_role NOT NULL DEFAULT 'viewer',
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz
);

CREATE TABLE vendors (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  country char(2) NOT NULL,
  currency currency_code NOT NULL,
  address jsonb NOT NULL,
  rating numeric(2, 1) CHECK (rating BETWEEN 1 AND 5),
  is_approved boolean NOT NULL DEFAULT true
);
COMMENT ON COLUMN vendors.rating IS 'Delivery and quality, from the yearly review';

CREATE TABLE classifications (
  code text PRIMARY KEY,
  system text NOT NULL CHECK (system IN ('Uniclass', 'OmniClass')),
  title text NOT NULL,
  parent_code text REFERENCES classifications
);

CREATE TABLE classification_mappings (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_code text NOT NULL REFERENCES classifications,
  target_code text NOT NULL REFERENCES classifications,
  confidence numeric(4, 3) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  status mapping_status NOT NULL DEFAULT 'proposed',
  confirmed_by integer REFERENCES users,
  UNIQUE (source_code, target_code)
);

CREATE TABLE price_items (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vendor_id integer NOT NULL REFERENCES vendors,
  sku text NOT NULL,
  description text NOT NULL,
  classification_code text NOT NULL REFERENCES classifications,
  unit measure NOT NULL,
  unit_price numeric(12, 2) NOT NULL CHECK (unit_price > 0),
  currency currency_code NOT NULL,
  lead_time_days smallint,
  attributes jsonb NOT NULL DEFAULT '{}',
  valid_from date NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (vendor_id, sku)
);
COMMENT ON TABLE price_items IS 'One price of one product at one vendor';

CREATE TABLE projects (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  client text NOT NULL,
  stage smallint NOT NULL CHECK (stage BETWEEN 0 AND 7),
  budget numeric(14, 2) NOT NULL,
  lead_id integer NOT NULL REFERENCES users,
  starts_on date NOT NULL
);

CREATE TABLE documents (
  id uuid PRIMARY KEY,
  project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
  number bigint NOT NULL UNIQUE DEFAULT nextval('document_number'),
  title text NOT NULL,
  metadata jsonb NOT NULL,
  uploaded_by integer NOT NULL REFERENCES users,
  uploaded_at timestamptz NOT NULL
);
ALTER SEQUENCE document_number OWNED BY documents.number;

CREATE TABLE pipeline_runs (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pipeline text NOT NULL,
  status run_status NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  rows_read integer NOT NULL DEFAULT 0,
  rows_written integer NOT NULL DEFAULT 0,
  message text,
  CHECK (status = 'running' OR finished_at >= started_at)
);

CREATE TABLE pricing.exchange_rates (
  day date NOT NULL,
  currency currency_code NOT NULL,
  per_euro numeric(12, 6) NOT NULL,
  PRIMARY KEY (day, currency)
);

CREATE TABLE pricing.price_history (
  price_item_id bigint NOT NULL REFERENCES price_items ON DELETE CASCADE,
  changed_on date NOT NULL,
  old_price numeric(12, 2) NOT NULL,
  new_price numeric(12, 2) NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (changed_on, price_item_id)
) PARTITION BY RANGE (changed_on);
CREATE TABLE pricing.price_history_2024 PARTITION OF pricing.price_history FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE pricing.price_history_2025 PARTITION OF pricing.price_history FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE pricing.price_history_2026 PARTITION OF pricing.price_history FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

CREATE TABLE pricing.estimate_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
  price_item_id bigint NOT NULL REFERENCES price_items,
  element text NOT NULL,
  quantity numeric(12, 3) NOT NULL CHECK (quantity > 0),
  waste_percent numeric(4, 1) NOT NULL DEFAULT 5,
  note text
);

CREATE TABLE audit.change_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  user_id integer REFERENCES users,
  relation text NOT NULL,
  action text NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'import')),
  before jsonb,
  after jsonb
);

INSERT INTO users (email, display_name, role, created_at, last_seen_at)
SELECT lower(first || '.' || last) || '@bimcalc.example', first || ' ' || last,
       (ARRAY['viewer', 'estimator', 'estimator', 'lead'])[1 + n % 4]::user_role,
       timestamptz '2024-01-08 09:00' + n * interval '11 days 3 hours', timestamptz '2026-09-14 17:30' - n * interval '19 hours'
FROM (SELECT n,
        (ARRAY['Aoife', 'Ciaran', 'Deirdre', 'Eoin', 'Fiona', 'Grace', 'Hugh', 'Iris', 'Jonas', 'Katja', 'Liam', 'Maeve'])[1 + n % 12] AS first,
        (ARRAY['Byrne', 'Walsh', 'Nolan', 'Keane', 'Doyle', 'Brandt', 'Moreau'])[1 + n % 7] AS last
      FROM generate_series(0, 37) n) people;
UPDATE users SET role = 'admin' WHERE id = 2;

INSERT INTO vendors (name, country, currency, address, rating, is_approved)
SELECT place || ' ' || trade, country, CASE country WHEN 'GB' THEN 'GBP' WHEN 'SE' THEN 'SEK' ELSE 'EUR' END,
       jsonb_build_object('street', 1 + n * 7 % 180 || ' ' || (ARRAY['Dock Road', 'Mill Lane', 'Industrial Estate', 'Quay Street'])[1 + n % 4],
                          'city', place, 'contact', jsonb_build_object('email', 'sales@' || lower(place) || '-' || n || '.example')),
       round((2.5 + random() * 2.5)::numeric, 1), n % 17 <> 5
FROM (SELECT n,
        (ARRAY['Ardmore', 'Kilbride', 'Harland', 'Fenwick', 'Thurso', 'Malmgren', 'Roskilde', 'Dunmore', 'Ashbourne', 'Winterthur',
               'Leixlip', 'Carrick', 'Tolka', 'Brennan', 'Osterby'])[1 + n % 15] AS place,
        (ARRAY['Building Supplies', 'Steel', 'Timber and Boards', 'Technical Merchants'])[1 + n / 15] AS trade,
        (ARRAY['IE', 'IE', 'GB', 'GB', 'GB', 'SE', 'DE', 'IE', 'IE', 'DE', 'IE', 'IE', 'IE', 'IE', 'SE'])[1 + n % 15] AS country
      FROM generate_series(0, 59) n) made;

CREATE TEMP TABLE family (uniclass text, omniclass text, name text, unit measure, price numeric, sizes text[], grades text[]);
INSERT INTO family VALUES
  ('Pr_20_31_16', '23-13 31 11', 'Ready-mixed concrete', 'm3', 128, '{C20/25,C25/30,C30/37,C35/45,C40/50,C50/60}', '{S2 slump,S3 slump,S4 slump,GGBS 50%}'),
  ('Pr_20_96_71_72', '23-13 23 13', 'Reinforcing bar B500B', 't', 890, '{8 mm,10 mm,12 mm,16 mm,20 mm,25 mm}', '{straight,cut and bent,epoxy coated,stainless}'),
  ('Pr_20_96_71_52', '23-13 23 15', 'Reinforcement mesh', 'm2', 6.4, '{A142,A193,A252,A393,B503,B785}', '{standard,flying end,galvanised,stainless}'),
  ('Pr_20_76_51_79', '23-13 21 11', 'Universal beam', 't', 1340, '{203x133x25,254x146x31,305x165x40,356x171x51,457x191x67,533x210x92}', '{S275,S355,S355 primed,S355 galvanised}'),
  ('Pr_20_76_51_80', '23-13 21 12', 'Universal column', 't', 1360, '{152x152x23,203x203x46,203x203x60,254x254x73,254x254x89,305x305x97}', '{S275,S355,S355 primed,S355 galvanised}'),
  ('Pr_20_85_84_37', '23-13 21 17', 'Square hollow section', 'm', 31, '{60x60x4,80x80x5,100x100x5,120x120x6,150x150x8,200x200x10}', '{S235,S355,S355 primed,S355 galvanised}'),
  ('Pr_20_93_52_15', '23-13 17 11', 'Concrete block', 'each', 1.9, '{100 mm 7 N,100 mm 10 N,140 mm 7 N,140 mm 10 N,215 mm 7 N,215 mm hollow}', '{dense,medium,lightweight,fair face}'),
  ('Pr_20_93_52_13', '23-13 17 13', 'Clay facing brick', 'each', 0.72, '{65 mm,68 mm,73 mm,50 mm,327 mm long,490 mm long}', '{red multi,buff,blue engineering,white glazed}'),
  ('Pr_20_85_08_87', '23-13 15 11', 'Structural timber C24', 'm', 4.1, '{38x89,38x140,44x175,44x225,63x175,75x225}', '{untreated,treated UC2,treated UC3,planed}'),
  ('Pr_20_85_33_34', '23-13 15 13', 'Glued laminated beam', 'm', 62, '{90x270,90x360,115x405,140x450,160x540,200x720}', '{GL24h,GL28h,GL30c,GL24h visible}'),
  ('Pr_25_71_97_16', '23-13 15 17', 'Cross-laminated timber panel', 'm2', 118, '{80 mm,100 mm,120 mm,140 mm,160 mm,200 mm}', '{non-visible,industrial visible,visible,visible larch}'),
  ('Pr_25_57_06_52', '23-15 11 13', 'Mineral wool slab', 'm2', 9.8, '{50 mm,75 mm,100 mm,120 mm,150 mm,200 mm}', '{33 kg,45 kg,60 kg,100 kg}'),
  ('Pr_25_57_06_65', '23-15 11 15', 'PIR insulation board', 'm2', 17.5, '{25 mm,50 mm,80 mm,100 mm,120 mm,150 mm}', '{foil faced,tissue faced,tapered,soffit}'),
  ('Pr_25_57_06_28', '23-15 11 16', 'Expanded polystyrene board', 'm2', 8.2, '{50 mm,75 mm,100 mm,150 mm,200 mm,250 mm}', '{EPS 70,EPS 100,EPS 150,EPS 200}'),
  ('Pr_25_71_52_34', '23-15 17 11', 'Gypsum plasterboard', 'm2', 4.6, '{9.5 mm,12.5 mm,15 mm,19 mm,12.5x3000 mm,15x3000 mm}', '{standard,fire,moisture,acoustic}'),
  ('Pr_25_71_14_15', '23-15 17 15', 'Cement particle board', 'm2', 13.9, '{8 mm,10 mm,12 mm,16 mm,18 mm,22 mm}', '{grey,primed,sanded,coloured}'),
  ('Pr_25_71_63_63', '23-15 17 17', 'Plywood sheet', 'm2', 19.2, '{6 mm,9 mm,12 mm,15 mm,18 mm,25 mm}', '{softwood,birch BB,marine,film faced}'),
  ('Pr_25_71_29_57', '23-15 17 18', 'Oriented strand board', 'm2', 8.7, '{9 mm,11 mm,15 mm,18 mm,22 mm,25 mm}', '{OSB3,OSB3 tongued,OSB4,OSB3 zero}'),
  ('Pr_20_29_03_02', '23-11 13 11', 'Steel anchor bolt', 'each', 3.4, '{M10x95,M12x110,M16x125,M16x150,M20x170,M24x200}', '{zinc plated,hot dip,A2,A4}'),
  ('Pr_25_80_81_28', '23-15 21 11', 'EPDM roofing membrane', 'm2', 15.6, '{1.1 mm,1.2 mm,1.3 mm,1.5 mm,2.0 mm,2.5 mm}', '{plain,fleece backed,self adhesive,fire rated}'),
  ('Pr_25_93_72_50', '23-15 21 15', 'Natural roofing slate', 'each', 2.7, '{400x200,400x250,500x250,500x300,600x300,600x350}', '{first,heavy three,rustic,reclaimed}'),
  ('Pr_25_93_72_17', '23-15 21 16', 'Concrete roof tile', 'each', 1.3, '{420x330,plain 265x165,interlocking,low pitch,ridge,verge}', '{slate grey,anthracite,terracotta,brown}'),
  ('Pr_30_59_98_02', '23-17 13 11', 'Aluminium window', 'each', 480, '{600x900,900x1200,1200x1200,1200x1500,1800x1500,2400x2100}', '{double glazed,triple glazed,acoustic,fire EI30}'),
  ('Pr_30_59_24_85', '23-17 11 13', 'Timber door set', 'each', 365, '{626x2040,726x2040,826x2040,926x2040,926x2340,1826x2040}', '{paint grade,oak veneer,fire FD30,fire FD60}'),
  ('Pr_30_59_24_52', '23-17 11 15', 'Steel door set', 'each', 720, '{900x2100,1000x2100,1200x2100,1800x2100,2000x2400,2400x2700}', '{standard,security RC3,fire EI60,acoustic 42 dB}'),
  ('Pr_25_71_33_45', '23-17 19 11', 'Laminated glass', 'm2', 96, '{6.4 mm,8.8 mm,10.8 mm,12.8 mm,17.5 mm,21.5 mm}', '{clear,low iron,satin,solar control}'),
  ('Pr_35_93_96_15', '23-15 25 11', 'Ceramic wall tile', 'm2', 24, '{100x100,150x150,200x200,300x200,600x300,900x300}', '{gloss white,matt white,coloured,textured}'),
  ('Pr_35_93_34_63', '23-15 25 13', 'Porcelain floor tile', 'm2', 38, '{300x300,450x450,600x300,600x600,900x900,1200x600}', '{R9,R10,R11,R12}'),
  ('Pr_35_57_71_50', '23-15 25 17', 'Linoleum sheet', 'm2', 29, '{2.0 mm,2.5 mm,3.2 mm,4.0 mm acoustic,tile 500,tile 330}', '{marbled,solid,striped,conductive}'),
  ('Pr_35_31_22_02', '23-15 27 11', 'Emulsion paint', 'each', 46, '{2.5 l,5 l,10 l,12.5 l,15 l,20 l}', '{matt,eggshell,scrubbable,anti-bacterial}'),
  ('Pr_65_52_63_15', '23-27 11 11', 'Copper tube', 'm', 7.6, '{15 mm,22 mm,28 mm,35 mm,42 mm,54 mm}', '{R250,R290,plastic coated,chrome}'),
  ('Pr_65_52_63_64', '23-27 11 13', 'PVC-U drain pipe', 'm', 8.9, '{82 mm,110 mm,160 mm,200 mm,250 mm,315 mm}', '{SN4,SN8,perforated,structured wall}'),
  ('Pr_65_54_30_31', '23-27 13 11', 'Gate valve', 'each', 34, '{DN15,DN20,DN25,DN32,DN40,DN50}', '{brass,bronze,cast iron,stainless}'),
  ('Pr_65_70_48_11', '23-35 11 11', 'Armoured cable', 'm', 6.3, '{3x2.5,3x4,4x6,4x10,4x16,4x25}', '{PVC,LSZH,fire performance,screened}'),
  ('Pr_65_72_43_46', '23-35 13 11', 'Cable tray', 'm', 14.5, '{75 mm,100 mm,150 mm,225 mm,300 mm,450 mm}', '{pre-galvanised,hot dip,stainless,powder coated}'),
  ('Pr_70_70_48_44', '23-35 15 11', 'LED luminaire', 'each', 88, '{600x600,1200x300,linear 1200,linear 1500,downlight 150,bulkhead}', '{3000 K,4000 K,emergency,DALI}');

INSERT INTO classifications (code, system, title)
SELECT DISTINCT left(uniclass, 5), 'Uniclass', CASE left(uniclass, 5)
  WHEN 'Pr_20' THEN 'Structure and general products' WHEN 'Pr_25' THEN 'Skin products' WHEN 'Pr_30' THEN 'Opening products'
  WHEN 'Pr_35' THEN 'Covering and finishing products' WHEN 'Pr_65' THEN 'Services distribution products'
  ELSE 'Services source products' END FROM family;
INSERT INTO classifications SELECT uniclass, 'Uniclass', name || ' products', left(uniclass, 5) FROM family;
INSERT INTO classifications SELECT omniclass, 'OmniClass', name FROM family;
INSERT INTO classification_mappings (source_code, target_code, confidence, status, confirmed_by)
SELECT a.uniclass, b.omniclass, CASE WHEN a.name = b.name THEN round((0.90 + random() * 0.1)::numeric, 3) ELSE round((random() * 0.6)::numeric, 3) END,
       (CASE WHEN a.name = b.name THEN 'confirmed' WHEN random() < 0.5 THEN 'rejected' ELSE 'proposed' END)::mapping_status,
       CASE WHEN a.name = b.name THEN 1 + (random() * 36)::int END
FROM family a JOIN family b ON a.name = b.name OR left(a.omniclass, 5) = left(b.omniclass, 5)
ORDER BY a.uniclass, b.omniclass;

INSERT INTO price_items (vendor_id, sku, description, classification_code, unit, unit_price, currency, lead_time_days, attributes, valid_from, updated_at)
SELECT v.id, upper(left(v.name, 3)) || '-' || lpad(f.row::text, 2, '0') || s.n || g.n || '-' || lpad(v.id::text, 3, '0'),
       f.name || ', ' || s.size || ', ' || g.grade, f.uniclass, f.unit,
       greatest(0.05, round((f.price * (0.55 + 0.18 * s.n) * (0.9 + 0.14 * g.n) * (0.85 + random() * 0.3)
         * CASE v.currency WHEN 'GBP' THEN 0.86 WHEN 'SEK' THEN 11.3 ELSE 1 END)::numeric, 2)),
       v.currency, 1 + (random() * 40)::int,
       jsonb_build_object('size', s.size, 'grade', g.grade, 'pack', (ARRAY[1, 10, 25, 50])[1 + (random() * 3)::int],
                          'co2e_kg', round((f.price * 0.4 * random())::numeric, 2)),
       date '2025-01-06' + (random() * 580)::int, timestamptz '2025-01-06 06:00' + random() * interval '610 days'
FROM (SELECT row_number() OVER (ORDER BY uniclass) AS row, * FROM family) f
CROSS JOIN LATERAL unnest(f.sizes) WITH ORDINALITY AS s(size, n)
CROSS JOIN LATERAL unnest(f.grades) WITH ORDINALITY AS g(grade, n)
CROSS JOIN (SELECT * FROM vendors ORDER BY id) v
WHERE random() < 0.87
ORDER BY f.row, s.n, g.n, v.id;

INSERT INTO projects (code, name, client, stage, budget, lead_id, starts_on)
SELECT 'BC-' || 2400 + n * 3,
       (ARRAY['Harbour', 'Station', 'Riverside', 'Northern', 'Abbey', 'Orchard', 'Castle', 'Mill'])[1 + n % 8] || ' '
         || (ARRAY['Quarter', 'School Extension', 'Health Centre', 'Data Hall', 'Apartments', 'Library', 'Depot'])[1 + n % 7],
       (ARRAY['Fingal Housing', 'Tolka Estates', 'County Council', 'Carrick Health Trust', 'Osterby Logistics'])[1 + n % 5],
       n % 8, round((400000 + random() * 38000000)::numeric, 2), 1 + n % 38, date '2024-03-04' + n * 17
FROM generate_series(0, 47) n;

INSERT INTO documents (id, project_id, title, metadata, uploaded_by, uploaded_at)
SELECT md5('document ' || n)::uuid, 1 + n % 48,
       (ARRAY['Ground floor plan', 'Bill of quantities', 'Door schedule', 'Structural model', 'Services coordination', 'Cost plan', 'Façade detail'])[1 + n % 7]
         || ' rev ' || (ARRAY['P01', 'P02', 'C01', 'C02'])[1 + n % 4],
       jsonb_build_object('format', (ARRAY['ifc', 'pdf', 'rvt', 'xlsx'])[1 + n % 4], 'bytes', 20000 + (random() * 90000000)::bigint,
         'tags', (ARRAY['["tender"]', '["tender", "structure"]', '["services"]', '[]'])[1 + n % 4]::jsonb,
         'checked', jsonb_build_object('by', 1 + n % 38, 'clashes', (random() * 12)::int)),
       1 + n * 5 % 38, timestamptz '2024-03-05 08:00' + n * interval '7 hours 41 minutes'
FROM generate_series(0, 2599) n;

INSERT INTO pipeline_runs (pipeline, status, started_at, finished_at, rows_read, rows_written, message)
SELECT pipeline, status::run_status, started, started + interval '40 seconds' + random() * interval '9 minutes', read,
       CASE status WHEN 'succeeded' THEN (read * 0.93)::int ELSE 0 END,
       CASE status WHEN 'failed' THEN 'The vendor file has a column too few in line ' || 1 + n % 900 WHEN 'cancelled' THEN 'Cancelled by Grace Doyle' END
FROM (SELECT n, (ARRAY['vendor-price-import', 'classification-sync', 'exchange-rates', 'estimate-refresh'])[1 + n % 4] AS pipeline,
        CASE WHEN n % 23 = 7 THEN 'failed' WHEN n % 61 = 9 THEN 'cancelled' ELSE 'succeeded' END AS status,
        timestamptz '2026-09-14 02:00' - n * interval '6 hours' AS started, 200 + (random() * 42000)::int AS read
      FROM generate_series(719, 0, -1) n) made;

INSERT INTO pricing.exchange_rates
SELECT day::date, currency, round((base * (1 + 0.02 * sin(extract(doy FROM day) / 29.0) + (random() - 0.5) * 0.006))::numeric, 6)
FROM generate_series(timestamp '2024-09-16', timestamp '2026-09-14', interval '1 day') day
CROSS JOIN (VALUES ('GBP', 0.86), ('SEK', 11.30), ('USD', 1.09)) c(currency, base);

INSERT INTO pricing.price_history
SELECT id, date '2024-02-05' + (id * 37 % 940)::int, round(unit_price * (0.9 + random() * 0.08)::numeric, 2), unit_price,
       (ARRAY['yearly list', 'raw material', 'freight', 'correction'])[1 + id % 4]
FROM price_items WHERE id % 2 = 0 ORDER BY id;

INSERT INTO pricing.estimate_lines (project_id, price_item_id, element, quantity, waste_percent, note)
SELECT 1 + n % 48, 1 + (n::bigint * 7919) % (SELECT count(*) FROM price_items),
       (ARRAY['Substructure', 'Frame', 'Upper floors', 'Roof', 'External walls', 'Finishes', 'Services'])[1 + n % 7],
       round((1 + random() * 900)::numeric, 3), (ARRAY[2.5, 5, 7.5, 10])[1 + n % 4], CASE WHEN n % 50 = 0 THEN 'Provisional: awaits the engineer''s drawing' END
FROM generate_series(0, 14399) n;

INSERT INTO audit.change_log (at, user_id, relation, action, before, after)
SELECT timestamptz '2025-09-01 07:00' + n * interval '63 minutes', CASE WHEN n % 5 <> 0 THEN 1 + n % 38 END,
       (ARRAY['price_items', 'projects', 'documents', 'classification_mappings'])[1 + n % 4],
       (ARRAY['update', 'import', 'insert'])[1 + n % 3], CASE WHEN n % 3 = 0 THEN jsonb_build_object('unit_price', round((random() * 400)::numeric, 2)) END,
       jsonb_build_object('unit_price', round((random() * 400)::numeric, 2), 'source', 'list ' || 2025 + n % 2)
FROM generate_series(0, 8999) n;

CREATE INDEX price_items_classification ON price_items (classification_code);
CREATE INDEX price_items_updated ON price_items (updated_at DESC);
CREATE INDEX price_items_attributes ON price_items USING gin (attributes jsonb_path_ops);
CREATE INDEX pipeline_runs_failed ON pipeline_runs (started_at DESC) WHERE status = 'failed';
CREATE INDEX documents_metadata ON documents USING gin (metadata);
CREATE INDEX estimate_lines_project ON pricing.estimate_lines (project_id);
CREATE INDEX change_log_at ON audit.change_log USING brin (at);
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE INDEX price_items_description ON price_items USING gin (description gin_trgm_ops);
  END IF;
END $$;

CREATE VIEW pricing.current_prices AS
SELECT i.id, v.name AS vendor, i.description, i.classification_code, i.unit, i.unit_price, i.currency,
       round(i.unit_price / coalesce(r.per_euro, 1), 2) AS price_eur
FROM price_items i JOIN vendors v ON v.id = i.vendor_id
LEFT JOIN LATERAL (SELECT per_euro FROM pricing.exchange_rates e WHERE e.currency = i.currency ORDER BY day DESC LIMIT 1) r ON true;
COMMENT ON VIEW pricing.current_prices IS 'Every price, and the same in euro at the last known rate';

CREATE MATERIALIZED VIEW pricing.price_summary AS
SELECT classification_code, unit, currency, count(*) AS items, min(unit_price) AS lowest, percentile_cont(0.5) WITHIN GROUP (ORDER BY unit_price) AS median
FROM price_items GROUP BY 1, 2, 3;

CREATE FUNCTION audit.note_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.change_log (at, relation, action, before, after)
  VALUES (now(), 'price_items', 'update', jsonb_build_object('unit_price', OLD.unit_price), jsonb_build_object('unit_price', NEW.unit_price));
  RETURN NEW;
END $$;
CREATE TRIGGER price_items_audit AFTER UPDATE OF unit_price ON price_items FOR EACH ROW
  WHEN (OLD.unit_price IS DISTINCT FROM NEW.unit_price) EXECUTE FUNCTION audit.note_price_change();

GRANT USAGE ON SCHEMA public, pricing TO bimcalc_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, pricing TO bimcalc_reader;
REVOKE SELECT ON users FROM bimcalc_reader;
GRANT SELECT (id, display_name, role) ON users TO bimcalc_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA pricing GRANT SELECT ON TABLES TO bimcalc_reader;
COMMIT;
ANALYZE;
