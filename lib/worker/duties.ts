import "server-only";
import type { Deliverer } from "@/lib/alerts/deliver";
import { pruneAlerts } from "@/lib/alerts/outbox";
import { watchConditions } from "@/lib/alerts/watch";
import { workersConditions } from "@/lib/alerts/who-watches";
import { checkChainDaily } from "@/lib/audit/check-chain";
import { drillPolicyName } from "@/lib/backup/initiators";
import { recheckLeft } from "@/lib/backup/recheck-due";
import { systemClock } from "@/lib/clock";
import { configPlaces } from "@/lib/config/locate";
import { lookAtConfig, type LastLook } from "@/lib/config/look";
import type { Context } from "@/lib/context";
import { findEngine } from "@/lib/docker/engine";
import { startDueDrill } from "@/lib/drill/schedule";
import { toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { closeIdleLooks } from "@/lib/look/sweep";
import { pruneDue } from "@/lib/retention/prune-due";
import { removeAbandonedUploads } from "@/lib/upload/sweep";
import type { Duty } from "./duty";
import type { Worker } from "./execute";
import type { Loop } from "./loop";
import { runSchedules } from "./scheduler";
import { removeUnneededScratch } from "./scratch";
import { sweep } from "./sweep";
import { tendRestores } from "./tend-restores";
import { tendTables } from "./tend-tables";
import { watchFiles } from "./watch-files";
import { watchNewStores, watchStores } from "./watch-stores";

/** All that a worker looks after beside its runs, by name. */
export function dutiesOf(worker: Worker, loop: Loop, deliverer: Deliverer) {
  const { db } = worker;
  const origin = worker.id.split(":")[0] ?? worker.id;
  const as = (kind: "schedule" | "system", name: string): Context => ({ actor: { kind, id: null, name, origin }, clock: systemClock, db });
  const startedAt = systemClock.now();
  const lastLook: LastLook = { seen: null };
  let scheduledAt: Date | null = null;
  return {
    heartbeat: { everyMs: 10_000, failure: "heartbeat failed", work: () => beat(worker, scheduledAt) },
    /** What a file of settings says, before anything else is done and whenever it changes. */
    settings: { everyMs: 5_000, failure: "the file of settings could not be applied", work: () => lookAtConfig({ db, clock: systemClock, origin }, configPlaces(), lastLook) },
    sweep: { everyMs: 20_000, failure: "sweep failed", work: () => sweepAll(worker, loop) },
    restores: { everyMs: 5_000, failure: "restores could not be tended", work: () => tendRestores(worker) },
    stores: { everyMs: 60_000, failure: "the stores could not be looked at", work: () => watchStores(db) },
    newStores: { everyMs: 3_000, failure: "new stores could not be looked at", work: () => watchNewStores(db) },
    // On their own: many files take long, and whether a store is there must be known meanwhile.
    files: { everyMs: 60_000, failure: "the stored files could not be looked at", work: () => watchFiles(as("system", "Holdfast")) },
    filesLeft: { everyMs: 600_000, failure: "files of removed databases could not be read again", work: () => recheckLeft(as("system", "Holdfast")) },
    uploads: { everyMs: 60_000, failure: "abandoned uploads could not be removed", work: () => removeAbandonedUploads(db) },
    schedules: { everyMs: 5_000, failure: "schedules could not be looked after", work: async () => { await runSchedules(db); scheduledAt = systemClock.now(); } },
    retention: { everyMs: 30_000, failure: "the clean-up could not be planned", work: () => pruneDue(as("system", "Retention")) },
    drills: { everyMs: 5_000, failure: "drills could not be scheduled", work: () => startDueDrill(as("schedule", drillPolicyName)) },
    conditions: { everyMs: 15_000, failure: "what has to be told could not be looked at", work: () => watchConditions({ db, clock: systemClock }, workersConditions, startedAt) },
    deliveries: { everyMs: 2_000, failure: "notifications could not be sent", work: () => deliverer.begin() },
    auditChain: { everyMs: 300_000, failure: "the audit log could not be checked", work: () => checkChainDaily({ db, clock: systemClock }) },
    oldAlerts: { everyMs: 3_600_000, failure: "old notifications could not be forgotten", work: () => pruneAlerts({ db, clock: systemClock }) },
  } satisfies Record<string, Duty>;
}

/** Says that this worker lives, when it last looked after schedules, and whether the Engine answers it. Silence tells the rest. */
async function beat({ id, db }: Worker, scheduledAt: Date | null): Promise<void> {
  const engine = await findEngine().then(
    ({ version }) => ({ engineVersion: version, engineProblem: null }),
    (error: unknown) => ({ engineVersion: null, engineProblem: toPublicError(error).message }),
  );
  await db.worker.update({ where: { id }, data: { heartbeatAt: systemClock.now(), scheduledAt, ...engine } });
}

/** Lost runs first: their scratch servers are not needed from then on. */
async function sweepAll(worker: Worker, loop: Loop): Promise<void> {
  await sweep(worker, (runId) => loop.isActive(runId)).catch((error: unknown) => log.error({ err: error }, "sweep failed"));
  await tendTables(worker).catch((error: unknown) => log.error({ err: error }, "restores of tables could not be looked after"));
  await closeIdleLooks(worker.db).catch((error: unknown) => log.warn({ err: error }, "looks could not be closed"));
  await removeUnneededScratch(worker).catch((error: unknown) => log.warn({ err: error }, "scratch servers could not be looked for"));
}
