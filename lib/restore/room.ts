import { floorOf } from "@/lib/postgres/reserve";
import type { RestoreEvidence } from "./schemas";

type Target = RestoreEvidence["target"];

/** What a restore takes of one volume, and what that has. */
export interface Room {
  mount: string;
  roles: Target["volumes"][number]["roles"];
  freeBytes: number;
  /** For the restored database, and for the write-ahead log of its load. */
  databaseBytes: number;
  walBytes: number;
  /** What dropping the live database first gives back. */
  gainedBytes: number;
  /** What has to stay free. */
  floorBytes: number;
  isEnough: boolean;
}

/** Checkpoints come in time to keep the write-ahead log near its limit, not below it. */
const beyondLimit = 1.1;

/**
 * What a database of `databaseBytes` takes of every volume that its load writes to. Of the write-ahead log no more than the server keeps by its
 * settings, less what it has and reuses; all that the load writes where something makes it keep that, or where `isWalKept` says so.
 */
export function roomFor({ volumes, wal, live }: Pick<Target, "volumes" | "wal" | "live">, databaseBytes: number, how: { isInPlace: boolean; isWalKept?: boolean }): Room[] {
  const isWalKept = how.isWalKept === true || wal === null || wal.idleSlots.length > 0 || wal.archiving === "failing";
  const walBytes = isWalKept ? databaseBytes : Math.min(databaseBytes, Math.max(0, beyondLimit * wal.mostBytes - (wal.heldBytes ?? 0)));
  return volumes.map(({ mount, roles, freeBytes, totalBytes }) => {
    const isHome = roles.includes("home");
    const takes = { databaseBytes: isHome ? databaseBytes : 0, walBytes: roles.includes("wal") ? walBytes : 0 };
    const gainedBytes = isHome && how.isInPlace ? (live?.sizeBytes ?? 0) : 0;
    const floorBytes = floorOf({ freeBytes, totalBytes }, roles.includes("data"));
    return { mount, roles, freeBytes, ...takes, gainedBytes, floorBytes, isEnough: freeBytes + gainedBytes - floorBytes >= takes.databaseBytes + takes.walBytes };
  });
}
