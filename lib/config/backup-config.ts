export interface BackupConfig {
  /** What each variable is, by its name. */
  values: Readonly<Record<string, string>>;
  /** Where each of them was set last, counted from 1. */
  lines: Readonly<Record<string, number>>;
  /** Lines that were not understood, and the variable that each sets, where it begins with one. Never what it sets that to: that may be a secret. */
  problems: { line: number; name: string | null }[];
}

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const bareName = /^[A-Za-z_][A-Za-z0-9_]*(?=\s|$)/;
/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`. */
const reference = /^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?-)([^{}$`"'\\]*))?\})/;
/** What the shell would act on. Nothing here does. */
const acting = /[;&|<>()`$\\]/;

/**
 * Reads the procedures' `config/backup_config.sh` (Backup Procedures, Appendix D) without running any of it: assignments with and
 * without `export`, both kinds of quotes, comments, and references to variables that the same file sets or gives a default. Everything
 * else is a problem, and a variable whose last assignment was not understood has no value.
 */
export function parseBackupConfig(text: string): BackupConfig {
  const values = new Map<string, string>();
  const lines = new Map<string, number>();
  const problems: BackupConfig["problems"] = [];
  text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).forEach((written, index) => {
    const line = index + 1;
    const found = readLine(written.trim(), values);
    if (found.ok) {
      for (const [name, value] of found.set) {
        values.set(name, value);
        lines.set(name, line);
      }
      return;
    }
    problems.push({ line, name: nameOf(written.trim()) });
    // What it was before is not what the shell would have made of it.
    for (const name of found.names) {
      values.delete(name);
      lines.delete(name);
    }
  });
  return { values: Object.fromEntries(values), lines: Object.fromEntries(lines), problems };
}

type Line = { ok: true; set: [string, string][] } | { ok: false; names: string[] };

/** One line: nothing, or words of which each is an assignment. */
function readLine(line: string, known: ReadonlyMap<string, string>): Line {
  const set = new Map<string, string>();
  const exported = /^export\s+/.exec(line)?.[0] ?? "";
  let rest = line.slice(exported.length);
  while (rest !== "" && !rest.startsWith("#")) {
    const [start = "", name] = assignment.exec(rest) ?? [];
    if (!name) {
      // `export NAME` passes on what is set already.
      const [bare] = exported ? (bareName.exec(rest) ?? []) : [];
      if (!bare) return { ok: false, names: namesIn(line) };
      rest = rest.slice(bare.length).trimStart();
      continue;
    }
    const word = readWord(rest.slice(start.length), (wanted) => set.get(wanted) ?? known.get(wanted));
    if (!word) return { ok: false, names: namesIn(line) };
    set.set(name, word.value);
    rest = word.rest.trimStart().replace(/^;\s*$/, "");
  }
  return { ok: true, set: [...set] };
}

/** The variable that a line begins to set, in capitals as all of them are; null for one that begins otherwise, such as the end of a key in Base64. */
function nameOf(line: string): string | null {
  return /^(?:export\s+)?([A-Z_][A-Z0-9_]*)\+?=/.exec(line)?.[1] ?? null;
}

/** Every variable that a line may be about, so that none keeps a value the line would have changed. */
function namesIn(line: string): string[] {
  return [...line.matchAll(/(?:^|[\s;&|(])([A-Za-z_][A-Za-z0-9_]*)\+?=/g)].map(([, name]) => name ?? "");
}

type Lookup = (name: string) => string | undefined;

/** The value of one assignment, as the shell would join its parts; null for what only a shell could tell. */
function readWord(text: string, lookup: Lookup): { value: string; rest: string } | null {
  let value = "";
  let rest = text;
  // The home directory of whoever ran the script is not known here.
  if (rest.startsWith("~")) return null;
  while (rest !== "" && !/^[\s]/.test(rest) && !/^;\s*$/.test(rest)) {
    const part = rest.startsWith("'") ? readSingle(rest) : rest.startsWith('"') ? readDouble(rest, lookup) : readBare(rest, lookup);
    if (!part) return null;
    value += part.value;
    rest = part.rest;
  }
  return { value, rest };
}

function readSingle(text: string): { value: string; rest: string } | null {
  const end = text.indexOf("'", 1);
  return end < 0 ? null : { value: text.slice(1, end), rest: text.slice(end + 1) };
}

function readDouble(text: string, lookup: Lookup): { value: string; rest: string } | null {
  let value = "";
  for (let at = 1; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') return { value, rest: text.slice(at + 1) };
    if (sign === "`") return null;
    if (sign === "$") {
      const found = readReference(text.slice(at), lookup);
      if (!found) return null;
      value += found.value;
      at += found.length - 1;
    } else if (sign === "\\" && /["\\$`]/.test(text.charAt(at + 1))) {
      at += 1;
      value += text.charAt(at);
    } else value += sign;
  }
  return null;
}

function readBare(text: string, lookup: Lookup): { value: string; rest: string } | null {
  if (text.startsWith("$")) {
    const found = readReference(text, lookup);
    return found && { value: found.value, rest: text.slice(found.length) };
  }
  const [escaped] = /^\\[^\s]/.exec(text) ?? [];
  if (escaped) return { value: escaped.slice(1), rest: text.slice(2) };
  const sign = text.charAt(0);
  return acting.test(sign) ? null : { value: sign, rest: text.slice(1) };
}

function readReference(text: string, lookup: Lookup): { value: string; length: number } | null {
  const found = reference.exec(text);
  if (!found) return null;
  const [whole, plain, braced, operator, otherwise] = found;
  const value = lookup(plain ?? braced ?? "");
  // `:-` also takes the default for an empty value, `-` only where there is none.
  const taken = operator && (value === undefined || (operator === ":-" && value === "")) ? otherwise : value;
  return taken === undefined ? null : { value: taken, length: whole.length };
}
