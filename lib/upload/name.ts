import { readFileName, type NamedFile } from "@/lib/backup/names";
import { uploadErrors } from "./errors";

/** A file name holds 255 bytes; the hidden name while it is written and its companions need some of them. */
const longestName = 160;

/**
 * The name an uploaded file gets in its store: the last part of what the browser says, with letters, digits, dot, dash and
 * underscore of any script; all else becomes an underscore. Throws `upload.unknown_kind` where the ending says no kind.
 */
export function storedName(name: string): { key: string; named: NamedFile } {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const cleaned = last.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}._-]/gu, "_").replace(/^[.-]+/, "_");
  const named = readFileName(cleaned);
  if (!named) throw uploadErrors.unknown_kind({ name: last });
  const ending = cleaned.slice(endingAt(cleaned));
  const key = shortened(cleaned.slice(0, -ending.length), longestName - ending.length) + ending;
  return { key, named: readFileName(key) ?? named };
}

/** Where the ending starts: the longest tail that alone says the same kind as the whole. */
function endingAt(name: string): number {
  const kind = readFileName(name);
  for (let at = 1; at < name.length; at += 1) {
    const tail = readFileName(`x${name.slice(at)}`);
    if (name[at] === "." && tail?.databaseName === "x" && tail.format === kind?.format && tail.unpack === kind.unpack) return at;
  }
  return name.length;
}

function shortened(stem: string, bytes: number): string {
  let kept = stem;
  while (Buffer.byteLength(kept) > bytes) kept = [...kept].slice(0, -1).join("");
  return kept;
}
