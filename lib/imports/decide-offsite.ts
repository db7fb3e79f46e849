import path from "node:path";
import { freeName, isSecret, type Ledger } from "./ledger";
import type { ImportRow } from "./schemas";

const isOffsite = /^(OFFSITE|AWS|S3|RCLONE|RSYNC)_/;
/** Says where; the others say whether, when, or as whom. */
const isPlace = /DIR|PATH|TARGET|DEST|MOUNT|DRIVE/;
/** A path beside these is one within a bucket, or of another machine. */
const isElsewhere = /BUCKET|REMOTE|HOST|S3|ENDPOINT/;
const guide = "docs/procedures.md says how, under Off-site backups";

/**
 * What becomes of the copies that the old job made elsewhere. A directory of this machine, such as a mounted drive, is a store. Holdfast
 * itself copies to no other place: then the row says what does it instead, as a command with the file's own names.
 */
export function decideOffsite({ values, shown, impossible }: Ledger, stores: readonly { name: string; path: string }[], directory: string | null): { row: ImportRow | null; store: { name: string; path: string } | null; used: readonly string[] } {
  const names = Object.keys(values).filter((name) => isOffsite.test(name));
  const [first] = names;
  if (!first) return { row: null, store: null, used: [] };
  const place = names.some((name) => isElsewhere.test(name)) ? undefined : names.filter((name) => isPlace.test(name)).map((name) => values[name] ?? "").find((value) => value.startsWith("/"));
  if (place && path.posix.normalize(place) !== "/") {
    const clean = path.posix.normalize(place).replace(/\/$/, "");
    const row = { id: "offsite", variables: shown(...names), becomes: `Second store ${clean}`, needsDatabase: false };
    const there = stores.find((store) => store.path === clean);
    if (there) return { row: { ...row, present: `Store ${there.name}, ${there.path}`, verdict: "same", why: "Holdfast has it already." }, store: null, used: names };
    const store = { name: freeName(`${path.posix.basename(clean)} off-site`, stores), path: clean };
    const why = `Added as ${store.name} and scanned: its copies come into the list and are looked at every day. Holdfast copies nothing there, so keep the job that does, or send a database's backups there under Settings, Databases. Mount it first: ${guide}.`;
    return { row: { ...row, present: null, verdict: "change", why }, store, used: names };
  }
  const exists = `What exists: the directory mounted here as a second store, which you enter under Settings, Storage; or your own job, which may copy ${directory ?? "the store's directory"} at any time:`;
  return { row: impossible(first, names, `Holdfast copies to no place outside this machine. ${exists} ${commandOf(values, names, directory ?? "<directory>")}. ${guide.charAt(0).toUpperCase()}${guide.slice(1)}.`), store: null, used: names };
}

/** The job that does it, with the names of the file where it has them. */
function commandOf(values: Readonly<Record<string, string>>, all: readonly string[], directory: string): string {
  const names = all.filter((name) => !isSecret(name));
  const valueOf = (pattern: RegExp) => names.filter((name) => pattern.test(name)).map((name) => values[name] ?? "").find(Boolean);
  const bucket = valueOf(/BUCKET/) ?? names.map((name) => values[name] ?? "").find((value) => value.startsWith("s3://"));
  const remote = valueOf(/REMOTE/);
  const host = valueOf(/HOST|TARGET|DEST/);
  if (bucket) return `aws s3 sync ${directory} ${bucket.startsWith("s3://") ? bucket : `s3://${bucket}/${(valueOf(/PREFIX|_PATH$/) ?? "").replace(/^\/|\/$/g, "")}`} --exclude '*.holdfast-*'`;
  if (remote) return `rclone sync ${directory} ${remote.includes(":") ? remote : `${remote}:`} --exclude '.holdfast-**'`;
  return `rsync -av --exclude '.holdfast-*' ${directory}/ ${host?.includes(":") ? host : `${host ?? "<host>"}:<directory>`}/`;
}
