import { Transform } from "node:stream";
import type { NamedFile } from "@/lib/backup/names";
import type { Stage } from "@/lib/pipeline/run";
import { uploadErrors } from "./errors";

/** Bytes that tell: a tar says what it is at 257. */
const headBytes = 512;

type Found = "gzip" | "zstd" | "archive" | "tar" | "files" | "other";

const words = {
  gzip: "gzip data",
  zstd: "zstd data",
  archive: "an archive of pg_dump",
  tar: "an archive of pg_dump in its tar form",
  files: "a tar of files; a directory dump in a tar ends in .dir.tar",
  other: "neither an archive of pg_dump nor packed",
} as const satisfies Record<Found, string>;

/** What a file is by its first bytes: the marks of RFC 1952, RFC 8878, pg_dump's custom format and POSIX ustar. pg_dump's tar begins with its table of contents. */
export function kindOf(head: Buffer): Found {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return "zstd";
  if (head.subarray(0, 5).toString("latin1") === "PGDMP") return "archive";
  if (head.subarray(257, 262).toString("latin1") === "ustar") return head.subarray(0, 8).toString("latin1") === "toc.dat\0" ? "tar" : "files";
  return "other";
}

function isExpected(found: Found, key: string, { format, unpack }: NamedFile): boolean {
  if (unpack !== "none") return found === unpack;
  if (format === "plain") return found === "other";
  // pg_dump writes the table of contents first into a directory too, so a tar of one may begin with it.
  if (format === "directory") return found === "files" || found === "tar";
  return found === (key.endsWith(".tar") ? "tar" : "archive");
}

/** A stage that fails with `upload.other_kind` as soon as the first bytes contradict the name. */
export function checkKind(name: string, named: NamedFile): Stage<void> {
  let head = Buffer.alloc(0);
  let isChecked = false;
  const problem = (): Error | null => {
    isChecked = true;
    const found = kindOf(head);
    return isExpected(found, name, named) ? null : uploadErrors.other_kind({ name, found: words[found] });
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!isChecked) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
      done(isChecked || head.length < headBytes ? null : problem(), chunk);
    },
    flush(done) {
      // A file without bytes is told so by its own error.
      done(isChecked || head.length === 0 ? null : problem());
    },
  });
  return { stream, result: () => undefined };
}
