import "server-only";
import { countAccess } from "@/lib/backup/access";
import { compareWithManifest, type Comparison } from "@/lib/backup/compare";
import { lacksRelations } from "@/lib/backup/manifest";
import { dumpedTables } from "@/lib/backup/tables";
import type { Difference, Manifest } from "@/lib/backup/schemas";
import { count, plural } from "@/lib/format/counts";
import { compareContents, type ContentsCompared } from "@/lib/postgres/contents";
import type { Server } from "@/lib/postgres/server";
import type { Job } from "@/lib/runs/job";
import { checked, type Findings } from "./findings";
import type { DrillCheckResult } from "./schemas";
import type { Subject } from "./subject";
import { tablesFound } from "./tables";

/** Compares the restored copy with what the backup says of itself, and its rows with those in the archive, byte by byte. */
export async function compareCopy(job: Job, server: Server, { manifest, archive }: Pick<Subject, "manifest" | "archive">, findings: Findings): Promise<string> {
  const comparison = await compareWithManifest(server, manifest, job.signal);
  addComparison(findings, manifest, comparison);
  job.detail("contents");
  const started = Date.now();
  const contents = await compareContents(server, archive, job.signal, job.progress);
  addContents(findings, contents, Date.now() - started);
  const differing = findings.differences.length;
  if (differing === 0) findings.tables = tablesFound(manifest, comparison);
  return differing === 0 ? `${plural(contents.tables, "table")} and ${plural(contents.rows, "row")} equal, byte by byte` : plural(differing, "difference");
}

/** One line of the report for each thing that was compared with the manifest. */
export function addComparison(findings: Findings, manifest: Manifest, comparison: Comparison): void {
  const { differences, notCompared, tables } = comparison;
  const of = (...whats: Difference["what"][]) => differences.filter(({ what }) => whats.includes(what));
  const line = (id: DrillCheckResult["id"], title: string, found: readonly Difference[], equal: string) =>
    findings.checks.push(checked(id, found.length === 0 ? "passed" : "failed", title, found.length === 0 ? equal : `${plural(found.length, "difference")}; they are listed below.`));
  const expected = dumpedTables(manifest);
  findings.differences.push(...differences);
  findings.compared = { tables: tables.length, rows: sum(tables.map(({ rows }) => rows)), notCompared };
  const schema = of("table_missing", "table_extra", "schema");
  findings.isSchemaUnknown = comparison.schema === "not_compared";
  if (schema.length === 0 && comparison.schema !== "compared") findings.checks.push(checked("schema", "skipped", "Definitions", "The names of the tables are the same. Their definitions could not be compared, as said below."));
  else line("schema", "Definitions", schema, `Tables, columns, constraints, indexes, views, functions, types, triggers, policies, ${lacksRelations(manifest) ? "" : "sequences, "}publications and comments are the same.`);
  const notCounted = expected.filter(({ rows }) => rows === null).length;
  line("rows", "Exact record counts", of("rows"), `${plural(expected.length - notCounted, "table")} of ${count(expected.length)} counted: ${count(findings.compared.rows)} records, as when it was dumped.`);
  findings.checks.push(sequencesLine(of("sequence"), manifest));
  line("extensions", "Extensions", of("extension"), manifest.extensions.length === 0 ? "The backup has none." : `${manifest.extensions.map(({ name }) => name).join(", ")} could be created.`);
  line("large_objects", "Large objects", of("large_objects"), manifest.largeObjects === 0 ? "The backup has none." : `${plural(manifest.largeObjects, "large object")}, as when it was dumped.`);
  findings.checks.push(accessLine(comparison, of("owner", "grants"), manifest));
}

/** A value that the archive was never asked for is not equal, it is not compared. */
function sequencesLine(found: readonly Difference[], { sequences }: Manifest): DrillCheckResult {
  const known = sequences.filter(({ value }) => value !== null).length;
  if (found.length > 0) return checked("sequences", "failed", "Sequences", `${plural(found.length, "difference")}; they are listed below.`);
  if (sequences.length === 0) return checked("sequences", "passed", "Sequences", "The backup has none.");
  if (known === sequences.length) return checked("sequences", "passed", "Sequences", `${plural(known, "sequence")} at the values of the archive.`);
  return checked("sequences", "skipped", "Sequences", `${plural(known, "sequence")} of ${count(sequences.length)} compared, and at the values of the archive. Those of the others were not read from it.`);
}

/** Owners and grants, if the backup says anything of them. */
function accessLine(comparison: Comparison, found: readonly Difference[], manifest: Manifest): DrillCheckResult {
  if (!comparison.isAccessCompared) return checked("access", "skipped", "Owners and grants", "They could not be compared, as said below.");
  if (found.length > 0) return checked("access", "failed", "Owners and grants", `${plural(found.length, "difference")}; they are listed below.`);
  const { owners, grants } = countAccess(manifest.access ?? []);
  return checked("access", "passed", "Owners and grants", `Everything belongs to the same ${owners === 1 ? "role" : `${count(owners)} roles`} and is open to the same ones: ${plural(grants, "grant")}.`);
}

export function addContents(findings: Findings, contents: ContentsCompared, ms: number): void {
  const { differences, tables, rows, largeObjects } = contents;
  const objects = largeObjects > 0 ? ` and ${plural(largeObjects, "large object")}` : "";
  findings.differences.push(...differences);
  const detail = differences.length === 0 ? `${plural(rows, "row")} of ${plural(tables, "table")}${objects} are the same as in the archive, byte by byte.` : `${plural(differences.length, "table")} have other rows than the archive; they are listed below.`;
  // Without a single table nothing was compared, and what was not compared is not equal.
  const outcome = differences.length > 0 ? "failed" : tables > 0 || largeObjects > 0 ? "passed" : "skipped";
  findings.checks.push(checked("contents", outcome, "Contents of the rows", outcome === "skipped" ? "The archive holds no rows, so there was nothing to compare." : detail, ms));
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}
