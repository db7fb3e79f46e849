import { RestoreChoices, type RestoreEvidence } from "@/lib/restore/schemas";

/** What a worker finds where nothing stands in the way of a restore: for tests of what is done with a plan. */
export function harmlessEvidence({ at, backupId, databaseId, name }: { at: Date; backupId: string; databaseId: string; name: string }): RestoreEvidence {
  return {
    at: at.toISOString(),
    request: { backupId, databaseId, choices: RestoreChoices.parse({}) },
    backup: { id: backupId, databaseName: name, origin: "holdfast", takenAt: "2026-09-22T02:00:04Z", rung: "proven", provenAt: "2026-09-22T02:10:00Z", format: "custom", sizeBytes: 7, databaseBytes: 9, sha256: "ab", isPartial: false, problem: null, serverVersion: "15.8", serverVersionNumber: 150_008, owner: "postgres", encoding: "UTF8", collation: "C", characterType: "C", tables: null, extensions: [], roles: [] },
    target: { databaseId, name, databaseName: name, container: `${name}-db`, containerState: "running", problem: null, serverVersion: "15.8", serverVersionNumber: 150_008, systemIdentifier: "7", expectedIdentity: null, role: "postgres", isSuperuser: true, mayCreate: true, maySignal: true, live: { oid: "16384", sizeBytes: 9, owner: "postgres", ownedByRole: true, encoding: "UTF8", collation: "C", characterType: "C" }, tables: null, sessions: [], preparedTransactions: [], replicationSlots: [], subscriptions: [], availableExtensions: [], existingRoles: [], databaseNames: [name], volumes: [], wal: null, cores: 2, kept: [] },
    application: { containers: [`${name}-app`], healthUrl: null, healthSeconds: 120, stopSeconds: 30, rehearsal: null, states: [], health: null },
    measured: null,
    activeRunId: null,
  };
}
