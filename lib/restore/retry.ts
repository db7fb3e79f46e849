import type { RestoreDecision } from "./schemas";
import { replanHref, WizardParams } from "./search-params";

/** The review of the same restore with a new plan: the same address as the first time. */
export function retryHref({ backupId, databaseId, method, targetName, keepHours, undoIfUnhealthy, safetyBackup, roles }: RestoreDecision): string {
  const blank = WizardParams.parse({});
  return replanHref({
    ...blank,
    backup: backupId,
    to: databaseId,
    method,
    name: method === "beside" ? targetName : null,
    keep: keepHours,
    undo: undoIfUnhealthy,
    // Elsewhere it is not asked about, and what is not asked stays out of the address.
    safety: method === "in_place" ? safetyBackup : blank.safety,
    roles,
  });
}
