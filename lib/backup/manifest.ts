import "server-only";
import type { BackupOptions } from "@/lib/databases/schemas";
import { readAccess } from "@/lib/postgres/access";
import { readDatabase, readExtensions, readFingerprint, readLargeObjects, readRelations, readRoles, readSequences, type Relation } from "@/lib/postgres/catalogue";
import { countRows } from "@/lib/postgres/count";
import { postgresErrors } from "@/lib/postgres/errors";
import { matchesPattern } from "@/lib/postgres/patterns";
import type { Server } from "@/lib/postgres/server";
import { openSession, type Session } from "@/lib/postgres/session";
import { readServerSettings } from "@/lib/postgres/settings";
import type { Manifest } from "./schemas";
import { dumpedTables } from "./tables";

/** A snapshot that lives as long as the session does; `pg_dump --snapshot` dumps in it. */
export interface Snapshot {
  id: string;
  takenAt: Date;
  walPosition: string;
  session: Session;
}

/** Opens the transaction whose view of the data everything else of this backup shares. */
export async function takeSnapshot(server: Server, signal: AbortSignal): Promise<Snapshot> {
  const session = await openSession(server, "the snapshot was held", signal);
  try {
    const position = server.facts.inRecovery ? "pg_catalog.pg_last_wal_replay_lsn()" : "pg_catalog.pg_current_wal_lsn()";
    const [line = ""] = await session.lines(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_catalog.pg_export_snapshot(), ${position}, pg_catalog.transaction_timestamp() AT TIME ZONE 'UTC';`,
    );
    const [id = "", walPosition = "", takenAt = ""] = line.split("|");
    return { id, walPosition, takenAt: new Date(`${takenAt.replace(" ", "T")}Z`), session };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Counting may take this long; what is left then is recorded as not counted. */
const countBudgetMs = 30 * 60_000;

export interface ManifestParts {
  tools: Manifest["tools"];
  options: BackupOptions;
}

/** Reads what the dump of this snapshot must contain. Throws `postgres.no_match` for an exclusion that excludes nothing. */
export async function readManifest(server: Server, snapshot: Snapshot, parts: ManifestParts, signal: AbortSignal): Promise<Manifest> {
  const { session } = snapshot;
  const relations = await readRelations(session);
  const excluded = exclusions(relations, parts.options);
  const leftOut = relations.filter((relation) => excluded.get(relation) === "absent").map(({ oid }) => oid);
  const counted = relations.filter((relation) => relation.kind === "table" && excluded.get(relation) === "no");
  const rows = await countRows(server, { snapshotId: snapshot.id, tables: counted, budgetMs: countBudgetMs }, signal);
  const tables = relations.map((relation) => {
    const { oid, ...rest } = relation;
    return { ...rest, rows: rows.get(oid) ?? null, excluded: excluded.get(relation) ?? "no" };
  });
  const notCounted = counted.length - rows.size;
  return {
    server: {
      version: server.facts.version,
      versionNumber: server.facts.versionNumber,
      systemIdentifier: server.facts.systemIdentifier,
      image: server.container.image,
    },
    tools: parts.tools,
    database: await readDatabase(session),
    snapshot: { id: snapshot.id, takenAt: snapshot.takenAt.toISOString(), walPosition: snapshot.walPosition },
    tables,
    sequences: (await readSequences(session)).map((sequence) => ({ ...sequence, value: null })),
    extensions: await readExtensions(session),
    roles: await readRoles(session),
    access: await readAccess(session),
    largeObjects: await readLargeObjects(session),
    schemaFingerprint: await readFingerprint(session, { leftOut, sequences: leftOut.length === 0 }),
    settings: await readServerSettings(server, signal),
    warnings: [
      ...(notCounted > 0 ? [`${notCounted} tables were not counted within ${countBudgetMs / 60_000} minutes.`] : []),
      ...relations.filter((relation) => relation.kind === "foreign").map((relation) => `${relation.schema}.${relation.name} is a foreign table: its rows lie on another server and are not in the dump.`),
    ],
  };
}

function exclusions(relations: readonly Relation[], options: BackupOptions): Map<Relation, "no" | "data" | "absent"> {
  for (const pattern of [...options.excludeTables, ...options.excludeTableData]) {
    if (!relations.some((relation) => matchesPattern(pattern, relation))) throw postgresErrors.no_match({ pattern });
  }
  const isAbsent = (relation: Relation) => options.excludeTables.some((pattern) => matchesPattern(pattern, relation));
  const isEmptied = (relation: Relation) => options.excludeTableData.some((pattern) => matchesPattern(pattern, relation));
  return new Map(relations.map((relation) => [relation, isAbsent(relation) ? "absent" : isEmptied(relation) ? "data" : "no"]));
}

/** Rows that the dump carries, in all; null when any table was not counted. */
export function totalRows(manifest: Manifest): number | null {
  let total = 0;
  for (const table of dumpedTables(manifest)) {
    if (table.rows === null) return null;
    total += table.rows;
  }
  return total;
}

/** Whether relations are not in the dump at all, on request. */
export function lacksRelations({ tables }: Pick<Manifest, "tables">): boolean {
  return tables.some((table) => table.excluded === "absent");
}

/** Whether something was left out on request. */
export function isPartial(manifest: Manifest): boolean {
  return manifest.tables.some((table) => table.excluded !== "no");
}

/** The manifest with the sequences' values as the archive has them. Names there are quoted as PostgreSQL quotes them. */
export function withSequenceValues(manifest: Manifest, values: ReadonlyMap<string, string>): Manifest {
  const byName = new Map([...values].map(([name, value]) => [unquote(name), value]));
  return {
    ...manifest,
    sequences: manifest.sequences.map((sequence) => ({ ...sequence, value: byName.get(`${sequence.schema}.${sequence.name}`) ?? sequence.value })),
  };
}

/** `public."we""ird"` → `public.we"ird`: the two spellings of a qualified name meet here. */
export function unquote(qualifiedName: string): string {
  return qualifiedName.replace(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'));
}
