/** The database inside the throwaway server of a look. */
export const databaseInside = "backup";

/** The role that a look is asked with: a name no backup has. */
export function readerOf(lookId: string): string {
  return `holdfast_reader_${lookId.replaceAll("-", "").slice(0, 16)}`;
}
