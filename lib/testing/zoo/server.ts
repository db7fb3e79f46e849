/** What belongs to the server or to the database itself, and is in no dump of the contents. */

/** Owner of most things, one who may read some, and one whose name needs care. None can sign in. */
export const zooRoles = String.raw`
SELECT format('CREATE ROLE %I NOLOGIN', role) FROM unnest(ARRAY['zoo_owner', 'zoo_reader', 'zoo_clerk', 'Zoo "Wärter"''s']) role
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role) \gexec
GRANT zoo_clerk TO zoo_reader;
SELECT 'CREATE TABLESPACE zoo_space LOCATION ''/var/lib/postgresql/zoo-space''' WHERE NOT EXISTS (SELECT 1 FROM pg_tablespace WHERE spcname = 'zoo_space') \gexec
GRANT CREATE ON TABLESPACE zoo_space TO zoo_owner;
`;

/** Each major with a locale of another kind; none is what the server would choose by itself. */
export function createZooDatabase(major: number): string {
  const locale =
    major >= 17
      ? major >= 18
        ? "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
        : "LOCALE_PROVIDER icu ICU_LOCALE 'de-AT' ICU_RULES '&z < ä' LC_COLLATE 'C' LC_CTYPE 'en_US.utf8'"
      : major >= 15
        ? "LOCALE_PROVIDER icu ICU_LOCALE 'de-AT' LC_COLLATE 'C' LC_CTYPE 'en_US.utf8'"
        : "LC_COLLATE 'C' LC_CTYPE 'en_US.utf8'";
  return String.raw`CREATE DATABASE :"zoo" TEMPLATE template0 OWNER "Zoo ""Wärter""'s" ENCODING 'UTF8' ${locale} CONNECTION LIMIT 42 TABLESPACE zoo_space;`;
}

/** The properties that a swap has to carry over. A setting is named like a parameter that no server knows. */
export const zooDatabaseProperties = String.raw`
COMMENT ON DATABASE :"zoo" IS E'The zoo.\nIts "second" line, with a \\ and a tab\t.';
ALTER DATABASE :"zoo" SET work_mem = '7MB';
ALTER DATABASE :"zoo" SET search_path = zoo, "$user", "Zoo ""quoted""", public;
ALTER DATABASE :"zoo" SET zoo.motto = E'it''s\n"two" lines \\';
ALTER DATABASE :"zoo" SET DateStyle = 'German, DMY';
ALTER DATABASE :"zoo" SET statement_timeout = '25min';
ALTER ROLE zoo_reader IN DATABASE :"zoo" SET work_mem = '5MB';
ALTER ROLE zoo_reader IN DATABASE :"zoo" SET search_path = public;
ALTER ROLE "Zoo ""Wärter""'s" IN DATABASE :"zoo" SET default_transaction_isolation = 'repeatable read';
REVOKE ALL ON DATABASE :"zoo" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"zoo" TO zoo_reader WITH GRANT OPTION;
GRANT TEMPORARY, CREATE ON DATABASE :"zoo" TO zoo_owner;
SET ROLE zoo_reader;
GRANT CONNECT ON DATABASE :"zoo" TO zoo_clerk;
RESET ROLE;
`;
