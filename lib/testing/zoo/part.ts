/** A piece of the zoo: constant SQL, run in the order of the list, with psql. */
export interface ZooPart {
  name: string;
  /** The first major that knows it. */
  since?: number;
  /** Needs this extension, which is skipped by name where the image does not have it. */
  extension?: string;
  sql: string;
}
