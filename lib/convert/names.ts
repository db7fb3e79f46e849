/** A name as SQL writes it, quoted or not. */
export const identifier = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;

/** The name that a written one stands for: quotes removed, letters folded where there were none. */
export function nameOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}

/** A name written so that it means exactly itself. */
export function written(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The database that a `\connect` names, or null for another psql command. pg_dumpall writes names with odd characters as
 * connection strings: `\connect -reuse-previous=on "dbname='x y'"`.
 */
export function connectsTo(command: string): string | null {
  const match = /^\\c(?:onnect)?\s+(?:-\S+\s+)?(.+?)\s*$/.exec(command);
  if (!match?.[1]) return null;
  const target = nameInPsql(match[1]);
  // The same database, as somebody else.
  if (target === "-") return null;
  const inString = /^dbname='((?:[^'\\]|\\.)*)'/.exec(target);
  return inString?.[1] === undefined ? target : inString[1].replace(/\\(.)/g, "$1");
}

/** The first argument: psql takes double quotes for quotes and leaves the case of what is not quoted. */
function nameInPsql(text: string): string {
  if (text.startsWith('"')) return (/^"((?:[^"]|"")*)"/.exec(text)?.[1] ?? "").replaceAll('""', '"');
  return text.split(/\s/)[0] ?? "";
}
