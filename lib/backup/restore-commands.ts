import type { DumpFormat } from "@/lib/databases/schemas";
import type { Unpacker } from "./names";

/** What the commands are made of. Null is not known: a file that Holdfast did not make says little of itself. */
export interface RestoreFacts {
  fileName: string;
  format: DumpFormat;
  unpack: Unpacker;
  sha256: string | null;
  rolesFile: string | null;
  container: string;
  /** The PostgreSQL role that restores. */
  role: string;
  databaseName: string;
  owner: string | null;
  encoding: string | null;
  collation: string | null;
  characterType: string | null;
}

/** One step: what it is for, then the lines to type. */
export interface RestoreStep {
  comment: string;
  lines: string[];
}

/** A word of a POSIX shell that means exactly `value`. */
export function shellWord(value: string): string {
  if (/^[A-Za-z0-9_.,:/@%+-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** PostgreSQL's limit is 63 bytes; a name is cut between characters, never inside one. */
export function restoredName(databaseName: string): string {
  const suffix = "_restored";
  const encoder = new TextEncoder();
  let name = "";
  for (const character of databaseName) {
    if (encoder.encode(name + character).length > 63 - suffix.length) break;
    name += character;
  }
  return name + suffix;
}

/** For `-d`: libpq reads a name with `=` in it, or one that looks like an address, as connection settings. */
function connectTo(databaseName: string): string {
  const isPlain = !databaseName.includes("=") && !/^postgres(ql)?:\/\//.test(databaseName);
  return shellWord(isPlain ? databaseName : `dbname='${databaseName.replace(/[\\']/g, (character) => `\\${character}`)}'`);
}

/**
 * The commands that restore a backup with nothing but Docker and the tools of PostgreSQL's own image. They run beside the
 * downloaded files, into a new database next to the live one, and stop at the first error.
 */
export function restoreCommands(facts: RestoreFacts): RestoreStep[] {
  const target = restoredName(facts.databaseName);
  return [
    checkStep(facts),
    ...(facts.rolesFile
      ? [{ comment: "Roles first. \u201calready exists\u201d is fine: the server has that role", lines: [`docker exec -i ${shellWord(facts.container)} psql -X -q -U ${shellWord(facts.role)} -d postgres \\`, `  < ${file(facts.rolesFile)}`] }]
      : []),
    { comment: "An empty database beside the live one", lines: createLines(facts, target) },
    ...restoreSteps(facts, target),
  ];
}

/** Every Linux has sha256sum, and every Mac has shasum. */
function checkStep({ sha256, fileName, unpack, format }: RestoreFacts): RestoreStep {
  if (sha256) return { comment: "The file is whole if this prints its hash", lines: [`{ sha256sum 2> /dev/null || shasum -a 256; } \\`, `  < ${file(fileName)} | grep ${sha256}`] };
  const tool = unpack === "zstd" ? `zstd -t ${file(fileName)}` : unpack === "gzip" ? `gzip -t ${file(fileName)}` : format === "directory" ? `tar -tf ${file(fileName)} > /dev/null` : `ls -l ${file(fileName)}`;
  return { comment: "No hash of this file is known; this only finds gross damage", lines: [tool] };
}

function createLines({ container, role, owner, encoding, collation, characterType }: RestoreFacts, target: string): string[] {
  const options = [
    ...(encoding ? [`-E ${shellWord(encoding)}`] : []),
    ...(collation ? [`--lc-collate=${shellWord(collation)}`] : []),
    ...(characterType ? [`--lc-ctype=${shellWord(characterType)}`] : []),
  ];
  const whose = owner ? ` -O ${shellWord(owner)}` : "";
  return [
    `docker exec ${shellWord(container)} createdb -U ${shellWord(role)} -T template0${whose} \\`,
    ...(options.length > 0 ? [`  ${options.join(" ")} \\`] : []),
    `  -- ${shellWord(target)}`,
  ];
}

function restoreSteps({ container: name, role: user, fileName, format, unpack }: RestoreFacts, target: string): RestoreStep[] {
  const container = shellWord(name);
  const role = shellWord(user);
  const database = connectTo(target);
  const comment = "Restore; stops at the first error";
  if (format === "directory") {
    const place = "/tmp/restore";
    return [
      { comment: "Unpack it inside the container", lines: [`docker exec ${container} mkdir ${place}`, `docker exec -i ${container} tar -xf - -C ${place} \\`, `  < ${file(fileName)}`] },
      { comment, lines: [`docker exec ${container} pg_restore -U ${role} --exit-on-error -j 2 \\`, `  -d ${database} ${place}`, `docker exec ${container} rm -r ${place}`] },
    ];
  }
  const tool = format === "plain" ? `psql -X -q -U ${role} -v ON_ERROR_STOP=1` : `pg_restore -U ${role} --exit-on-error`;
  if (unpack === "none") return [{ comment, lines: [`docker exec -i ${container} ${tool} \\`, `  -d ${database} < ${file(fileName)}`] }];
  const unpacked = unpack === "zstd" ? `zstd -dc ${file(fileName)}` : `gunzip -c ${file(fileName)}`;
  return [{ comment, lines: [`${unpacked} \\`, `  | docker exec -i ${container} ${tool} \\`, `    -d ${database}`] }];
}

/** A file in the present directory. A name that starts with a dash would be an option. */
function file(name: string): string {
  return shellWord(name.startsWith("-") ? `./${name}` : name);
}

/** The steps as text, each numbered in a comment. */
export function restoreScript(steps: readonly RestoreStep[]): string {
  return steps.map(({ comment, lines }, index) => `# ${index + 1}  ${comment}\n${lines.join("\n")}`).join("\n\n");
}
