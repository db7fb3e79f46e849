import type { ZooPart } from "./part";

/** Functions, views and everything that acts by itself. */
export const codeParts: readonly ZooPart[] = [
  {
    name: "functions and procedures",
    sql: String.raw`
CREATE FUNCTION zoo.add(a integer, b integer DEFAULT 2, VARIADIC more integer[] DEFAULT ARRAY[]::integer[]) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 7 AS $$ SELECT a + b $$;
CREATE FUNCTION zoo.add(a text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT a || E'\n\\.\n' || ' "$1" $x$ quoted $x$' $$;
CREATE FUNCTION zoo.rows_of(OUT id bigint, INOUT name text) RETURNS SETOF record LANGUAGE plpgsql ROWS 33 SECURITY DEFINER SET search_path = zoo, pg_temp SET work_mem = '3MB' AS $body$
BEGIN
  RETURN QUERY SELECT a.id, a.name FROM zoo.animals a WHERE a.name LIKE rows_of.name;
END $body$;
CREATE FUNCTION zoo.as_table(n integer) RETURNS TABLE (x integer, "y y" text) LANGUAGE sql AS $$ SELECT g, 'row' FROM generate_series(1, n) g $$;
CREATE FUNCTION zoo."strange ""name"" ü"("arg 1" "char") RETURNS void LANGUAGE zoo_language AS 'BEGIN END';
CREATE FUNCTION zoo.ranked() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
CREATE PROCEDURE zoo.tidy(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM zoo.unlogged WHERE a > n; COMMIT; END $$;
ALTER FUNCTION zoo.add(integer, integer, integer[]) OWNER TO zoo_owner;
COMMENT ON FUNCTION zoo.add(text) IS 'function';
COMMENT ON PROCEDURE zoo.tidy(integer) IS 'procedure';
REVOKE ALL ON FUNCTION zoo.add(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION zoo.add(text) TO zoo_reader WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE zoo.tidy(integer) TO "Zoo ""Wärter""'s";
REVOKE ALL ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO zoo_reader;`,
  },
  {
    name: "functions with a body in SQL",
    since: 14,
    sql: String.raw`
CREATE FUNCTION zoo.heaviest(above numeric) RETURNS SETOF zoo.animals BEGIN ATOMIC SELECT * FROM zoo.animals WHERE weight > above AND kind IN ('bird', 'fish') ORDER BY weight DESC; END;
CREATE FUNCTION zoo.short(x integer) RETURNS integer RETURN x + 1;`,
  },
  {
    name: "aggregates",
    sql: String.raw`
CREATE FUNCTION zoo.concat_step(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce($1, '') || $2 $$;
CREATE AGGREGATE zoo.glue (text) (SFUNC = zoo.concat_step, STYPE = text, INITCOND = 'it''s ', PARALLEL = SAFE);
CREATE AGGREGATE zoo.sum_moving (integer) (SFUNC = int4_sum, STYPE = bigint, MSFUNC = int4_avg_accum, MINVFUNC = int4_avg_accum_inv, MSTYPE = bigint[], MFINALFUNC = int2int4_sum, MINITCOND = '{0,0}');
CREATE AGGREGATE zoo.my_percentile (float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE zoo.glue (text) IS 'aggregate';
ALTER AGGREGATE zoo.glue (text) OWNER TO zoo_owner;`,
  },
  {
    name: "views",
    sql: String.raw`
CREATE VIEW zoo.light AS SELECT id, name AS "the name", weight FROM zoo.animals WHERE weight BETWEEN 0 AND 3 AND kind IN ('bird', 'fish') AND NOT (mood = 'angry' OR mood IS NULL);
CREATE VIEW zoo.checked WITH (security_barrier = true) AS SELECT a, b FROM zoo.boxes WHERE a < 100 AND (b > 0 AND (a > 0 OR b < 3)) WITH CASCADED CHECK OPTION;
CREATE RECURSIVE VIEW zoo.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5;
CREATE VIEW zoo.joined AS SELECT * FROM zoo.keys JOIN zoo.refers USING (a, b) LEFT JOIN LATERAL (SELECT count(*) AS n, max(x.self) FROM zoo.refers x WHERE x.a = keys.a) AS l ON true ORDER BY 1 NULLS FIRST LIMIT 10;
CREATE VIEW zoo.uses_all AS WITH w AS MATERIALIZED (SELECT kind, count(*) FILTER (WHERE weight > 1) AS n, rank() OVER (PARTITION BY kind ORDER BY count(*) DESC) FROM zoo.animals GROUP BY GROUPING SETS ((kind), ()))
  SELECT w.*, zoo.glue(c.b) AS glued, CASE WHEN n > 2 THEN 'many' ELSE 'few'::varchar END AS how FROM w, zoo.changed c GROUP BY 1, 2, 3;
CREATE VIEW zoo.renamed_below AS SELECT * FROM zoo.changed;
ALTER TABLE zoo.changed RENAME COLUMN d TO "d was renamed";
ALTER VIEW zoo.light ALTER COLUMN weight SET DEFAULT 2;
ALTER VIEW zoo.light OWNER TO zoo_owner;
COMMENT ON VIEW zoo.light IS 'view';
COMMENT ON COLUMN zoo.light."the name" IS 'column of a view';
CREATE VIEW zoo.needs_key AS SELECT id, name, count(*) FROM zoo.animals GROUP BY id;`,
  },
  {
    name: "views that use the rights of who asks",
    since: 15,
    sql: String.raw`CREATE VIEW zoo.as_invoker WITH (security_invoker = true, check_option = local) AS SELECT * FROM zoo.boxes;`,
  },
  {
    name: "materialized views",
    sql: String.raw`
CREATE MATERIALIZED VIEW zoo.summary WITH (fillfactor = 50) AS SELECT kind, count(*) AS n, sum(weight) AS weight FROM zoo.animals GROUP BY kind;
CREATE UNIQUE INDEX ON zoo.summary (kind);
CREATE MATERIALIZED VIEW zoo.of_summary AS SELECT sum(n) AS n FROM zoo.summary;
CREATE MATERIALIZED VIEW zoo.unpopulated AS SELECT * FROM zoo.animals WITH NO DATA;
CREATE INDEX ON zoo.unpopulated (name);
ALTER MATERIALIZED VIEW zoo.summary OWNER TO zoo_owner;
COMMENT ON MATERIALIZED VIEW zoo.summary IS 'materialized view';`,
  },
  {
    name: "triggers",
    sql: String.raw`
CREATE TABLE zoo.log (at integer, what text);
CREATE FUNCTION zoo.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO zoo.log VALUES (0, TG_NAME || TG_ARGV[0]); RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE OF name, kind ON zoo.animals FOR EACH ROW WHEN (NEW.name IN ('x', 'y') AND NEW.weight BETWEEN 1 AND 2) EXECUTE FUNCTION zoo.note('it''s', E'\\.\n');
CREATE TRIGGER "always on" BEFORE DELETE ON zoo.animals FOR EACH ROW EXECUTE FUNCTION zoo.note(':a');
CREATE TRIGGER disabled AFTER TRUNCATE ON zoo.animals EXECUTE FUNCTION zoo.note('t');
CREATE TRIGGER with_rows AFTER UPDATE ON zoo.boxes REFERENCING OLD TABLE AS before NEW TABLE AS "after" FOR EACH STATEMENT EXECUTE FUNCTION zoo.note('s');
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON zoo.boxes FROM zoo.keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION zoo.note('c');
CREATE TRIGGER on_partitions AFTER INSERT ON zoo.events FOR EACH ROW EXECUTE FUNCTION zoo.note('p');
CREATE TRIGGER on_view INSTEAD OF INSERT ON zoo.joined FOR EACH ROW EXECUTE FUNCTION zoo.note('v');
ALTER TABLE zoo.animals ENABLE ALWAYS TRIGGER "always on";
ALTER TABLE zoo.animals DISABLE TRIGGER disabled;
ALTER TABLE zoo.boxes ENABLE REPLICA TRIGGER with_rows;
COMMENT ON TRIGGER noted ON zoo.animals IS 'trigger';
INSERT INTO zoo.animals (name, weight) VALUES ('x', 1.5);`,
  },
  {
    name: "event triggers",
    sql: String.raw`
CREATE FUNCTION zoo.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO zoo.log VALUES (1, TG_TAG); END $$;
CREATE EVENT TRIGGER zoo_on_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION zoo.on_ddl();
CREATE EVENT TRIGGER "zoo off" ON sql_drop EXECUTE FUNCTION zoo.on_ddl();
ALTER EVENT TRIGGER "zoo off" DISABLE;
CREATE EVENT TRIGGER zoo_replica ON ddl_command_start EXECUTE FUNCTION zoo.on_ddl();
ALTER EVENT TRIGGER zoo_replica ENABLE REPLICA;
COMMENT ON EVENT TRIGGER zoo_on_ddl IS 'event trigger';`,
  },
  {
    name: "rules",
    sql: String.raw`
CREATE TABLE zoo.ruled (a integer, b text);
CREATE RULE quietly AS ON INSERT TO zoo.ruled WHERE NEW.a IN (1, 2) AND NEW.b BETWEEN 'a' AND 'm' DO INSTEAD NOTHING;
CREATE RULE also AS ON DELETE TO zoo.ruled DO ALSO (INSERT INTO zoo.log VALUES (OLD.a, 'rule'); INSERT INTO zoo.log VALUES (OLD.a, OLD.b));
CREATE RULE on_light AS ON UPDATE TO zoo.checked DO INSTEAD UPDATE zoo.boxes SET b = NEW.b WHERE a = OLD.a;
ALTER TABLE zoo.ruled DISABLE RULE also;
COMMENT ON RULE quietly ON zoo.ruled IS 'rule';
INSERT INTO zoo.ruled VALUES (9, 'nine');`,
  },
  {
    name: "policies, forced",
    sql: String.raw`
CREATE TABLE zoo.secret (id integer, whose name DEFAULT current_user, what text);
INSERT INTO zoo.secret VALUES (1, 'zoo_owner', 'a'), (2, 'zoo_reader', 'b'), (3, 'nobody', 'c');
ALTER TABLE zoo.secret OWNER TO zoo_owner;
ALTER TABLE zoo.secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON zoo.secret FOR SELECT TO zoo_reader, "Zoo ""Wärter""'s" USING (whose = current_user AND id IN (SELECT a FROM zoo.keys) AND what BETWEEN 'a' AND 'z');
CREATE POLICY strict ON zoo.secret AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (what IN ('a', 'b'));
CREATE POLICY "not enforced" ON zoo.ruled USING (false);
COMMENT ON POLICY own ON zoo.secret IS 'policy';`,
  },
];
