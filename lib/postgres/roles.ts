import "server-only";
import { execText } from "@/lib/docker/exec";
import { execute } from "./maintenance";
import { run, type Server } from "./server";

/** Lines of pg_dumpall's globals that make roles and their memberships. Settings of roles would bind the drill itself, and are left out. */
const roleLine = /^(?:CREATE ROLE [^;]*|ALTER ROLE .* WITH [^;]*|GRANT .* TO [^;]*);$/;
const password = / PASSWORD '(?:[^']|'')*'/g;
const tablespaceLine = /^CREATE TABLESPACE (.+) OWNER .+ LOCATION '(?:[^']|'')*';$/;

/**
 * Makes the roles of a stored roles file in a scratch server, without their passwords, and those of `needed` that are still missing
 * without the right to sign in; and its tablespaces, as directories inside the scratch server's own data. A membership that this
 * server does not accept is left out: owners and grantees only have to exist.
 */
export async function makeRoles(server: Server, text: string | null, needed: readonly string[], signal: AbortSignal): Promise<void> {
  const lines = (text ?? "").split("\n");
  const statements = lines.filter((line) => roleLine.test(line)).map((line) => line.replaceAll(password, ""));
  await run(server, ["psql", "-X", "-q"], { stdin: `${statements.join("\n")}\n` }, signal);
  const missing = `SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN', name) FROM pg_catalog.json_array_elements_text(:'needed'::json) name
WHERE name !~ '^pg_' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = name) \\gexec`;
  await execute(server, "roles were created", missing, { needed: JSON.stringify(needed) }, signal);
  const tablespaces = lines.flatMap((line) => tablespaceLine.exec(line)?.[1] ?? []);
  for (const [index, name] of tablespaces.entries()) await makeTablespace(server, unquoted(name), index, signal);
}

const settingLine = /^ALTER ROLE \S.* SET .*;$/;

/**
 * Makes a scratch server one that an application can sign in to: its database belongs to `owner`, and roles have the settings of the
 * roles file. Without a file nothing says which roles may sign in, so all that the backup names may, and `role` as well.
 */
export async function openRoles(server: Server, text: string | null, { owner, role }: { owner: string; role: string }, signal: AbortSignal): Promise<void> {
  const own = `SELECT pg_catalog.format('ALTER DATABASE %I OWNER TO %I', pg_catalog.current_database(), rolname) FROM pg_catalog.pg_roles WHERE rolname = :'owner' \\gexec`;
  await execute(server, "the database was given its owner", own, { owner }, signal);
  if (text !== null) {
    await run(server, ["psql", "-X", "-q"], { stdin: `${text.split("\n").filter((line) => settingLine.test(line)).join("\n")}\n` }, signal);
    return;
  }
  const open = `SELECT pg_catalog.format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :'role') \\gexec
SELECT pg_catalog.format('ALTER ROLE %I LOGIN', rolname) FROM pg_catalog.pg_roles WHERE NOT rolcanlogin AND rolname !~ '^pg_' \\gexec`;
  await execute(server, "roles were allowed to sign in", open, { role }, signal);
}

/** As the user that owns the server's data. $1 is the data directory, $2 the new one. */
const makeDirectory = `mkdir -p "$2" && chown "$(stat -c %u:%g "$1")" "$2" && chmod 700 "$2"`;

async function makeTablespace(server: Server, name: string, index: number, signal: AbortSignal): Promise<void> {
  const data = (await execute(server, "the data directory was looked up", "SHOW data_directory;", {}, signal)).trim();
  const directory = `${data}/holdfast_tablespaces/${index}`;
  await execText(server.engine, { container: server.container.id, tool: "mkdir", argv: ["sh", "-c", makeDirectory, "holdfast", data, directory] }, signal);
  await execute(server, "a tablespace was created", `CREATE TABLESPACE :"name" LOCATION :'directory';`, { name, directory }, signal);
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
