import "server-only";
import type { Readable as Stream } from "node:stream";
import { AppError } from "@/lib/errors";
import { connect, type Server } from "@/lib/postgres/server";
import { decodeArchive } from "@/lib/postgres/decode";
import { findEngine } from "@/lib/docker/engine";
import { hashStream } from "@/lib/pipeline/hash";
import { isStored, readStored, type LocalStore } from "@/lib/stores/local";
import type { Job } from "@/lib/runs/job";
import { diagnoseDecode } from "./diagnose";
import { backupErrors } from "./errors";
import { unquote } from "./manifest";
import { readFileName } from "./names";
import { readPlain } from "./plain";
import type { Manifest } from "./schemas";
import { dumpedTables } from "./tables";

/** The file to be proven, and what is known of it. */
export interface Evidence {
  store: LocalStore;
  key: string;
  expected: { sha256: string; sizeBytes: number } | null;
  manifest: Manifest | null;
  /** The roles that travel with it, where they do. */
  roles: { key: string; sha256: string } | null;
}

/**
 * The rung *intact*: reads every byte back from the store and compares with what was stored. Where nothing was known before (a
 * file of the old script) the hash it finds is what later readings are compared with.
 */
export async function readBack(job: Job, evidence: Evidence): Promise<{ sha256: string; sizeBytes: number }> {
  const { stream } = await readStored(evidence.store, evidence.key);
  const found = await hashStream(stream, job.progress, job.signal);
  requireStored(evidence, found);
  if (evidence.roles) await readRolesBack(evidence.store, evidence.roles);
  return found;
}

/** Throws `backup.changed` and its like unless what a reading found is what was stored. */
export function requireStored({ store, key, expected }: Pick<Evidence, "store" | "key" | "expected">, found: { sha256: string; sizeBytes: number }): void {
  if (found.sizeBytes === 0) throw backupErrors.empty_file({ key });
  if (expected && found.sizeBytes !== expected.sizeBytes) {
    throw backupErrors.wrong_size({ key, store: store.name, expected: expected.sizeBytes, found: found.sizeBytes });
  }
  if (expected && found.sha256 !== expected.sha256) {
    throw backupErrors.changed({ key, store: store.name, expected: expected.sha256, found: found.sha256 });
  }
}

/** A backup whose roles are gone restores to tables that belong to nobody, so they are part of it. */
async function readRolesBack(store: LocalStore, roles: { key: string; sha256: string }): Promise<void> {
  // As bytes: a name need not be UTF-8.
  const isWhole = (await isStored(store, roles.key)) && (await hashStream((await readStored(store, roles.key)).stream)).sha256 === roles.sha256;
  if (!isWhole) throw backupErrors.roles_damaged({ key: roles.key, store: store.name });
}

export interface Readable {
  /** By what it was decoded, for the ladder's sentence. */
  how: string;
  sequences: ReadonlyMap<string, string>;
}

/**
 * The rung *readable*: decodes the file to its last byte. Archives go through pg_restore in a container that has it; plain SQL is
 * read here, to its end mark, and its rows are compared with the manifest.
 */
export async function decode(job: Job, evidence: Evidence, server: () => Promise<Server>): Promise<Readable> {
  const named = readFileName(evidence.key);
  if (!named) throw backupErrors.not_a_backup({ key: evidence.key });
  const open = async () => observeProgress((await readStored(evidence.store, evidence.key)).stream, job);
  if (named.format === "plain") {
    const facts = await readPlain(await open(), named.unpack === "gzip" ? "gzip" : "none", job.signal);
    if (evidence.manifest) compareRows(evidence.manifest, facts.rows);
    return { how: `${facts.rows.size} COPY blocks read to the end mark`, sequences: facts.sequences };
  }
  const target = await server();
  try {
    const archive = { format: named.format, packing: named.unpack === "zstd" ? ("zstd" as const) : ("none" as const), open };
    let sequences: ReadonlyMap<string, string> = new Map();
    const names = [...new Set(evidence.manifest?.sequences.map(({ name }) => name) ?? [])];
    const read = async (sql: Stream) => {
      ({ sequences } = await readPlain(sql, "none", job.signal));
    };
    await decodeArchive(target, archive, { names, read }, job.signal);
    return { how: `pg_restore ${target.facts.version} decoded it to the last byte`, sequences };
  } catch (error) {
    throw job.signal.aborted ? error : await diagnoseDecode(target, evidence.key, error);
  }
}

function observeProgress(stream: Stream, job: Job): Stream {
  let total = 0;
  stream.on("data", (chunk: Buffer) => job.progress((total += chunk.length)));
  stream.pause();
  return stream;
}

function compareRows(manifest: Manifest, rows: ReadonlyMap<string, number>): void {
  const found = new Map([...rows].map(([name, count]) => [unquote(name), count]));
  for (const table of dumpedTables(manifest)) {
    const name = `${table.schema}.${table.name}`;
    const count = found.get(name) ?? 0;
    if (table.rows !== null && count !== table.rows) {
      throw backupErrors.rows_differ({ table: name, expected: table.rows, found: count });
    }
  }
}

/** A server whose tools can decode: the database's own. Throws `backup.needs_server` saying why it cannot be had. */
export async function decodingServer(job: Job, address: { container: string; role: string; database: string } | null): Promise<Server> {
  if (!address) throw backupErrors.needs_server({ why: "this backup belongs to no registered database." });
  try {
    return await connect(await findEngine(), address, { tag: job.tag }, job.signal);
  } catch (error) {
    if (error instanceof AppError) throw backupErrors.needs_server({ why: error.message }, { cause: error });
    throw error;
  }
}
