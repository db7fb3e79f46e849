const longest = 63;

/** What a restored database is called beside the live one, unless a person says otherwise: `bimcalc_restored_20260922`. */
export function besideName(databaseName: string, takenAt: string): string {
  const ending = `_restored_${takenAt.slice(0, 10).replaceAll("-", "")}`;
  return `${within(databaseName, longest - ending.length)}${ending}`;
}

/** As many whole characters as fit: PostgreSQL counts bytes (NAMEDATALEN - 1), and cuts without asking. */
function within(name: string, bytes: number): string {
  const encoder = new TextEncoder();
  let kept = "";
  for (const character of name) {
    if (encoder.encode(kept + character).length > bytes) break;
    kept += character;
  }
  return kept;
}
