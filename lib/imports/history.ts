import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { AuditJson, type AuditOutcome } from "@/lib/audit/schemas";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { fullTime } from "@/lib/format/times";
import { afterGap, instantsOf } from "@/lib/schedule/zone";
import { importErrors } from "./errors";
import { bytesOf } from "./log-lines";
import { LogReader, type LogReading, type LogRun } from "./read-log";
import { mostLogBytes, mostLogRuns, type HistoryInput, type HistoryPreview } from "./schemas";

/** Where all of it comes from: the name it had for the scripts (Backup Procedures, Appendix F). */
export const logOrigin = "logs/backup.log";

const batch = 200;
const newestShown = 10;

/** What an entry keeps of the run it is about. */
const Imported = z.object({ key: z.string() });

/** A run with the instant that its wall clock stood for, and the times it must lie between when it has none. */
interface Placed {
  run: LogRun;
  at: string | null;
  after: string | null;
  before: string | null;
}

/**
 * Reads a log of the procedures' scripts, and with the hash of what was shown writes each run into the audit log as history: an entry of
 * its own kind, at the end of the chain, with the time it happened beside the time it was imported. A run that is there already is left
 * out. Nothing counts as a proof, and no figure of Holdfast's own is made from it.
 */
export async function importHistory(ctx: Context, input: HistoryInput, body: AsyncIterable<Uint8Array>): Promise<HistoryPreview> {
  const reading = await readBody(body);
  if (reading.runs.length === 0) throw importErrors.no_run({ lines: reading.lines });
  const placed = place(reading.runs, input.timeZone);
  const hash = createHash("sha256").update(JSON.stringify(placed)).digest("hex");
  const known = new Set([...(await knownKeys(ctx.db)), ...(await ownFiles(ctx.db))]);
  const fresh = placed.filter(({ run }) => !known.has(run.key));
  const preview = previewOf(reading, placed, fresh, hash);
  if (input.hash === undefined) return preview;
  if (input.hash !== hash) throw importErrors.changed({});
  return { ...preview, written: await write(ctx, fresh) };
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<LogReading> {
  const reader = new LogReader();
  // What is no UTF-8 becomes a sign that no line is made of, and that line is shown as not understood.
  const decoder = new TextDecoder("utf-8");
  let received = 0;
  let rest = "";
  for await (const chunk of body) {
    received += chunk.byteLength;
    if (received > mostLogBytes) throw importErrors.too_large({ mostBytes: mostLogBytes });
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) reader.push(line);
  }
  rest += decoder.decode();
  if (rest !== "") reader.push(rest);
  const reading = reader.end();
  if (reading.runs.length > mostLogRuns) throw importErrors.too_many_runs({ most: mostLogRuns });
  // The same run twice in one file: the log was put together from copies.
  return { ...reading, runs: [...new Map(reading.runs.map((run) => [run.key, run])).values()] };
}

function place(runs: readonly LogRun[], timeZone: string): Placed[] {
  const times = runs.map(({ kind, stamp }) => (kind === "backup" && stamp ? instantOf(stamp, timeZone) : null));
  let after: string | null = null;
  const placed = runs.map((run, index): Placed => {
    const at = times[index] ?? null;
    const one = { run, at, after, before: null };
    after = at ?? after;
    return one;
  });
  let before: string | null = null;
  for (const one of [...placed].reverse()) {
    one.before = before;
    before = one.at ?? before;
  }
  return placed;
}

/** `20251113_233752` by the wall clock of a zone. Where it came twice the first is taken. Null for a time that no calendar has. */
function instantOf(stamp: string, timeZone: string): string | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$/.exec(stamp)?.map(Number) ?? [];
  if (year === undefined || month === undefined) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const text = new Date(wall).toISOString().replace(/\D/g, "").slice(0, 14);
  if (text !== stamp.replace("_", "")) return null;
  return new Date(instantsOf(wall, timeZone)[0] ?? afterGap(wall, timeZone)).toISOString();
}

async function knownKeys(db: Context["db"] | Tx): Promise<Set<string>> {
  const entries = await db.auditEntry.findMany({ where: { action: "history.imported" }, select: { after: true } });
  return new Set(entries.flatMap(({ after }) => Imported.safeParse(readJson(AuditJson, after)).data?.key ?? []));
}

/** Files that Holdfast made itself, also through the scripts: what it saw is in the log already, as it saw it. */
async function ownFiles(db: Context["db"]): Promise<string[]> {
  const copies = await db.copy.findMany({ where: { backup: { origin: "holdfast" } }, select: { key: true } });
  return copies.map(({ key }) => key.slice(key.lastIndexOf("/") + 1).replace(/\.gz$/, ""));
}

/** In batches, so that others are not kept waiting for the record; each looks once more at what is there. */
async function write(ctx: Context, fresh: readonly Placed[]): Promise<number> {
  const importer = { ...ctx, actor: { ...ctx.actor, origin: logOrigin } };
  const databases = new Map((await ctx.db.database.findMany({ where: { removedAt: null }, select: { id: true, name: true, databaseName: true, fileName: true } })).flatMap((one) => [[one.fileName, one], [one.databaseName, one]] as const));
  let written = 0;
  for (let from = 0; from < fresh.length; from += batch) {
    await transaction(ctx, async (tx) => {
      const known = await knownKeys(tx);
      for (const one of fresh.slice(from, from + batch)) {
        if (known.has(one.run.key)) continue;
        const database = one.run.database === null ? undefined : databases.get(one.run.database);
        await recordAudit(tx, importer, {
          action: "history.imported",
          outcome: outcomes[one.run.outcome],
          sentence: sentenceOf(one),
          database: database ?? null,
          sizeBytes: one.run.size === null ? null : bytesOf(one.run.size),
          reason: one.run.problems[0] ?? null,
          after: kept(one),
        });
        written += 1;
      }
    });
  }
  return written;
}

const outcomes = { succeeded: "succeeded", failed: "failed", cancelled: "cancelled", unfinished: "lost" } as const satisfies Record<LogRun["outcome"], AuditOutcome>;
const words = { succeeded: "ended as complete", failed: "failed", cancelled: "was cancelled", unfinished: "has no end there" } as const satisfies Record<LogRun["outcome"], string>;

/** "From logs/backup.log: backup of bimcalc on 13 Nov 2025 23:37:52 UTC ended as complete" */
function sentenceOf({ run, at, after, before }: Placed): string {
  const between = after && before ? `between ${fullTime(after)} and ${fullTime(before)}` : after ? `after ${fullTime(after)}` : before ? `before ${fullTime(before)}` : "at a time it does not say";
  return `From ${logOrigin}: ${run.kind}${run.database === null ? "" : ` of ${run.database}`} ${at ? `on ${fullTime(at)}` : between} ${words[run.outcome]}`;
}

/** Everything that the log says of a run, as it is written there. */
function kept({ run, at, after, before }: Placed): Record<string, unknown> {
  const { key, kind, outcome, file, size, databaseSize, counts, verified, problems, firstLine, lastLine } = run;
  return {
    imported: true, key, kind, happenedAt: at, ...(at ? {} : { happenedAfter: after, happenedBefore: before }), outcome, file, size, databaseSize,
    ...(Object.keys(counts).length > 0 ? { counts } : {}),
    gzipTested: verified, ...(problems.length > 0 ? { problems } : {}), lines: `${firstLine} to ${lastLine}`,
  };
}

function previewOf(reading: LogReading, placed: readonly Placed[], fresh: readonly Placed[], hash: string): HistoryPreview {
  const times = placed.flatMap(({ at }) => at ?? []).sort();
  const many = (outcome: LogRun["outcome"]) => placed.filter(({ run }) => run.outcome === outcome).length;
  return {
    hash,
    lines: reading.lines,
    runs: placed.length,
    known: placed.length - fresh.length,
    succeeded: many("succeeded"),
    failed: many("failed"),
    unfinished: many("unfinished"),
    cancelled: many("cancelled"),
    from: times[0] ?? null,
    to: times.at(-1) ?? null,
    newest: fresh.slice(-newestShown).reverse().map((one) => ({ sentence: sentenceOf(one), outcome: outcomes[one.run.outcome], lines: `${one.run.firstLine} to ${one.run.lastLine}` })),
    notUnderstood: reading.notUnderstood,
    notUnderstoodTotal: reading.notUnderstoodTotal,
    written: null,
  };
}
