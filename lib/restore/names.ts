/** PostgreSQL's limit for an identifier, in bytes (NAMEDATALEN - 1). */
const longest = 63;

/** `<name><suffix>` within the limit: the name is cut between characters, never inside one. */
export function nameWith(name: string, suffix: string): string {
  const encoder = new TextEncoder();
  const room = longest - encoder.encode(suffix).length;
  let kept = "";
  for (const character of name) {
    if (encoder.encode(kept + character).length > room) break;
    kept += character;
  }
  return kept + suffix;
}

/**
 * Names of databases that restore `runId` has to do with. `byRun` is the run that gives the name, where that is a later one. No two runs give
 * the same: a worker that slept knows a database by its name, and one that has another by now never gets that one back.
 */
const of = (runId: number, byRun: number) => (byRun === runId ? `r${runId}` : `r${runId}_${byRun}`);

/** Where it restores to, before anything live is touched. */
export const stagingName = (name: string, runId: number, byRun = runId) => nameWith(name, `__staging_${of(runId, byRun)}`);
/** The database from before it. */
export const beforeName = (name: string, runId: number, byRun = runId) => nameWith(name, `__before_${of(runId, byRun)}`);
/** What it had restored, after it was undone. */
export const restoredStateName = (name: string, runId: number, byRun = runId) => nameWith(name, `__restored_${of(runId, byRun)}`);
/** The one of the two that is not live, after `byRun` was lost on its way to exchange them. */
export const keptAwayName = (name: string, runId: number, byRun: number) => nameWith(name, `__kept_r${runId}_${byRun}`);
