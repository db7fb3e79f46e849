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

/** Where run `runId` restores to, before anything live is touched. */
export const stagingName = (name: string, runId: number) => nameWith(name, `__staging_r${runId}`);
/** The database from before run `runId`. */
export const beforeName = (name: string, runId: number) => nameWith(name, `__before_r${runId}`);
/** What run `runId` had restored, after it was undone. */
export const restoredStateName = (name: string, runId: number) => nameWith(name, `__restored_r${runId}`);
