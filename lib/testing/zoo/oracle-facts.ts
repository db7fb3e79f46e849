/**
 * What makes a database, asked of the catalogues: each query gives rows of text, the first column saying what it is about. They
 * name everything and never show an OID or a column's number, because a restore gives new ones. Whole rows are taken as JSON with
 * what may differ taken out, so that what a later major adds is compared without being named here.
 */

const system = `('pg_catalog', 'information_schema', 'pg_toast')`;
/** An ACL as its grants, the default written out: a dump does not tell "never granted" from "granted what is the default". */
const acl = (column: string, kind: string, owner: string) =>
  `(SELECT json_agg(json_build_array(CASE g.grantor WHEN 0 THEN '' ELSE g.grantor::regrole::text END, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END, g.privilege_type, g.is_grantable) ORDER BY g.grantor::regrole::text COLLATE "C", g.grantee::regrole::text COLLATE "C", g.privilege_type)
    FROM aclexplode(coalesce(${column}, acldefault('${kind}', ${owner}))) g)`;
const named = (oid: string, from: string) => `(SELECT to_json(i.identity) FROM pg_identify_object('${from}'::regclass, ${oid}, 0) i)`;
/** Options as a list: their order means nothing. */
const sorted = (list: string) => `(SELECT json_agg(x ORDER BY x COLLATE "C") FROM unnest(${list}) x)`;
const minus = (row: string, ...columns: string[]) => `(to_jsonb(${row}) - ARRAY[${columns.map((column) => `'${column}'`).join(", ")}])`;

export const factQueries: Record<string, string> = {
  schema: `SELECT n.nspname, n.nspowner::regrole, ${acl("n.nspacl", "n", "n.nspowner")} FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp)'`,
  relation: `SELECT c.oid::regclass, c.relkind, c.relpersistence, c.relowner::regrole, c.reloptions::text, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated, c.relispartition, pg_get_expr(c.relpartbound, c.oid),
    a.amname, t.spcname, CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype END, (SELECT x.reloptions::text FROM pg_class x WHERE x.oid = c.reltoastrelid AND c.reltoastrelid <> 0), CASE WHEN c.relkind NOT IN ('i', 'I', 'c') THEN ${acl("c.relacl", "r", "c.relowner").replace("'r'", "(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\"")} END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE n.nspname NOT IN ${system} AND c.relkind <> 't' AND n.nspname !~ '^pg_temp'`,
  // Some servers note a version of their own among a column's options, under a name that starts with pg_ and that pg_dump leaves out.
  column: `SELECT c.oid::regclass, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), ${minus("a", "attrelid", "attname", "atttypid", "atttypmod", "attnum", "attcacheoff", "attcollation", "attmissingval", "atthasmissing", "attoptions", "attacl", "attislocal", "attinhcount", "attlen", "attbyval", "attalign", "attndims", "attnotnull")},
    (SELECT json_agg(x ORDER BY x COLLATE "C") FROM unnest(a.attoptions) x WHERE x !~ '^pg_'), CASE WHEN c.relkind <> 'i' THEN a.attnotnull END, CASE WHEN a.attcollation <> 0 THEN ${named("a.attcollation", "pg_collation")} END, pg_get_expr(d.adbin, d.adrelid), ${acl("a.attacl", "c", "c.relowner")},
    CASE WHEN NOT EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = c.oid) THEN (SELECT count(*) FROM pg_attribute b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped) END
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ${system} AND n.nspname !~ '^pg_temp' AND c.relkind <> 't'`,
  inherits: `SELECT h.inhrelid::regclass, h.inhparent::regclass, CASE WHEN NOT c.relispartition AND c.relkind <> 'i' THEN h.inhseqno END FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid`,
  "partition key": `SELECT p.partrelid::regclass, pg_get_partkeydef(p.partrelid), p.partdefid::regclass FROM pg_partitioned_table p`,
  // The copies of a foreign key that partitions get are named by their order.
  constraint: `SELECT coalesce(nullif(o.conrelid, 0)::regclass::text, o.contypid::regtype::text), CASE WHEN o.conparentid = 0 OR o.contype <> 'f' THEN quote_ident(o.conname) END, o.contype, o.condeferrable, o.condeferred, o.convalidated, CASE WHEN o.contype IN ('c', 'n') THEN o.connoinherit END, to_jsonb(o) -> 'conenforced', pg_get_constraintdef(o.oid)
    FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE n.nspname NOT IN ${system}`,
  index: `SELECT i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), ${minus("i", "indexrelid", "indrelid", "indkey", "indcollation", "indclass", "indexprs", "indpred", "indcheckxmin", "indoption")} FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ${system}`,
  view: `SELECT c.oid::regclass, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ${system}`,
  rule: `SELECT r.ev_class::regclass, quote_ident(r.rulename), r.ev_enabled, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ${system} AND r.rulename <> '_RETURN'`,
  trigger: `SELECT g.tgrelid::regclass, quote_ident(g.tgname), g.tgenabled, pg_get_triggerdef(g.oid), to_jsonb(g) ->> 'tgparentid' <> '0' FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid WHERE NOT g.tgisinternal OR p.pronamespace <> 'pg_catalog'::regnamespace`,
  policy: `SELECT p.polrelid::regclass, quote_ident(p.polname), p.polcmd, p.polpermissive, (SELECT json_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END ORDER BY r::regrole::text COLLATE "C") FROM unnest(p.polroles) r), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy p`,
  function: `SELECT p.oid::regprocedure, p.proowner::regrole, ${acl("p.proacl", "f", "p.proowner")}, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, p.prokind, p.prosrc, pg_get_function_result(p.oid), pg_get_function_arguments(p.oid),
    ${minus("p", "oid", "proname", "pronamespace", "proowner", "proacl", "prolang", "provariadic", "prorettype", "proargtypes", "proallargtypes", "proargdefaults", "prosqlbody", "protrftypes")} FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ${system}`,
  aggregate: `SELECT a.aggfnoid::regprocedure, format_type(a.aggtranstype, NULL), format_type(a.aggmtranstype, NULL), a.aggsortop::regoperator, ${minus("a", "aggfnoid", "aggtranstype", "aggmtranstype", "aggsortop")} FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ${system}`,
  type: `SELECT t.oid::regtype, t.typowner::regrole, ${acl("t.typacl", "T", "t.typowner")}, format_type(t.typbasetype, t.typtypmod), t.typdefault, CASE WHEN t.typcollation <> 0 THEN ${named("t.typcollation", "pg_collation")} END, (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
    (SELECT json_build_array(r.rngsubtype::regtype, r.rngcollation::regcollation, ${named("r.rngsubopc", "pg_opclass")}, r.rngcanonical, r.rngsubdiff, CASE WHEN to_jsonb(r) ? 'rngmultitypid' THEN (to_jsonb(r) ->> 'rngmultitypid')::oid::regtype END) FROM pg_range r WHERE r.rngtypid = t.oid),
    ${minus("t", "oid", "typnamespace", "typowner", "typacl", "typrelid", "typelem", "typarray", "typbasetype", "typtypmod", "typcollation", "typdefaultbin", "typdefault")} FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname NOT IN ${system} AND n.nspname !~ '^pg_temp'`,
  operator: `SELECT o.oid::regoperator, o.oprowner::regrole, o.oprresult::regtype, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprkind, o.oprcanmerge, o.oprcanhash, o.oprcode, o.oprrest, o.oprjoin FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname NOT IN ${system}`,
  "operator class": `SELECT ${named("o.oid", "pg_opclass")}, o.opcowner::regrole, ${named("o.opcfamily", "pg_opfamily")}, o.opcintype::regtype, o.opcdefault, o.opckeytype::regtype FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE n.nspname NOT IN ${system}`,
  "operator family": `SELECT ${named("f.oid", "pg_opfamily")}, f.opfowner::regrole, (SELECT json_agg(json_build_array(o.amopstrategy, o.amopopr::regoperator, o.amoppurpose) ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C") FROM pg_amop o WHERE o.amopfamily = f.oid), (SELECT json_agg(json_build_array(p.amprocnum, p.amproc::regprocedure, p.amproclefttype::regtype) ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE "C", p.amproclefttype::regtype::text) FROM pg_amproc p WHERE p.amprocfamily = f.oid)
    FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace WHERE n.nspname NOT IN ${system}`,
  cast: `SELECT c.castsource::regtype, c.casttarget::regtype, nullif(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod FROM pg_cast c`,
  collation: `SELECT ${named("c.oid", "pg_collation")}, c.collowner::regrole, ${minus("c", "oid", "collname", "collnamespace", "collowner", "collencoding")} FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE n.nspname NOT IN ${system}`,
  conversion: `SELECT ${named("c.oid", "pg_conversion")}, c.conowner::regrole, ${minus("c", "oid", "conname", "connamespace", "conowner")} FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname NOT IN ${system}`,
  language: `SELECT l.lanname, l.lanowner::regrole, l.lanpltrusted, nullif(l.lanplcallfoid, 0)::regprocedure, nullif(l.laninline, 0)::regprocedure, nullif(l.lanvalidator, 0)::regprocedure, ${acl("l.lanacl", "l", "l.lanowner")} FROM pg_language l`,
  "access method": `SELECT a.amname, a.amhandler, a.amtype FROM pg_am a`,
  transform: `SELECT t.trftype::regtype, ${named("t.trflang", "pg_language")}, t.trffromsql, t.trftosql FROM pg_transform t`,
  "search configuration": `SELECT c.oid::regconfig, c.cfgowner::regrole, ${named("c.cfgparser", "pg_ts_parser")}, (SELECT json_agg(json_build_array(m.maptokentype, m.mapseqno, m.mapdict::regdictionary) ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE n.nspname NOT IN ${system}`,
  "search dictionary": `SELECT d.oid::regdictionary, d.dictowner::regrole, ${named("d.dicttemplate", "pg_ts_template")}, d.dictinitoption FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE n.nspname NOT IN ${system}`,
  "search parser": `SELECT ${named("p.oid", "pg_ts_parser")}, ${minus("p", "oid", "prsnamespace")} FROM pg_ts_parser p`,
  "search template": `SELECT ${named("t.oid", "pg_ts_template")}, ${minus("t", "oid", "tmplnamespace")} FROM pg_ts_template t`,
  "event trigger": `SELECT e.evtname, e.evtowner::regrole, ${minus("e", "oid", "evtowner", "evtfoid")}, e.evtfoid::regprocedure FROM pg_event_trigger e`,
  statistics: `SELECT ${named("s.oid", "pg_statistic_ext")}, s.stxowner::regrole, pg_get_statisticsobjdef(s.oid), s.stxstattarget FROM pg_statistic_ext s`,
  publication: `SELECT p.pubname, p.pubowner::regrole, ${minus("p", "oid", "pubowner")} FROM pg_publication p`,
  "publication member": `SELECT i.type, i.identity FROM pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) i WHERE d.refclassid = 'pg_publication'::regclass AND d.deptype = 'a'`,
  "published table": `SELECT to_jsonb(t) - 'attnames', (SELECT jsonb_agg(x ORDER BY x #>> '{}' COLLATE "C") FROM jsonb_array_elements(CASE WHEN jsonb_typeof(to_jsonb(t) -> 'attnames') = 'array' THEN to_jsonb(t) -> 'attnames' ELSE '[]' END) x) FROM pg_publication_tables t`,
  subscription: `SELECT s.subname, s.subowner::regrole, ${minus("s", "oid", "subdbid", "subowner", "subskiplsn")} FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()`,
  "foreign wrapper": `SELECT w.fdwname, w.fdwowner::regrole, ${sorted("w.fdwoptions")}, nullif(w.fdwhandler, 0)::regprocedure, nullif(w.fdwvalidator, 0)::regprocedure, ${acl("w.fdwacl", "F", "w.fdwowner")} FROM pg_foreign_data_wrapper w`,
  "foreign server": `SELECT s.srvname, s.srvowner::regrole, s.srvtype, s.srvversion, ${sorted("s.srvoptions")}, ${acl("s.srvacl", "S", "s.srvowner")}, (SELECT json_agg(json_build_array(CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE u.umuser::regrole::text END, ${sorted("u.umoptions")}) ORDER BY u.umuser::regrole::text COLLATE "C") FROM pg_user_mapping u WHERE u.umserver = s.oid) FROM pg_foreign_server s`,
  "foreign table": `SELECT t.ftrelid::regclass, ${named("t.ftserver", "pg_foreign_server")}, ${sorted("t.ftoptions")} FROM pg_foreign_table t`,
  "default privileges": `SELECT d.defaclrole::regrole, nullif(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype, ${acl("d.defaclacl", "r", "d.defaclrole")} FROM pg_default_acl d`,
  "large object": `SELECT l.oid, l.lomowner::regrole, ${acl("l.lomacl", "L", "l.lomowner")}, md5(lo_get(l.oid)) FROM pg_largeobject_metadata l`,
  extension: `SELECT e.extname, e.extversion, e.extowner::regrole, e.extnamespace::regnamespace, e.extcondition::text, (SELECT json_agg(c::regclass) FROM unnest(e.extconfig) c) FROM pg_extension e`,
  "extension member": `SELECT ${named("d.refobjid", "pg_extension")}, i.type, i.identity FROM pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) i WHERE d.deptype = 'e'`,
  comment: `SELECT i.type, i.identity, d.description FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i WHERE i.schema IS DISTINCT FROM 'pg_catalog' OR i.type = 'schema'`,
  label: `SELECT objtype, objname, provider, label FROM pg_seclabels WHERE objtype <> 'role'`,
  "changed system grant": `SELECT i.type, i.identity, x.acl FROM (SELECT 'pg_proc'::regclass, p.oid, 0, ${acl("p.proacl", "f", "p.proowner")} FROM pg_proc p WHERE p.proacl IS NOT NULL AND p.pronamespace = 'pg_catalog'::regnamespace
      UNION ALL SELECT 'pg_class'::regclass, c.oid, 0, ${acl("c.relacl", "r", "c.relowner")} FROM pg_class c WHERE c.relacl IS NOT NULL AND c.relnamespace = 'pg_catalog'::regnamespace
      UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum, ${acl("a.attacl", "c", "c.relowner")} FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND c.relnamespace = 'pg_catalog'::regnamespace) x (class, oid, sub, acl), pg_identify_object(x.class, x.oid, x.sub) i`,
  "sequence": `SELECT s.seqrelid::regclass, s.seqtypid::regtype, ${minus("s", "seqrelid", "seqtypid")}, (SELECT json_agg(json_build_array(d.deptype, d.refobjid::regclass, a.attname)) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i')) FROM pg_sequence s`,
};

/** What no dump of the contents holds, but a swap has to carry over. The name is not in it: the two databases may be called differently. */
export const databaseQueries: Record<string, string> = {
  database: `SELECT d.datdba::regrole, pg_encoding_to_char(d.encoding), t.spcname, shobj_description(d.oid, 'pg_database'), ${acl("d.datacl", "d", "d.datdba")}, ${minus("d", "oid", "datname", "datdba", "encoding", "dattablespace", "datacl", "datfrozenxid", "datminmxid", "datlastsysoid")} FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = current_database()`,
  "database setting": `SELECT CASE s.setrole WHEN 0 THEN 'ALL' ELSE s.setrole::regrole::text END, c.setting FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) WITH ORDINALITY c (setting, place) WHERE d.datname = current_database()`,
};
