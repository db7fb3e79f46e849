import { defineErrors } from "@/lib/errors";

interface Failed {
  container: string;
  stderr: string;
}

export const postgresErrors = defineErrors("postgres", {
  no_tools: {
    kind: "precondition",
    message: (d: { container: string; missing: string[] }) => `${d.container} has no ${d.missing.join(" and no ")}.`,
    hint: () => "Holdfast uses the tools of the database's own container, so that their versions fit. Use an image that carries them.",
  },
  no_socket: {
    kind: "unavailable",
    message: (d: { container: string }) => `No PostgreSQL server listens inside ${d.container}.`,
    hint: (d: { container: string }) => `It may still be starting. Its own log: docker logs --tail 50 ${d.container}`,
  },
  starting: {
    kind: "unavailable",
    message: (d: { container: string }) => `PostgreSQL in ${d.container} is starting or shutting down and takes no connections yet.`,
    hint: () => "Try again in a moment.",
  },
  refused: {
    kind: "precondition",
    message: (d: Failed & { role: string; database: string }) => `PostgreSQL in ${d.container} did not let ${d.role} into ${d.database}.`,
    hint: () => "Check the role's name and that it may connect from inside the container. The server's own words are below.",
  },
  database_missing: {
    kind: "precondition",
    message: (d: { container: string; database: string }) => `${d.container} has no database named ${d.database}.`,
    hint: () => "Its earlier backups are unchanged. If it was renamed, register it under its new name.",
  },
  no_maintenance: {
    kind: "precondition",
    message: (d: { container: string }) => `${d.container} has no second database to work from: neither postgres nor template1 takes a connection.`,
    hint: () => "A database cannot be renamed from inside itself. Allow connections to postgres or template1.",
  },
  swap_changed: {
    kind: "conflict",
    message: (d: { container: string; name: string }) => `The databases in ${d.container} are not the ones that were planned for: ${d.name} was renamed, dropped or replaced meanwhile. Nothing was renamed.`,
    hint: () => "Plan the restore anew.",
  },
  swap_held: {
    kind: "conflict",
    message: (d: { container: string; name: string; role: string; holders: string[] }) =>
      `${d.name} in ${d.container} could not be renamed: ${d.holders.slice(0, 3).join(", ")}${d.holders.length > 3 ? ` and ${d.holders.length - 3} more` : ""} ${d.holders.length === 1 ? "holds" : "hold"} it, and the role ${d.role} may not end that. Nothing was renamed.`,
    hint: () => "End it and try again, or name a superuser under Settings, Databases.",
  },
  query_failed: {
    kind: "unavailable",
    message: (d: Failed & { what: string }) => `PostgreSQL in ${d.container} refused a query while ${d.what}.`,
    hint: () => "The server's own words are below. Nothing was stored; earlier backups are unchanged.",
  },
  session_lost: {
    kind: "unavailable",
    message: (d: Failed & { what: string }) => `The connection to PostgreSQL in ${d.container} broke while ${d.what}.`,
    hint: () => "The server may have been restarted. Nothing was stored; start the backup again.",
  },
  other_server: {
    kind: "precondition",
    message: (d: { database: string; expected: string; found: string }) =>
      `${d.database} is another database than the one registered: server and database identity are ${d.found}, not ${d.expected}.`,
    hint: () => "If it was created anew on purpose, open Settings, Databases, test it and save. Until then Holdfast does not mix the two.",
  },
  unreadable_tables: {
    kind: "precondition",
    message: (d: { role: string; tables: string[]; total: number }) =>
      `The role ${d.role} may not read ${d.tables.slice(0, 3).join(", ")}${d.total > 3 ? ` and ${d.total - 3} more` : ""}. Nothing was stored; earlier backups are unchanged.`,
    hint: (d: { role: string; tables: string[]; total: number }) =>
      `As a superuser: GRANT pg_read_all_data TO ${quoteIdentifier(d.role)}; (PostgreSQL 14 and later), or grant SELECT on each of them. Row-level security needs a role with BYPASSRLS.`,
  },
  passwords_unreadable: {
    kind: "precondition",
    message: (d: { role: string }) => `The role ${d.role} may not read password hashes, and the backups of this database are to include them. Nothing was stored; earlier backups are unchanged.`,
    hint: (d: { role: string }) => `As a superuser: GRANT SELECT ON pg_catalog.pg_authid TO ${quoteIdentifier(d.role)}; or leave the passwords out under Settings, Databases.`,
  },
  no_match: {
    kind: "invalid",
    message: (d: { pattern: string }) => `No table matches ${d.pattern}, so nothing would be left out by it.`,
    hint: () => "A renamed table would otherwise slip into the backup, or out of it, unnoticed. Correct the pattern under Settings, Databases.",
  },
  no_image: {
    kind: "precondition",
    message: (d: { image: string }) => `The image ${d.image} is not on this Docker Engine, so no scratch container could be made of it.`,
    hint: (d: { image: string }) => `Holdfast never pulls images by itself. Fetch it with: docker pull ${d.image}`,
  },
  other_image: {
    kind: "precondition",
    message: (d: { image: string }) => `${d.image} does not start the way the official PostgreSQL images do, so Holdfast cannot make a scratch server of it.`,
    hint: () => "Its entrypoint has to be docker-entrypoint.sh, as in the official images and those that build on them.",
  },
  not_started: {
    kind: "unavailable",
    message: (d: { image: string; stderr: string }) => `PostgreSQL did not come up in a scratch container of ${d.image}.`,
    hint: () => "Its own last words are below. A library that is loaded at the start has to be in the image itself, not in a directory mounted into the container.",
  },
  not_alike: {
    kind: "precondition",
    message: (d: { image: string; database: string; stderr: string }) => `A scratch server of ${d.image} could not create ${d.database} with the locale and encoding of the source.`,
    hint: () => "The server's own words are below. A locale that was added to the running container has to be in its image.",
  },
});

/** Quotes a name for display in a command a person copies; queries quote on the server with `format('%I')`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
