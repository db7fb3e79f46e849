import { identifier, nameOf, connectsTo } from "./names";
import type { FilePart, Finding, FindingKind } from "./schemas";
import { SqlSplitter, type Piece } from "./split";

const mostFindings = 100;
const shownText = 200;
const partEnd = "-- PostgreSQL database dump complete";

/** Statements that only say roles by the way: owners and those who were granted something. */
const rolePatterns = [
  new RegExp(String.raw`\bOWNER TO (${identifier});$`, "i"),
  new RegExp(String.raw`^(?:GRANT|REVOKE)\b[\s\S]*\b(?:TO|FROM) (${identifier})(?: WITH GRANT OPTION)?(?: GRANTED BY ${identifier})?(?: CASCADE)?;$`, "i"),
  new RegExp(String.raw`^ALTER DEFAULT PRIVILEGES FOR ROLE (${identifier})\b`, "i"),
  new RegExp(String.raw`^SET SESSION AUTHORIZATION (${identifier}|'(?:[^']|'')+');$`, "i"),
  new RegExp(String.raw`^CREATE POLICY [\s\S]* TO (${identifier}(?:, ${identifier})*) `, "i"),
  new RegExp(String.raw`^CREATE SCHEMA ${identifier} AUTHORIZATION (${identifier});$`, "i"),
] as const;
const extensionPattern = new RegExp(String.raw`^CREATE EXTENSION (?:IF NOT EXISTS )?(${identifier})(?: WITH)?(?: SCHEMA (${identifier}))?`, "i");
/** More roles or extensions than this are not what anybody has. */
const mostNames = 1_000;
const noRoles = new Set(["public", "current_user", "session_user", "current_role", "pg_database_owner", "default"]);

/** Order matters: the first that fits names a statement. */
const suspicious: readonly (readonly [FindingKind, RegExp])[] = [
  ["program", /\bCOPY\b[\s\S]{0,2000}?\b(?:TO|FROM)\s+PROGRAM\b/i],
  ["server_file", /\b(?:lo_export|lo_import|pg_read_(?:binary_)?file|pg_file_write|pg_ls_dir)\s*\(|\bCOPY\b[^;$]{0,2000}?\b(?:TO|FROM)\s+E?'/i],
  ["subscription", /\b(?:CREATE|ALTER)\s+SUBSCRIPTION\b/i],
  ["event_trigger", /\bCREATE\s+EVENT\s+TRIGGER\b/i],
  ["other_server", /\b(?:dblink(?:_\w+)?\s*\(|CREATE\s+SERVER\b|CREATE\s+USER\s+MAPPING\b)/i],
  ["untrusted_code", /\bLANGUAGE\s+['"]?(?:c|internal|\w+u)\b/i],
  ["superuser", /\b(?:ALTER\s+SYSTEM|(?:CREATE|ALTER)\s+(?:ROLE|USER)\b[^;]*\b(?<!NO)SUPERUSER|pg_reload_conf\s*\()\b/i],
];

class PartFacts {
  tables = 0;
  rows: number | null = 0;
  readonly roles = new Set<string>();
  readonly extensions = new Map<string, string | null>();
  isWhole = false;
  constructor(readonly databaseName: string | null) {}
}

/**
 * Reads a script to its end and says what is in it: databases, roles, extensions, and what a dump of tables would not need. Nothing
 * is decided by it that safety rests on.
 */
export class SqlScan {
  sqlBytes = 0;
  serverVersion: string | null = null;
  dumpVersion: string | null = null;
  readonly findings: Finding[] = [];
  findingsTotal = 0;
  readonly #splitter = new SqlSplitter();
  readonly #parts: PartFacts[] = [new PartFacts(null)];

  push(chunk: Buffer): void {
    this.sqlBytes += chunk.length;
    for (const piece of this.#splitter.push(chunk)) this.#see(piece);
  }

  finish(): void {
    for (const piece of this.#splitter.finish()) this.#see(piece);
  }

  /** Null when the script ended between two statements, else where it broke off. */
  get brokenOff(): string | null {
    return this.#splitter.isBetween ? null : this.#splitter.where;
  }

  /** The databases of the file. A script that creates tables before it names a database is one as it is. */
  get parts(): FilePart[] {
    const named = this.#parts.filter((part) => part.databaseName !== null);
    const withTables = named.filter((part) => part.tables > 0);
    const unnamed = this.#parts.filter((part) => part.databaseName === null && part.tables > 0);
    const shown = unnamed.length > 0 ? unnamed : withTables.length > 0 ? withTables : named.length > 0 ? named.slice(0, 1) : this.#parts;
    return shown.map(({ databaseName, tables, rows, roles, extensions, isWhole }) => ({ databaseName, tables, rows, roles: [...roles].sort(), extensions: [...extensions].sort().map(([name, schema]) => ({ name, schema })), isWhole }));
  }

  get #part(): PartFacts {
    return this.#parts.at(-1) ?? new PartFacts(null);
  }

  #see(piece: Piece): void {
    if (piece.type === "data") {
      this.#countRows(piece.bytes);
      return;
    }
    if (piece.type === "space") {
      this.#seeComments(piece.bytes);
      return;
    }
    if (piece.type === "command") {
      this.#seeCommand(piece.bytes.toString("utf8").trim(), piece.line);
      return;
    }
    if (piece.type === "part" && !piece.isFirst) return;
    if (piece.bytes.subarray(0, 6).toString("latin1").toUpperCase() === "INSERT") {
      this.#part.rows = null;
      return;
    }
    this.#seeStatement(piece.bytes.toString("utf8"), piece.line);
  }

  /** The line that closes the rows is none of them, and a piece may end anywhere. */
  #countRows(bytes: Buffer): void {
    if (this.#part.rows === null) return;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.#part.rows += 1;
  }

  #seeComments(bytes: Buffer): void {
    if (bytes.indexOf("-- ") < 0) return;
    for (const line of bytes.toString("utf8").split("\n")) {
      this.serverVersion ??= /^-- Dumped from database version (\S+)/.exec(line)?.[1] ?? null;
      this.dumpVersion ??= /^-- Dumped by pg_dump version (\S+)/.exec(line)?.[1] ?? null;
      if (line.trimEnd() === partEnd) this.#part.isWhole = true;
    }
  }

  #seeCommand(text: string, line: number): void {
    // Newer versions of pg_dump write these themselves.
    if (/^\\(?:un)?restrict \w+$/.test(text)) return;
    const database = connectsTo(text);
    if (database !== null) {
      this.#parts.push(new PartFacts(database));
      this.#find("connect", line, text);
    } else this.#find(/^\\!|^\\(?:o|g|w|copy|i|ir)\b.*[|]|\bprogram\b|`/i.test(text) ? "shell" : "psql", line, text);
  }

  #seeStatement(text: string, line: number): void {
    if (/^COPY\b/i.test(text) && /FROM\s+STDIN/i.test(text) && this.#part.rows !== null) this.#part.rows -= 1;
    if (/^CREATE (?:UNLOGGED |FOREIGN )?TABLE\b/i.test(text)) this.#part.tables += 1;
    const extension = extensionPattern.exec(text);
    if (extension?.[1] && this.#part.extensions.size < mostNames) this.#part.extensions.set(nameOf(extension[1]), extension[2] ? nameOf(extension[2]) : null);
    for (const pattern of rolePatterns) {
      for (const role of pattern.exec(text)?.[1]?.match(new RegExp(`${identifier}|'(?:[^']|'')+'`, "g")) ?? []) {
        const name = role.startsWith("'") ? role.slice(1, -1).replaceAll("''", "'") : nameOf(role);
        if (this.#part.roles.size < mostNames && (role.startsWith('"') || !noRoles.has(name))) this.#part.roles.add(name);
      }
    }
    const kind = suspicious.find(([, pattern]) => pattern.test(text))?.[0];
    if (kind) this.#find(kind, line, text);
  }

  #find(kind: FindingKind, line: number, text: string): void {
    this.findingsTotal += 1;
    if (this.findings.length < mostFindings) this.findings.push({ kind, line, text: withoutPasswords(text.replace(/\s+/g, " ")).slice(0, shownText) });
  }
}

const quoted = String.raw`(?:E|U&)?'(?:[^'\\]|''|\\.)*(?:'|$)`;
const dollarQuoted = String.raw`\$(\w*)\$[\s\S]*?(?:\$\2\$|$)`;
/** PASSWORD '…' of a role, and password=… in a connection's own words. */
const password = new RegExp(String.raw`\b(password\s*)(?:${quoted}|${dollarQuoted}|=\s*(?:''[^']*''|[^\s'"]+))`, "gi");

/** What follows PASSWORD is a secret even as a verifier: whoever has it can guess at it. It may end after what is shown, or never. */
function withoutPasswords(text: string): string {
  return text.replace(password, "$1'…'");
}
