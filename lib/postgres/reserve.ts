/** Room that has to stay free on a server's volume: a full one ends in a PANIC that takes every database of the server with it. */
export const reserveShare = 0.1;
export const reserveBytes = 2 * 1024 ** 3;

/** Free bytes that nothing of Holdfast's may go below. */
export function reserveOf(totalBytes: number): number {
  return Math.min(Math.max(totalBytes * reserveShare, reserveBytes), totalBytes / 2);
}

/** Far more than is written between two looks. */
const leastBeside = 512 * 2 ** 20;

/**
 * Free bytes that a load may not go below. A volume beside the data may be small on purpose, as that of the write-ahead log, of which the server
 * reuses what it has; or nearly full with what has nothing to do with this. A quarter of what is free before it stays then.
 */
export function floorOf({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }, isData: boolean): number {
  return isData ? reserveOf(totalBytes) : Math.min(reserveOf(totalBytes), leastBeside, freeBytes / 4);
}
