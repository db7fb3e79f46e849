import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { keysAt } from "./json-schema";
import { ConfigFile, type ConfigProblem } from "./schemas";
import { suggest } from "./suggest";

export type ParsedConfig = { ok: true; file: ConfigFile; lineOf: LineOf } | { ok: false; problems: ConfigProblem[] };
/** The line of a place in the file, counted from 1; of the nearest place above it where it is not there. */
export type LineOf = (path: readonly PropertyKey[]) => number | null;

const mostProblems = 50;

/** Reads a file of settings, YAML or JSON, which is YAML too. Nothing of it is taken when anything is wrong. */
export function parseConfig(text: string): ParsedConfig {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, strict: true, version: "1.2" });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) return { ok: false, problems: broken.slice(0, mostProblems).map(({ pos, message }) => ({ line: counter.linePos(pos[0]).line, path: null, message: sentence(message) })) };
  const lineOf: LineOf = (path) => lineIn(document, counter, path);
  const read = toValue(document);
  if (!read.ok) return { ok: false, problems: [{ line: null, path: null, message: read.message }] };
  const value = read.value ?? {};
  const parsed = ConfigFile.safeParse(value);
  if (parsed.success) return { ok: true, file: parsed.data, lineOf };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], { value, lineOf }));
  return { ok: false, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, mostProblems) };
}

/** Aliases are counted while they are followed, so that a small file cannot become a huge one. */
function toValue(document: Document): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    return { ok: false, message: sentence(error instanceof Error ? error.message : "It cannot be read") };
  }
}

interface Written {
  value: unknown;
  lineOf: LineOf;
}

function problemsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[], written: Written): ConfigProblem[] {
  const path = [...above, ...issue.path];
  const problem = (message: string, at = path): ConfigProblem => ({ line: written.lineOf(at), path: at.length > 0 ? dotted(at) : null, message: sentence(message) });
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const meant = suggest(key, keysAt(path));
      return problem(`There is no key ${key} here. ${meant ? `Did you mean ${meant}?` : `Known are: ${keysAt(path).join(", ")}`}`, [...path, key]);
    });
  }
  const isTyped = issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union";
  if (isTyped && path.length > 0 && valueAt(written.value, path) === undefined) return [problem(`${String(path.at(-1))} is missing`)];
  if (issue.code === "invalid_union") {
    // Of the ways it could be written the one that was meant: what is wrong with it lies deeper than what it is.
    const meant = issue.errors.find((issues) => issues.length > 0 && issues.every((one) => one.path.length > 0 || one.code === "unrecognized_keys"));
    if (meant) return meant.flatMap((one) => problemsOf(one, path, written));
    return [problem(`Write ${issue.errors.flatMap(([first]) => (first ? [expected(first)] : [])).join(", or ")}`)];
  }
  if (issue.code === "invalid_key") return [problem(issue.issues.map(({ message }) => message).join(" "))];
  if (issue.code === "invalid_value" || (issue.code === "invalid_type" && issue.message.startsWith("Invalid input"))) return [problem(`Write ${expected(issue)}`)];
  return [problem(issue.message)];
}

const typeWords: Readonly<Record<string, string>> = { string: "text", number: "a figure", int: "a whole number", boolean: "true or false", array: "a list", object: "keys with values", record: "keys with values", null: "null" };

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ").replace(/, ([^,]*)$/, " or $1");
  return issue.code === "invalid_type" ? (typeWords[issue.expected] ?? issue.expected) : issue.message;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => (typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined), value);
}

/** `databases.bimcalc.checks[0].query`; a name with other signs stands in quotes. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${/^[\w$-]+$/.test(String(step)) ? String(step) : JSON.stringify(String(step))}`)).join("");
}

function lineIn(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    const last = path[length - 1];
    const key = isMap(parent) ? parent.items.find(({ key: one }) => isScalar(one) && String(one.value) === String(last))?.key : document.getIn(path.slice(0, length), true);
    if (isNode(key) && key.range) return counter.linePos(key.range[0]).line;
  }
  return null;
}

function sentence(message: string): string {
  return /[.?]$/.test(message) ? message : `${message}.`;
}
