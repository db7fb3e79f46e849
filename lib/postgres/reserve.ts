/** Room that has to stay free on a server's volume: a full one ends in a PANIC that takes every database of the server with it. */
export const reserveShare = 0.1;
export const reserveBytes = 2 * 1024 ** 3;

/** Free bytes that nothing of Holdfast's may go below. */
export function reserveOf(totalBytes: number): number {
  return Math.min(Math.max(totalBytes * reserveShare, reserveBytes), totalBytes / 2);
}
