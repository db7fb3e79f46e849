// The part of the quickstart that speaks to the record: first admin, store, demo database, first backup. It calls the same
// functions as the pages do. Reads one JSON object on standard input, so that the password is in no argument list, and
// writes one JSON object per line.
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { passwordFits } from "@/lib/auth/passwords";
import { Manifest, rungOf, StartBackupInput } from "@/lib/backup/schemas";
import { startBackup } from "@/lib/backup/start";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { applicationOf, saveApplication } from "@/lib/databases/application";
import { acceptIdentity, addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, ServerAddress } from "@/lib/databases/schemas";
import { openDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bytes } from "@/lib/format/bytes";
import { backupKey } from "@/lib/runs/enqueue";
import { isActive, PublicErrorSchema, RunProgress, type RunStatus } from "@/lib/runs/schemas";
import { addStore } from "@/lib/stores/manage";
import { createUser } from "@/lib/users/create-user";
import { AddUserInput } from "@/lib/users/schemas";
import { ensureSetupToken } from "@/lib/users/setup-token";

const Input = z.object({
  admin: z.object({ name: z.string(), email: z.string(), password: z.string() }),
  /** Null starts an empty Holdfast. `isNew`: the server was made a moment ago, whatever had its name before. */
  database: ServerAddress.extend({ isNew: z.boolean(), application: z.object({ container: z.string(), healthUrl: z.string() }) }).nullable(),
});
type Input = z.output<typeof Input>;

const claimMs = 60_000;
const pollMs = 300;

const say = (message: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function ensureAdmin(ctx: Context, admin: Input["admin"]): Promise<"created" | "fits" | "changed" | "others"> {
  const known = await ctx.db.user.findUnique({ where: { email: admin.email } });
  if (known) return known.disabledAt === null && (await passwordFits(known.passwordHash, admin.password)) ? "fits" : "changed";
  // Whoever has set Holdfast up already decides who else may sign in.
  if ((await ctx.db.user.count()) > 0) return "others";
  await createUser(ctx, AddUserInput.parse({ ...admin, role: "admin" }));
  return "created";
}

async function ensureStore(ctx: Context): Promise<string> {
  const directory = path.resolve(env.backupDirectory);
  const known = await ctx.db.store.findFirst({ where: { path: directory, removedAt: null } });
  if (known) return known.id;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return (await addStore(ctx, { name: "local-disk", path: directory })).storeId;
}

/** The demo's application, where nobody has named another one; its port may be another one than before. */
async function ensureApplication(ctx: Context, databaseId: string, { container, healthUrl }: NonNullable<Input["database"]>["application"]): Promise<void> {
  const now = applicationOf(await ctx.db.database.findUniqueOrThrow({ where: { id: databaseId } }));
  if (now.containers.some((one) => one !== container)) return;
  await saveApplication(ctx, { databaseId, application: { ...now, containers: [container], healthUrl } });
}

/** The id of the demo database, and whether a backup of it that was read in full is there. */
async function ensureDatabase(ctx: Context, database: NonNullable<Input["database"]>): Promise<{ databaseId: string; hasBackup: boolean }> {
  const { isNew, application, ...address } = database;
  const known = await ctx.db.database.findFirst({ where: { container: address.container, databaseName: address.databaseName, removedAt: null } });
  if (!known) {
    const { databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ ...address, storeId: await ensureStore(ctx) }));
    await ensureApplication(ctx, databaseId, application);
    return { databaseId, hasBackup: false };
  }
  await ensureApplication(ctx, known.id, application);
  // Another server under the old name would otherwise be refused, and rightly so, had we not made it ourselves.
  if (isNew) await acceptIdentity(ctx, { databaseId: known.id, phrase: known.name, reason: "The quickstart made its container anew" });
  const good = await ctx.db.backup.count({ where: { databaseId: known.id, deletedAt: null, rung: { gte: 3 } } });
  return { databaseId: known.id, hasBackup: good > 0 && !isNew };
}

async function backUp(ctx: Context, databaseId: string): Promise<number> {
  const active = await ctx.db.run.findUnique({ where: { activeKey: backupKey(databaseId) }, select: { id: true } });
  if (active) return active.id;
  return (await startBackup(ctx, StartBackupInput.parse({ databaseId, label: "first backup" }))).runId;
}

async function untilFinished(ctx: Context, runId: number): Promise<void> {
  const deadline = Date.now() + claimMs;
  for (;;) {
    const run = await ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
    if (run.status === "queued" && Date.now() > deadline) throw new Error("The worker has not taken up the backup within a minute.");
    if (!isActive(run.status as RunStatus)) {
      const error = run.error ? PublicErrorSchema.parse(JSON.parse(run.error)) : null;
      if (run.status !== "succeeded") throw new Error([`The first backup ${run.status}.`, error?.message, error?.hint, error?.toolOutput].filter(Boolean).join(" "));
      return;
    }
    const progress = run.progress ? RunProgress.parse(JSON.parse(run.progress)) : null;
    say({ progress: [run.step?.replaceAll("_", " "), progress && progress.bytes > 0 ? bytes(progress.bytes) : null].filter(Boolean).join(", ") });
    await sleep(pollMs);
  }
}

/** What the newest backup holds, for the summary. */
async function describe(ctx: Context, databaseId: string, isFirst: boolean) {
  const backup = await ctx.db.backup.findFirstOrThrow({ where: { databaseId, deletedAt: null }, orderBy: { takenAt: "desc" }, include: { manifest: true, copies: true } });
  const manifest = Manifest.parse(JSON.parse(backup.manifest?.content ?? "null"));
  return {
    isFirst,
    file: backup.copies[0]?.key ?? null,
    rung: rungOf(backup.rung),
    takenAt: backup.takenAt.toISOString(),
    sizeBytes: Number(backup.sizeBytes),
    databaseBytes: manifest.database.sizeBytes,
    rows: backup.rows === null ? null : Number(backup.rows),
    tables: manifest.tables.filter(({ kind, excluded }) => kind === "table" && excluded === "no").length,
    priceItems: manifest.tables.find(({ schema, name }) => schema === "public" && name === "price_items")?.rows ?? null,
  };
}

async function setUp(input: Input): Promise<void> {
  const db = openDatabase(env.databaseUrl);
  const ctx: Context = { db, clock: systemClock, actor: { kind: "cli", id: null, name: os.userInfo().username, origin: "quickstart" } };
  try {
    if (!input.database) return void say({ done: { setupToken: await ensureSetupToken(db) } });
    const admin = await ensureAdmin(ctx, input.admin);
    const { databaseId, hasBackup } = await ensureDatabase(ctx, input.database);
    if (!hasBackup) await untilFinished(ctx, await backUp(ctx, databaseId));
    say({ done: { admin, backup: await describe(ctx, databaseId, !hasBackup) } });
  } finally {
    await db.$disconnect();
  }
}

try {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  await setUp(Input.parse(JSON.parse(text)));
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
