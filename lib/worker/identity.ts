import "server-only";
import { hostname } from "node:os";
import { randomBytes } from "node:crypto";
import type { Db } from "@/lib/db/client";

/** Names this process: host, process number, and something no later process with the same number has. */
export function workerIdentity(): string {
  return `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
}

/** Whether a worker of this host is certainly gone: its process number is free, or is this very process's. */
export function isGone(workerId: string, self: string): boolean {
  const [host, pid] = workerId.split(":");
  if (workerId === self || host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** A short name of this installation, made once: tags of runs carry it, so that two installations can share an engine. */
export async function installationId(db: Db): Promise<string> {
  const key = "installation.id";
  const row = await db.setting.upsert({ where: { key }, create: { key, value: randomBytes(4).toString("hex") }, update: {} });
  return row.value;
}
