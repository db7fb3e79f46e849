/**
 * Whether a table matches a `pg_dump --exclude-table` pattern (manual page psql, "Patterns"): letters fold to lower case unless
 * quoted, `*` is any text, `?` any character, a dot parts schema from name. Without a schema any schema matches here;
 * pg_dump would look along an empty search path, so callers pass both parts to it (see `qualified`).
 */
export function matchesPattern(pattern: string, table: { schema: string; name: string }): boolean {
  const parts = toRegExps(pattern);
  const [first, second] = parts;
  if (parts.length === 1 && first) return first.test(table.name);
  return parts.length === 2 && first !== undefined && second !== undefined && first.test(table.schema) && second.test(table.name);
}

/** The pattern with a schema part, as pg_dump needs it to search every schema. */
export function qualified(pattern: string): string {
  return toRegExps(pattern).length === 1 ? `*.${pattern}` : pattern;
}

function toRegExps(pattern: string): RegExp[] {
  const parts: string[] = [""];
  let quoted = false;
  const add = (text: string) => (parts[parts.length - 1] += text);
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '"') {
      if (quoted && pattern.charAt(index + 1) === '"') {
        add('"');
        index += 1;
      } else quoted = !quoted;
    } else if (quoted) add(escape(character));
    else if (character === ".") parts.push("");
    else if (character === "*") add(".*");
    else if (character === "?") add(".");
    else if (character === "$" || character === "^") add(`\\${character}`);
    else add(character.toLowerCase());
  }
  return parts.map((part) => new RegExp(`^(?:${part})$`, "su"));
}

function escape(character: string): string {
  return character.replace(/[$()*+./?[\\\]^{|}-]/, "\\$&");
}
