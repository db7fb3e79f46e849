import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { openDatabase, type Db } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import type { Role } from "@/lib/users/schemas";

export const migrationsDirectory = path.resolve("prisma/migrations");

/** A clock that moves only when told to. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  set(at: string | Date): void;
}

export function testClock(start = "2026-09-22T09:14:00.000Z"): TestClock {
  let at = new Date(start);
  return {
    now: () => new Date(at),
    advance: (ms) => (at = new Date(at.getTime() + ms)),
    set: (to) => (at = new Date(to)),
  };
}

export interface TestDatabase {
  db: Db;
  clock: TestClock;
  url: string;
  directory: string;
  /** A context of someone with this role; the user and a session of theirs are made on first use. */
  as(role: Role): Promise<Context & { actor: Extract<Context["actor"], { kind: "user" }> }>;
  /** A context of the worker's own schedule. */
  schedule(): Context;
  close(): Promise<void>;
}

/** A metadata database of its own in a temporary directory, migrated. Call `close()` in afterEach. */
export async function testDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-metadata-"));
  const url = `file:${path.join(directory, "holdfast.db")}`;
  await migrate(url, migrationsDirectory);
  const db = openDatabase(url);
  const clock = testClock();
  return {
    db,
    clock,
    url,
    directory,
    async as(role) {
      const email = `${role}@bimcalc.example`;
      const user = await db.user.upsert({
        where: { email },
        // No password hashes to this, so nobody signs in as them; tests that sign in make their own user.
        create: { email, name: `The ${role}`, role, passwordHash: "none", createdAt: clock.now() },
        update: {},
      });
      const session = await db.session.create({
        data: { id: randomUUID(), userId: user.id, createdAt: clock.now(), lastSeenAt: clock.now(), expiresAt: new Date(clock.now().getTime() + 8 * 3_600_000), origin: "192.0.2.1", userAgent: "vitest" },
      });
      return { db, clock, actor: { kind: "user", id: user.id, name: user.name, role, sessionId: session.id, origin: "192.0.2.1" } };
    },
    schedule: () => ({ db, clock, actor: { kind: "schedule", id: null, name: "Schedule", origin: "worker" } }),
    async close() {
      await db.$disconnect();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
