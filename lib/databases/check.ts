import "server-only";
import type { z } from "zod";
import { isLeftOut, mayReadPasswords, readTools, sameServer } from "@/lib/backup/prepare";
import { freeInside } from "@/lib/backup/diagnose";
import { expectedSize, expectedSizeOf, fits, type ExpectedSize } from "@/lib/backup/size";
import { readJson, writeJson } from "@/lib/db/codecs";
import { runningContainer } from "@/lib/docker/containers";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { toPublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { readRelations, readUnreadable } from "@/lib/postgres/catalogue";
import { connect, type Server } from "@/lib/postgres/server";
import { openSession } from "@/lib/postgres/session";
import type { Job, JobResult } from "@/lib/runs/job";
import { requireUsable, spaceOf } from "@/lib/stores/local";
import { inTime } from "@/lib/stores/patience";
import { BackupOptions, hasFailed, type CheckDatabaseInput, type CheckLine, type DatabaseCheck } from "./schemas";

type Input = z.output<typeof CheckDatabaseInput>;
type Lines = CheckLine[];

const titles = {
  engine: "Docker Engine answers",
  container: "Container is running",
  server: "PostgreSQL answers",
  identity: "It is the server that was registered",
  tools: "Tools are in the container",
  role: "Role may read everything",
  zstd: "zstd is in the container",
  space: "A backup would fit",
  container_space: "A directory dump would fit into /tmp of the container",
  roles_passwords: "Roles travel with it",
} as const satisfies Record<CheckLine["id"], string>;

/** Tests access the way a backup would use it, one line per check. Only reads. What an earlier failure hides is skipped, not passed. */
export async function runCheckDatabase(job: Job<Input>): Promise<JobResult> {
  const started = Date.now();
  const lines: Lines = [];
  const facts = await job.step("check", () => check(job, lines), () => "");
  const missing = (Object.keys(titles) as CheckLine["id"][]).filter((id) => !lines.some((line) => line.id === id) && id !== "container_space" && (id !== "identity" || job.databaseId));
  for (const id of missing) lines.push({ id, outcome: "skipped", title: titles[id], detail: "could not be asked" });
  const result: DatabaseCheck = { lines, tookMs: Date.now() - started, facts };
  if (job.databaseId) {
    await job.ctx.db.database.update({ where: { id: job.databaseId }, data: { lastCheck: writeJson(result), checkedAt: job.ctx.clock.now() } });
  }
  const outcome = hasFailed(result) ? "not ready" : "ready";
  const read = facts.tables === null ? "" : `: ${facts.readableTables} of ${plural(facts.tables, "table")}`;
  return { result: { ...result }, sentence: `Tested access to ${job.input.databaseName} in ${job.input.container}${read}, ${outcome}` };
}

/** Runs one check and turns what it throws into a failed line. Returns null then. */
async function ask<T>(lines: Lines, id: CheckLine["id"], work: () => Promise<T>, detail: (found: T) => string): Promise<T | null> {
  try {
    const found = await work();
    lines.push({ id, outcome: "passed", title: titles[id], detail: detail(found) });
    return found;
  } catch (error) {
    const { message, hint, toolOutput } = toPublicError(error);
    lines.push({ id, outcome: "failed", title: titles[id], detail: toolOutput ? `${message} ${toolOutput}` : message, ...(hint ? { hint } : {}) });
    return null;
  }
}

async function check(job: Job<Input>, lines: Lines): Promise<DatabaseCheck["facts"]> {
  const { container, role, databaseName } = job.input;
  const facts: DatabaseCheck["facts"] = { image: null, serverVersion: null, systemIdentifier: null, databaseOid: null, sizeBytes: null, tables: null, readableTables: null };
  const engine = await ask(lines, "engine", findEngine, ({ version, endpoint }) => `version ${version}, ${endpoint}`);
  if (!engine) return facts;
  const info = await ask(lines, "container", () => runningContainer(engine, container), (found) => found.image);
  if (!info) return facts;
  facts.image = info.image;
  const server = await ask(lines, "server", () => connect(engine as Engine, { container, role, database: databaseName }, { tag: job.tag }, job.signal), ({ facts: f }) => `version ${f.version}, ${databaseName} has ${bytes(f.sizeBytes)}`);
  if (!server) return facts;
  Object.assign(facts, { serverVersion: server.facts.version, systemIdentifier: server.facts.systemIdentifier, databaseOid: server.facts.databaseOid, sizeBytes: server.facts.sizeBytes });
  await checkIdentity(job, lines, server);
  const options = await optionsOf(job);
  const tools = await ask(lines, "tools", () => readTools(server, options, job.signal), (found) => found.dumpVersion);
  if (tools) lines.push(zstdLine(tools.hasZstd));
  Object.assign(facts, await checkRole(job, lines, server, options));
  await checkSpace(job, lines, server, options);
  await ask(lines, "roles_passwords", async () => mayReadPasswords(server, options), () => passwordWords(server, options));
  return facts;
}

function passwordWords({ facts }: Server, { includeRolePasswords }: BackupOptions): string {
  if (includeRolePasswords) return "with passwords, as chosen";
  return facts.readsPasswords ? "with passwords too, if you want them" : "without passwords: this role may not read them";
}

async function checkIdentity(job: Job<Input>, lines: Lines, server: Server): Promise<void> {
  if (!job.databaseId) return;
  const database = await job.ctx.db.database.findUniqueOrThrow({ where: { id: job.databaseId } });
  await ask(lines, "identity", async () => sameServer(database, server), () => (database.systemIdentifier ? `system identifier ${database.systemIdentifier}` : "the next backup will remember it"));
}

/** The options its backups are taken with; the usual ones for a database that is not registered yet. */
async function optionsOf(job: Job<Input>): Promise<BackupOptions> {
  if (!job.databaseId) return BackupOptions.parse({});
  return readJson(BackupOptions, (await job.ctx.db.database.findUniqueOrThrow({ where: { id: job.databaseId } })).options);
}

async function checkRole(job: Job<Input>, lines: Lines, server: Server, options: BackupOptions): Promise<{ tables: number | null; readableTables: number | null }> {
  const session = await openSession(server, "the role's rights were read", job.signal);
  try {
    const tables = (await readRelations(session)).filter((relation) => relation.kind === "table");
    const unreadable = (await readUnreadable(session)).filter((table) => !isLeftOut(options, table));
    const names = unreadable.map((one) => `${one.schema}.${one.name}`);
    const readableTables = tables.filter((table) => !names.includes(`${table.schema}.${table.name}`)).length;
    if (tables.length === 0) {
      lines.push({ id: "role", outcome: "warning", title: titles.role, detail: "the database has no tables yet; a backup of it would be refused" });
    } else if (unreadable.length === 0) {
      lines.push({ id: "role", outcome: "passed", title: titles.role, detail: `${server.role} reads ${readableTables} of ${plural(tables.length, "table")}` });
    } else {
      const shown = names.slice(0, 5).join(", ");
      lines.push({
        id: "role",
        outcome: "failed",
        title: titles.role,
        detail: `${server.role} may not read ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`,
        hint: "Grant it pg_read_all_data (PostgreSQL 14 and later), or SELECT on each; tables with row-level security need a role with BYPASSRLS.",
      });
    }
    return { tables: tables.length, readableTables };
  } finally {
    await session.close();
  }
}

async function checkSpace(job: Job<Input>, lines: Lines, server: Server, options: BackupOptions): Promise<void> {
  const needed = job.databaseId ? await expectedSizeOf(job.ctx.db, job.databaseId, options, server.facts.sizeBytes) : expectedSize(null, server.facts.sizeBytes);
  await checkStore(job, lines, needed);
  if (options.format !== "directory") return;
  const room = async () => ({ freeBytes: await freeInside(server) });
  const found = await ask(lines, "container_space", room, ({ freeBytes }) => roomWords(needed, freeBytes, server.container.name));
  if (found) judgeRoom(lines, found.freeBytes, needed, "A directory dump is written there first. Free space, or use the custom format, which needs none.");
}

async function checkStore(job: Job<Input>, lines: Lines, needed: ExpectedSize): Promise<void> {
  const { storeId } = job.input;
  const store = storeId ? await job.ctx.db.store.findUnique({ where: { id: storeId, removedAt: null } }) : await job.ctx.db.store.findFirst({ where: { removedAt: null }, orderBy: { createdAt: "asc" } });
  if (!store) {
    lines.push({ id: "space", outcome: "skipped", title: titles.space, detail: "asked once you have chosen where backups go" });
    return;
  }
  const room = async () => {
    await requireUsable(store);
    return spaceOf(store);
  };
  const found = await ask(lines, "space", () => inTime(store, room), ({ freeBytes }) => roomWords(needed, freeBytes, store.name));
  if (found) judgeRoom(lines, found.freeBytes, needed, "Free space there, or choose a store on a larger disk.");
}

function roomWords(needed: ExpectedSize, freeBytes: number | null, place: string): string {
  const free = freeBytes === null ? "how much is free could not be asked" : `${bytes(freeBytes)} free`;
  return `about ${bytes(needed.bytes)} needed at most${needed.isGuess ? ", by a guess before the first backup" : ""}, ${free} in ${place}`;
}

/** Takes the pass of the last line back where there is not room enough, or where that is not known. */
function judgeRoom(lines: Lines, freeBytes: number | null, needed: ExpectedSize, hint: string): void {
  const line = lines.at(-1);
  if (!line) return;
  if (freeBytes === null) line.outcome = "skipped";
  else if (fits(freeBytes, needed) !== "fits") Object.assign(line, { outcome: fits(freeBytes, needed) === "may_be_tight" ? "warning" : "failed", hint });
}

function zstdLine(hasZstd: boolean): CheckLine {
  return hasZstd
    ? { id: "zstd", outcome: "passed", title: titles.zstd, detail: "dumps are packed inside the container" }
    : { id: "zstd", outcome: "warning", title: "zstd is not in the container", detail: "pg_dump packs by itself; that takes longer and works the same" };
}
