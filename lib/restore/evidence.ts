import "server-only";
import { z } from "zod";
import { bestCopy } from "@/lib/backup/best-copy";
import { rungFrom } from "@/lib/backup/record";
import { Manifest, BackupProblem } from "@/lib/backup/schemas";
import { applicationOf } from "@/lib/databases/application";
import { databaseErrors } from "@/lib/databases/errors";
import { dumpFormats } from "@/lib/databases/schemas";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Database } from "@/lib/db/generated/client";
import { checkHealth, inspectApplication } from "@/lib/docker/application";
import { inspectContainer } from "@/lib/docker/containers";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { engineSize } from "@/lib/docker/labelled";
import { AppError, toPublicError } from "@/lib/errors";
import { lastMeasured } from "@/lib/history/measured";
import { backupKey } from "@/lib/runs/enqueue";
import { connect, type Server } from "@/lib/postgres/server";
import { surveyVolumes } from "@/lib/postgres/volumes";
import { countLive } from "./count-live";
import { restoreErrors } from "./errors";
import { listKept } from "./read-kept";
import type { RestoreEvidence, RestoreRequest } from "./schemas";
import { readTarget } from "./target";

type Backup = RestoreEvidence["backup"];
type Target = RestoreEvidence["target"];

const healthPatienceMs = 4_000;

/**
 * Asks everything a plan depends on, once: the backup's record, the target's server, its application. Only reads. A server that
 * cannot be asked is part of the answer (`target.problem`), not an error: a stopped container must be plannable for.
 */
export async function gatherEvidence(ctx: Context, request: RestoreRequest, options: { countBudgetMs: number; runId: number | null }, signal: AbortSignal): Promise<RestoreEvidence> {
  const database = await ctx.db.database.findUnique({ where: { id: request.databaseId } });
  if (!database || database.removedAt) throw databaseErrors.not_found({});
  const backup = await readBackup(ctx, request.backupId);
  const application = applicationOf(database);
  const engine = await findEngine();
  const [target, states, health] = await Promise.all([
    askTarget(ctx, engine, database, options.countBudgetMs, signal),
    inspectApplication(engine, application),
    application.healthUrl ? checkHealth(application.healthUrl, AbortSignal.any([signal, AbortSignal.timeout(healthPatienceMs)])) : null,
  ]);
  const active = await ctx.db.run.findUnique({ where: { activeKey: backupKey(database.id) }, select: { id: true } });
  return {
    at: ctx.clock.now().toISOString(),
    request,
    backup,
    target,
    application: { ...application, states, health },
    measured: await measuredBefore(ctx, database.id, backup.id),
    activeRunId: active && active.id !== options.runId ? active.id : null,
  };
}

/** Downtime is that of the last swap: it does not depend on the size. */
export async function measuredBefore(ctx: Pick<Context, "db">, databaseId: string, backupId: string): Promise<RestoreEvidence["measured"]> {
  const [found, swapped] = await Promise.all([
    lastMeasured(ctx, [{ databaseId, backupId }]),
    ctx.db.restore.findFirst({ where: { databaseId, totalMs: { not: null }, swappedAt: { not: null } }, orderBy: { startedAt: "desc" }, select: { downtimeMs: true } }),
  ]);
  const one = found.get(databaseId);
  return one ? { what: one.kind === "restore" ? "restore" : "drill", at: new Date(one.from).toISOString(), totalMs: one.totalMs, sizeBytes: one.sizeBytes, downtimeMs: swapped?.downtimeMs ?? null } : null;
}

async function readBackup(ctx: Context, backupId: string): Promise<Backup> {
  const backup = await ctx.db.backup.findUnique({ where: { id: backupId, deletedAt: null }, include: { manifest: true, copies: { include: { store: true }, orderBy: { storedAt: "asc" } } } });
  if (!backup) throw restoreErrors.no_backup({});
  const manifest = readJson(Manifest, backup.manifest?.content ?? null);
  const copy = bestCopy(backup.copies);
  return {
    id: backup.id,
    databaseName: backup.databaseName,
    origin: backup.origin,
    takenAt: backup.takenAt.toISOString(),
    rung: rungFrom(backup.rung),
    provenAt: backup.provenAt?.toISOString() ?? null,
    format: z.enum(dumpFormats).parse(backup.format),
    sizeBytes: toNumber(backup.sizeBytes),
    databaseBytes: toNumber(backup.databaseBytes),
    sha256: copy?.sha256 ?? null,
    isPartial: backup.isPartial,
    problem: readJson(BackupProblem, backup.problem)?.message ?? (copy ? null : "No copy of it is in any store."),
    serverVersion: backup.serverVersion,
    serverVersionNumber: manifest?.server.versionNumber ?? null,
    owner: manifest?.database.owner ?? null,
    encoding: manifest?.database.encoding ?? null,
    collation: manifest?.database.collation ?? null,
    characterType: manifest?.database.characterType ?? null,
    tables: manifest ? manifest.tables.filter((table) => table.kind === "table" && table.excluded !== "absent").map(({ schema, name, rows, excluded }) => ({ schema, name, rows, excluded: excluded === "data" })) : null,
    extensions: manifest?.extensions.map(({ name, version }) => ({ name, version })) ?? [],
    roles: manifest?.roles ?? [],
  };
}

const unknownTarget = {
  serverVersion: null, serverVersionNumber: null, systemIdentifier: null, isSuperuser: false, mayCreate: false, maySignal: false, live: null, tables: null,
  sessions: [], preparedTransactions: [], replicationSlots: [], subscriptions: [], availableExtensions: [], existingRoles: [], databaseNames: [], volumes: [], wal: null, cores: 1, kept: [],
} satisfies Partial<Target>;

async function askTarget(ctx: Context, engine: Engine, database: Database, countBudgetMs: number, signal: AbortSignal): Promise<Target> {
  const base = {
    ...unknownTarget,
    databaseId: database.id,
    name: database.name,
    databaseName: database.databaseName,
    container: database.container,
    containerState: await inspectContainer(engine, database.container).then((info) => info.state, whenMissing),
    problem: null,
    expectedIdentity: database.systemIdentifier ? `${database.systemIdentifier}/${database.databaseOid ?? ""}` : null,
    role: database.role,
  };
  try {
    const { server, answers } = await connectTarget(engine, database, signal);
    const counting = startCounting(answers ? server : null, countBudgetMs, signal);
    try {
      const facts = await readTarget(server, database.databaseName, signal);
      const [cores, { volumes, walBytes }, kept] = await Promise.all([engineSize(engine).then((size) => size.cores), surveyVolumes(server, database.databaseName, signal), keptDatabases(ctx, database.id)]);
      const tables = await counting.done;
      return { ...base, ...facts, serverVersion: server.facts.version, serverVersionNumber: server.facts.versionNumber, systemIdentifier: server.facts.systemIdentifier, tables, cores, volumes, wal: { ...facts.wal, heldBytes: walBytes }, kept };
    } finally {
      await counting.stop();
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    const { code, message, hint } = toPublicError(error);
    return { ...base, problem: { code, message, hint: hint ?? null } };
  }
}

/** Counts while the rest is asked. It holds a snapshot of the live server, so whoever needs it no more has to wait for its end. */
function startCounting(server: Server | null, budgetMs: number, signal: AbortSignal): { done: Promise<Target["tables"]>; stop: () => Promise<void> } {
  const over = new AbortController();
  const done = server ? countLive(server, budgetMs, AbortSignal.any([signal, over.signal])) : Promise.resolve(null);
  const ended = done.then(() => undefined, () => undefined);
  return {
    done,
    stop: () => {
      over.abort();
      return ended;
    },
  };
}

function whenMissing(error: unknown): null {
  if (error instanceof AppError && error.code === "docker.container_missing") return null;
  throw error;
}

/**
 * The target's server through the database itself, or through another one where that does not exist or lets nobody in: a restore has to
 * work when nothing is left. A server with another identity than the registered one is told about in the plan, where it may be a replacement.
 */
export async function connectTarget(engine: Engine, database: Database, signal: AbortSignal, tag?: string): Promise<{ server: Server; answers: boolean }> {
  const { container, role, databaseName } = database;
  const other = databaseName === "postgres" ? "template1" : "postgres";
  try {
    return { server: await connect(engine, { container, role, database: databaseName }, { tag }, signal), answers: true };
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "postgres.database_missing" && error.code !== "postgres.refused")) throw error;
    const server = await connect(engine, { container, role, database: other }, { tag }, signal).catch(() => null);
    if (!server) throw error;
    return { server, answers: false };
  }
}

async function keptDatabases(ctx: Context, databaseId: string): Promise<{ name: string; sizeBytes: number }[]> {
  return (await listKept(ctx, { databaseId })).map(({ name, sizeBytes }) => ({ name, sizeBytes: sizeBytes ?? 0 }));
}
