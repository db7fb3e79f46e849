import type { RestoreDecision } from "./schemas";

/** What is different between two decisions, a sentence each; empty when a person would confirm the same thing. */
export function planChanges(before: RestoreDecision, after: RestoreDecision): string[] {
  const changed = (name: keyof RestoreDecision) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const named = sentences.flatMap(([name, say]) => (changed(name) ? [say(before, after)] : []));
  // Steps follow from the rest; they are named only when nothing else explains them.
  return named.length === 0 && changed("steps") ? ["The steps are others than before."] : named;
}

type Say = (before: RestoreDecision, after: RestoreDecision) => string;

const sentences: readonly [keyof RestoreDecision, Say][] = [
  ["backupId", () => "It is another backup."],
  ["sha256", () => "The backup's file has another hash than before."],
  ["databaseId", () => "It goes to another database."],
  ["container", (before, after) => `The container is ${after.container}, not ${before.container}.`],
  ["systemIdentifier", (_, after) => (after.systemIdentifier === null ? "The server could not be asked who it is." : `It is another server than before: its identity is ${after.systemIdentifier}.`)],
  ["databaseName", (before, after) => `The database is called ${after.databaseName}, not ${before.databaseName}.`],
  ["replacesOid", (before, after) => (after.replacesOid === null ? "There is no live database of that name any more." : before.replacesOid === null ? "There is a live database of that name now, and it would be replaced." : "The live database was replaced by another one of the same name.")],
  ["method", () => "It is done in another way."],
  ["targetName", (before, after) => `The result is called ${after.targetName}, not ${before.targetName}.`],
  ["roles", () => "What is done about missing roles is different."],
  ["keepHours", (before, after) => `The database from before is kept for ${after.keepHours} h, not ${before.keepHours} h.`],
  ["undoIfUnhealthy", (_, after) => (after.undoIfUnhealthy ? "It undoes itself when the application does not come up." : "It no longer undoes itself.")],
  ["safetyBackup", (_, after) => (after.safetyBackup ? "A safety backup is taken first." : "No safety backup is taken.")],
  ["stops", (_, after) => (after.stops.length > 0 ? `These containers are stopped: ${after.stops.join(", ")}.` : "No container is stopped any more.")],
  ["healthUrl", (_, after) => (after.healthUrl ? `Whether the application works is asked of ${after.healthUrl}.` : "Nothing is asked whether the application works.")],
];
