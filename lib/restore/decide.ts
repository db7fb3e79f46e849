import type { MissingRole, RestoreDecision, RestoreEvidence } from "./schemas";

/**
 * What is done, and to what: all that a person confirms. Counts, sessions and ages stay out of it, so that a busy database does
 * not become one that cannot be restored; what is replaced is named by its own identity.
 */
export function decideRestore({ backup, target, application, request }: RestoreEvidence): RestoreDecision {
  const { choices } = request;
  const targetName = choices.method === "beside" ? (choices.newName ?? "") : target.databaseName;
  const replaces = choices.method !== "beside" && target.live !== null;
  const stops = replaces ? application.containers : [];
  return {
    backupId: backup.id,
    sha256: backup.sha256,
    databaseId: target.databaseId,
    container: target.container,
    systemIdentifier: target.systemIdentifier,
    databaseName: target.databaseName,
    replacesOid: replaces ? (target.live?.oid ?? null) : null,
    method: choices.method,
    targetName,
    roles: Object.fromEntries(missing(target.existingRoles, backup.roles).map((role): [string, MissingRole] => [role, choices.missingRoles[role] ?? { do: "create" }])),
    keepHours: choices.keepHours,
    undoIfUnhealthy: choices.undoIfUnhealthy,
    safetyBackup: choices.method === "in_place" && replaces && choices.safetyBackup,
    stops,
    healthUrl: replaces ? application.healthUrl : null,
    steps: steps({ choices, targetName, replaces, stops, healthUrl: application.healthUrl }),
  };
}

function missing(existing: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(existing);
  return wanted.filter((role) => !there.has(role)).sort();
}

/** What will happen, a line each, in order. */
function steps(plan: { choices: RestoreEvidence["request"]["choices"]; targetName: string; replaces: boolean; stops: readonly string[]; healthUrl: string | null }): string[] {
  const { choices, targetName, replaces, stops, healthUrl } = plan;
  const names = stops.join(", ");
  const stop = stops.length > 0 ? [`Stop ${names}, close the connections to ${targetName}`] : replaces ? [`Close the connections to ${targetName}`] : [];
  const start = stops.length > 0 ? [`Start ${names}${healthUrl ? `, wait until ${healthUrl} answers` : ""}`] : replaces && healthUrl ? [`Wait until ${healthUrl} answers`] : [];
  switch (choices.method) {
    case "swap":
      return [
        `Restore into a staging database beside ${targetName}`,
        "Compare every table with the manifest",
        ...stop,
        replaces ? "Swap names in one transaction" : `Give it the name ${targetName}`,
        ...start,
        ...(replaces ? [`Keep the database from before for ${choices.keepHours} h`] : []),
      ];
    case "beside":
      return [`Restore into a staging database`, "Compare every table with the manifest", `Give it the name ${targetName}`];
    case "in_place":
      return [
        ...stop,
        ...(replaces && choices.safetyBackup ? [`Give ${targetName} another name, so that nobody writes to it, back it up, and verify that backup`] : []),
        ...(replaces ? [`Drop ${targetName}`] : []),
        `Create ${targetName} and restore into it`,
        "Compare every table with the manifest",
        ...start,
      ];
  }
}
