import "server-only";
import { z } from "zod";
import { plural } from "@/lib/format/counts";
import { readAccess } from "@/lib/postgres/access";
import { fingerprintMethod, readExtensions, readFingerprint, readLargeObjects, readRelations, readSequences } from "@/lib/postgres/catalogue";
import { countRows } from "@/lib/postgres/count";
import type { AccessGroup } from "@/lib/postgres/schemas";
import type { Server } from "@/lib/postgres/server";
import type { Session } from "@/lib/postgres/session";
import { accessDifferences, acrossMajors, asItWas, countOtherOwners, type AccessChoices } from "./access";
import { lacksRelations, takeSnapshot } from "./manifest";
import type { Difference, Manifest } from "./schemas";

export interface Comparison {
  /** Empty: equal in everything that was compared. */
  differences: Difference[];
  /** What could not be compared, each with its reason. It is not equal, it is not compared. */
  notCompared: string[];
  /** Whether the schema's fingerprint could be compared: not where it says nothing here. */
  schema: "compared" | "not_compared";
  /** Whether owners and grants could be compared. */
  isAccessCompared: boolean;
  /** The tables as they are in the restored database, counted exactly. */
  tables: { schema: string; name: string; rows: number | null }[];
}

const countBudgetMs = 30 * 60_000;

/**
 * Compares a restored database, `server.database`, with the manifest of its backup: tables, exact rows, sequences, extensions, large
 * objects, owners and grants, and the schema's fingerprint. Everything is read in one snapshot. Contents are compared by drills, not
 * here. What `choices` say of roles is no difference.
 */
export async function compareWithManifest(server: Server, manifest: Manifest, signal: AbortSignal, choices: AccessChoices = asItWas): Promise<Comparison> {
  const snapshot = await takeSnapshot(server, signal);
  try {
    const { session } = snapshot;
    const relations = await readRelations(session);
    const counted = relations.filter((relation) => relation.kind === "table");
    const rows = await countRows(server, { snapshotId: snapshot.id, tables: counted, budgetMs: countBudgetMs }, signal);
    const tables = counted.map(({ oid, schema, name }) => ({ schema, name, rows: rows.get(oid) ?? null }));
    const notCompared: string[] = [];
    const differences = [
      ...tableDifferences(manifest, tables, notCompared),
      ...sequenceDifferences(manifest, await readSequenceValues(session), notCompared),
      ...extensionDifferences(manifest, await readExtensions(session)),
      ...amount("large_objects", "large objects", manifest.largeObjects, await readLargeObjects(session)),
    ];
    const hindrance = whyNoFingerprint(manifest, server);
    const isWhole = !lacksRelations(manifest);
    if (hindrance) notCompared.push(`The schema's fingerprint: ${hindrance}.`);
    else differences.push(...amount("schema", "fingerprint of the schema", manifest.schemaFingerprint, await readFingerprint(session, { sequences: isWhole })));
    if (!hindrance && !isWhole) notCompared.push("The definitions of sequences: tables were left out of the backup on request, and some may have gone with them.");
    const access = await readAccess(session);
    differences.push(...compareAccess(server, manifest, access, choices, notCompared));
    return { differences, notCompared, schema: hindrance ? "not_compared" : "compared", isAccessCompared: manifest.access !== null, tables };
  } finally {
    await snapshot.session.close();
  }
}

function tableDifferences(manifest: Manifest, found: Comparison["tables"], notCompared: string[]): Difference[] {
  const byName = new Map(found.map((table) => [JSON.stringify([table.schema, table.name]), table]));
  const differences: Difference[] = [];
  for (const table of manifest.tables.filter((one) => one.kind === "table" && one.excluded !== "absent")) {
    const key = JSON.stringify([table.schema, table.name]);
    const name = `${table.schema}.${table.name}`;
    const restored = byName.get(key);
    byName.delete(key);
    if (!restored) {
      differences.push({ what: "table_missing", name, expected: "there", got: "missing" });
      continue;
    }
    const expected = table.excluded === "data" ? 0 : table.rows;
    if (expected === null) notCompared.push(`${name}: its rows were not counted when it was dumped.`);
    else if (restored.rows === null) notCompared.push(`${name}: its rows could not be counted in time.`);
    else differences.push(...amount("rows", name, expected, restored.rows));
  }
  return [...differences, ...[...byName.values()].map((table) => ({ what: "table_extra" as const, name: `${table.schema}.${table.name}`, expected: "not there", got: "there" }))];
}

function sequenceDifferences(manifest: Manifest, found: ReadonlyMap<string, string>, notCompared: string[]): Difference[] {
  const unknown = manifest.sequences.filter((sequence) => sequence.value === null).length;
  if (unknown > 0) notCompared.push(`${unknown} sequences: their values were not read from the archive.`);
  return manifest.sequences.flatMap((sequence) => {
    const name = `${sequence.schema}.${sequence.name}`;
    return sequence.value === null ? [] : amount("sequence", name, sequence.value, found.get(JSON.stringify([sequence.schema, sequence.name])) ?? "missing");
  });
}

function extensionDifferences(manifest: Manifest, found: Manifest["extensions"]): Difference[] {
  const present = new Set(found.map((extension) => extension.name));
  // Its version is whatever the server brings along: a dump says CREATE EXTENSION without one.
  return manifest.extensions.filter((extension) => !present.has(extension.name)).map((extension) => ({ what: "extension", name: extension.name, expected: extension.version, got: "missing" }));
}

function amount(what: Difference["what"], name: string, expected: number | string, got: number | string): Difference[] {
  return expected === got ? [] : [{ what, name, expected: String(expected), got: String(got) }];
}

/** Why the schema's text cannot be expected to be the same; null when it can. */
function whyNoFingerprint(manifest: Manifest, server: Server): string | null {
  if (isOtherMajor(manifest, server)) return `PostgreSQL ${server.facts.version} words definitions differently from ${manifest.server.version}`;
  if (!manifest.schemaFingerprint.startsWith(fingerprintMethod)) return "it was made in another way than today's";
  return null;
}

function compareAccess(server: Server, manifest: Manifest, found: AccessGroup[], choices: AccessChoices, notCompared: string[]): Difference[] {
  if (manifest.access === null) {
    notCompared.push("Owners and grants: the backup was made before they were recorded.");
    return [];
  }
  const others = choices.ownersLost ? countOtherOwners(manifest.access, found) : 0;
  if (others > 0) notCompared.push(`Owners: ${plural(others, "object")} now with the role that loaded the archive, as planned.`);
  if (!isOtherMajor(manifest, server)) return accessDifferences(manifest, found, choices);
  notCompared.push(`Whose the schema public is, and the privilege MAINTAIN: PostgreSQL ${server.facts.version} has other defaults than ${manifest.server.version}.`);
  return accessDifferences({ ...manifest, access: acrossMajors(manifest.access) }, acrossMajors(found), choices);
}

/** Whether a server is of another major version than the one that was backed up: it words definitions in its own way. */
export function isOtherMajor({ server: { versionNumber } }: Pick<Manifest, "server">, { facts }: Pick<Server, "facts">): boolean {
  return Math.floor(versionNumber / 10_000) !== Math.floor(facts.versionNumber / 10_000);
}

/** Every sequence's last value by `["schema","name"]`, as text: a bigint may be more than a number holds. */
async function readSequenceValues(session: Session): Promise<Map<string, string>> {
  const sequences = await readSequences(session);
  if (sequences.length === 0) return new Map();
  const lines = await session.lines(
    `SELECT pg_catalog.format('SELECT json_build_array(%L, %L, last_value::text) FROM %I.%I', n.nspname, c.relname, n.nspname, c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \\gexec`,
  );
  const Row = z.tuple([z.string(), z.string(), z.string()]);
  return new Map(lines.map((line) => Row.parse(JSON.parse(line))).map(([schema, name, value]) => [JSON.stringify([schema, name]), value]));
}
