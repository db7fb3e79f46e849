import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { DrillReport, type DrillTables } from "@/lib/drill/schemas";
import { plural } from "@/lib/format/counts";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import { isRedo } from "@/lib/runs/subject";
import type { LocalStore } from "@/lib/stores/local";
import { movesBack, storesOf, type Deletion } from "./deletion";
import { toRow, type BackupRow } from "./list";
import { newestReadable } from "./newest-readable";
import { BackupProblem, Manifest, rungOf, type Rung } from "./schemas";
import { readSidecar } from "./sidecar";
import { timelineKinds, timelineOf, type Moment, type TimelineRun } from "./timeline";

/** Answers that come this late are not waited for: a page must not hang on a disk. */
const sidecarPatienceMs = 800;
const mostRuns = 12;
/** Each drill among them comes with its report, which may be long. */
const mostUses = 50;

export interface BackupCopy {
  store: string;
  storeProblem: string | null;
  key: string;
  sizeBytes: number;
  sha256: string | null;
  rolesKey: string | null;
  storedAt: string;
  readBackAt: string | null;
  missingAt: string | null;
  /** How its file is not what was stored; null where nothing is known against it. */
  problem: string | null;
  /** When it was last looked whether it is there, as large as it should be. */
  lookedAt: string | null;
}

/** What one rung rests on. */
export interface RungEvidence {
  at: string | null;
  ms: number | null;
  /** The sentence the check itself left; null when there is none. */
  what: string | null;
}

export interface BackupView extends BackupRow {
  container: string | null;
  role: string | null;
  serverVersion: string | null;
  toolVersion: string | null;
  tables: number | null;
  proof: Record<Rung, RungEvidence>;
  problemHint: string | null;
  copyList: BackupCopy[];
  manifest: Manifest | null;
  rolesWithPasswords: boolean | null;
  run: { id: number; ms: number | null } | null;
  /** The run that is working with its file at this moment. */
  activeRunId: number | null;
  deletion: Deletion;
  moments: Moment[];
  /** The drill that proved it as it stands: null where it is not proven, or where that drill is not on record here. */
  provenBy: { drillId: string; image: string | null; tables: DrillTables | null } | null;
}

export interface DeletedBackup {
  databaseName: string;
  takenAt: string;
  deletedAt: string;
  by: string | null;
  runId: number | null;
}

export type FoundBackup = { state: "listed"; backup: BackupView } | { state: "deleted"; backup: DeletedBackup } | null;

/** What makes and checks its file; the other runs of its timeline use it. */
const ofTheFile = ["backup", "verify_backup"];
const include = {
  copies: { include: { store: true }, orderBy: { storedAt: "asc" } },
  database: true,
  manifest: true,
  drills: { select: { runId: true }, orderBy: { startedAt: "desc" }, take: mostUses },
  runs: { where: { kind: { in: ofTheFile } }, orderBy: { id: "desc" }, take: mostRuns, include: { events: { where: { type: { in: ["step_finished"] } }, orderBy: { id: "asc" } } } },
} as const satisfies Prisma.BackupInclude;
type Row = Prisma.BackupGetPayload<{ include: typeof include }>;

const withDrill = { drill: { select: { id: true, outcome: true, finishedAt: true, report: true } }, restore: { select: { targetName: true } } } as const satisfies Prisma.RunInclude;
type UseOfIt = Prisma.RunGetPayload<{ include: typeof withDrill }>;
/** Of a drill's report, what the page of its backup tells. */
const Told = DrillReport.pick({ image: true, compared: true, tables: true, cleanUp: true });

/** A backup with everything its page shows; one that was deleted says so; null when there never was one. */
export async function readBackup(ctx: Pick<Context, "db" | "clock">, id: string): Promise<FoundBackup> {
  const row = await ctx.db.backup.findUnique({ where: { id }, include });
  if (!row) return null;
  if (row.deletedAt) return { state: "deleted", backup: await readDeleted(ctx, row, row.deletedAt) };
  const [newest, active, rolesWithPasswords, uses, provenBy, firstProof] = await Promise.all([
    row.databaseId ? newestReadable(ctx, row.databaseId) : [],
    ctx.db.run.findUnique({ where: { activeKey: `backup-file:${row.id}` }, select: { id: true } }),
    askSidecar(row),
    // A disaster drill's run is about a database; only its drill names the backup.
    ctx.db.run.findMany({ where: { kind: { in: timelineKinds.filter((kind) => !ofTheFile.includes(kind)) }, OR: [{ backupId: row.id }, { id: { in: row.drills.map(({ runId }) => runId) } }] }, orderBy: { id: "desc" }, take: mostUses, include: withDrill }),
    findProof(ctx, row),
    ctx.db.drill.findFirst({ where: { backupId: row.id, outcome: "passed" }, orderBy: { runId: "asc" }, select: { runId: true } }),
  ]);
  const shown = toRow(row);
  const made = row.runs.find((run) => run.kind === "backup");
  const deletion = { databaseName: row.databaseName, sizeBytes: shown.sizeBytes, rows: shown.rows, ...storesOf(shown), movesBack: movesBack(row.id, newest) };
  return {
    state: "listed",
    backup: {
      ...shown,
      container: row.database?.container ?? null,
      role: row.database?.role ?? null,
      serverVersion: row.serverVersion,
      toolVersion: row.toolVersion,
      tables: row.tables,
      proof: proofOf(row, provenBy),
      problemHint: hintOf(row),
      copyList: row.copies.map(toCopy),
      manifest: readJson(Manifest, row.manifest?.content ?? null),
      rolesWithPasswords,
      run: made ? { id: made.id, ms: made.startedAt && made.finishedAt ? made.finishedAt.getTime() - made.startedAt.getTime() : null } : null,
      activeRunId: active?.id ?? null,
      deletion,
      moments: timelineOf([...row.runs.map((run) => ({ ...run, drill: null, restoredAs: null, isRedo: false })), ...uses.map(toUse)], { provenAt: row.provenAt, firstRunId: firstProof?.runId ?? null }),
      provenBy,
    },
  };
}

function toCopy(copy: Row["copies"][number]): BackupCopy {
  return {
    store: copy.store.name,
    storeProblem: copy.store.problem,
    key: copy.key,
    sizeBytes: toNumber(copy.sizeBytes),
    sha256: copy.sha256,
    rolesKey: copy.rolesKey,
    storedAt: copy.storedAt.toISOString(),
    readBackAt: copy.readBackAt?.toISOString() ?? null,
    missingAt: copy.missingAt?.toISOString() ?? null,
    problem: readJson(BackupProblem, copy.problem)?.message ?? null,
    lookedAt: copy.lookedAt?.toISOString() ?? null,
  };
}

function toUse(run: UseOfIt): TimelineRun {
  const told = readJson(Told, run.drill?.report ?? null);
  const drill = run.drill && {
    outcome: run.drill.outcome,
    image: told?.image ?? null,
    tables: told?.tables?.equal ?? told?.compared.tables ?? 0,
    isEqual: Boolean(told?.tables),
    cleanUp: told?.cleanUp ? { at: told.cleanUp.at, containers: told.cleanUp.containers.length, left: told.cleanUp.left } : null,
  };
  return { ...run, finishedAt: run.drill?.finishedAt ?? run.finishedAt, events: [], drill, restoredAs: run.restore?.targetName ?? null, isRedo: isRedo(run) };
}

/** The drill whose end is when it became proven: a later one that failed has taken the proof back, one of elsewhere is not on record. */
async function findProof({ db }: Pick<Context, "db">, row: Row): Promise<BackupView["provenBy"]> {
  if (rungOf(row.rung) !== "proven" || row.problem !== null || row.provenAt === null) return null;
  const drill = await db.drill.findFirst({ where: { backupId: row.id, outcome: "passed", finishedAt: row.provenAt }, orderBy: { runId: "desc" }, select: { id: true, report: true } });
  const told = readJson(Told, drill?.report ?? null);
  return drill && told ? { drillId: drill.id, image: told.image, tables: told.tables } : null;
}

function proofOf(row: Row, provenBy: BackupView["provenBy"]): BackupView["proof"] {
  // Newest run first: the sentence belongs to the check that set the rung's present time.
  const said = (step: string) => row.runs.flatMap((run) => run.events).find((event) => event.step === step)?.message ?? null;
  const at = (time: Date | null) => time?.toISOString() ?? null;
  return {
    stored: { at: at(row.storedAt), ms: row.storedMs, what: null },
    intact: { at: at(row.intactAt), ms: row.intactMs, what: said("read_back") },
    readable: { at: at(row.readableAt), ms: row.readableMs, what: said("decode") },
    proven: { at: at(row.provenAt), ms: row.provenMs, what: provenBy?.tables ? `Restored on ${provenBy.image ?? "its own image"}, without network. ${provenBy.tables.equal} of ${plural(provenBy.tables.equal, "table")} equal, byte by byte` : null },
  };
}

/** The hint of the run that found the problem. */
function hintOf(row: Row): string | null {
  const problem = readJson(BackupProblem, row.problem);
  if (!problem) return null;
  const error = row.runs.map((run) => readJson(PublicErrorSchema, run.error)).find((shown) => shown?.code === problem.code);
  return error?.hint ?? null;
}

/** Whether the roles file carries passwords is written only beside the file itself; null when that cannot be read now. */
async function askSidecar(row: Row): Promise<boolean | null> {
  const copy = row.copies.find((one) => one.rolesKey !== null && one.missingAt === null && one.store.removedAt === null);
  if (!copy) return null;
  const store: LocalStore = copy.store;
  const late = new Promise<null>((resolve) => setTimeout(resolve, sidecarPatienceMs, null).unref());
  const sidecar = await Promise.race([readSidecar(store, copy.key).catch(() => null), late]);
  return sidecar?.roles?.withPasswords ?? null;
}

async function readDeleted(ctx: Pick<Context, "db">, row: Row, deletedAt: Date): Promise<DeletedBackup> {
  const entry = await ctx.db.auditEntry.findFirst({ where: { action: "backup.deleted", outcome: "succeeded", backupId: row.id }, orderBy: { id: "desc" }, select: { actorName: true, runId: true } });
  return { databaseName: row.databaseName, takenAt: row.takenAt.toISOString(), deletedAt: deletedAt.toISOString(), by: entry?.actorName ?? null, runId: entry?.runId ?? null };
}
