import { z } from "zod";
import type { Database } from "@/lib/db/generated/client";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { age } from "@/lib/format/ages";
import { bytes, percent } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { assessDatabase } from "@/lib/monitoring/assess-database";
import { readFacts } from "@/lib/monitoring/read-facts";
import { listUnneeded } from "@/lib/postgres/scratch";
import { connect, queryJson } from "@/lib/postgres/server";
import { readJson } from "@/lib/db/codecs";
import { listPartials } from "@/lib/stores/listing";
import type { LocalStore } from "@/lib/stores/local";
import { startCheckStore } from "@/lib/stores/manage";
import { StoreCheck } from "@/lib/stores/schemas";
import { installationId } from "@/lib/worker/identity";
import { neededScratch } from "@/lib/worker/scratch";
import { checkAccess } from "../check-access";
import { finishedResult } from "../perform";
import type { Session } from "../session";
import { look, ok, problem, unknown, type Finding } from "./finding";

/** Less than this and the next backup may not fit. */
const leastFreeShare = 0.1;
const mostSkewMs = 5_000;

/** The Engine and everything behind it: databases, stores, clocks, last backups, what earlier runs left. */
export async function lookAtProtection(session: Session): Promise<Finding[]> {
  const { db } = session.ctx;
  const engine = await findEngine().catch(() => null);
  const databases = await db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } });
  const findings = [await look("engine", "Docker Engine", async () => aboutEngine(await findEngine()))];
  if (databases.length === 0) findings.push(await look("databases", "Databases", () => unknown("none is registered", "holdfast databases add --help")));
  for (const database of databases) {
    findings.push(await look(`database.${database.name}`, `Database ${database.name}`, () => access(session, database)));
    findings.push(await look(`clock.${database.name}`, `Clock of ${database.container}`, () => clock(engine, database)));
  }
  for (const store of await db.store.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } })) {
    findings.push(await look(`store.${store.name}`, `Store ${store.name}`, () => storeCheck(session, store.id)));
  }
  findings.push(...(await lastBackups(session)));
  findings.push(await look("leftovers", "Leftovers", () => leftovers(session, engine)));
  return findings;
}

async function aboutEngine({ docker, endpoint, version }: Engine) {
  const { ApiVersion } = z.object({ ApiVersion: z.string() }).parse(await docker.version());
  return ok(`version ${version}, API ${ApiVersion}, ${endpoint}`);
}

async function access(session: Session, { id, container, databaseName, role, storeId }: Database) {
  const { lines, facts } = await checkAccess(session, { container, databaseName, role, storeId, databaseId: id });
  const failed = lines.filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  if (first) return problem(failed.map(({ title, detail }) => `${title}: ${detail}`).join("; "), first.hint ?? "holdfast databases test shows each line.");
  const warnings = lines.filter(({ outcome }) => outcome === "warning").map(({ title, detail }) => `; ${title}: ${detail}`);
  return ok(`PostgreSQL ${facts.serverVersion ?? "?"}, ${bytes(facts.sizeBytes)}, ${facts.readableTables ?? 0} of ${plural(facts.tables ?? 0, "table")} readable${warnings.join("")}`);
}

/** The server's clock is asked between two looks at ours, so that the way there does not count. */
async function clock(engine: Engine | null, { container, role, databaseName }: Database) {
  if (!engine) return unknown("the Engine cannot be asked from here", "See the line of the Engine.");
  try {
    const server = await connect(engine, { container, role, database: databaseName });
    const from = Date.now();
    const there = await queryJson(server, { what: "the time was read", sql: "SELECT to_json((extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint);", schema: z.number() });
    const skew = there < from ? there - from : Math.max(0, there - Date.now());
    return Math.abs(skew) > mostSkewMs ? problem(`${duration(Math.abs(skew))} ${skew < 0 ? "behind" : "ahead of"} this machine's`, "Let both take their time from the same source (NTP): ages and names of backups come from it.") : ok("agrees with this machine's");
  } catch {
    return unknown("the server could not be asked", "See the line of the database.");
  }
}

async function storeCheck(session: Session, storeId: string) {
  const found = readJson(StoreCheck, await finishedResult(session, () => startCheckStore(session.ctx, { storeId })));
  const { outcome, detail, freeBytes, totalBytes, path, sharesDisk } = found;
  if (outcome === "failed") return problem(detail, `Check that ${path} is mounted and that Holdfast's user may write there.`);
  if (freeBytes !== null && totalBytes !== null && freeBytes < totalBytes * leastFreeShare) return problem(`${bytes(freeBytes)} free in ${path}, ${percent(freeBytes, totalBytes)}`, "Free space there, or move the store to a larger disk.");
  return ok(`${detail}; ${bytes(freeBytes)} free in ${path}${sharesDisk ? "; on the same disk as Docker's data" : ""}`);
}

async function lastBackups({ ctx }: Session): Promise<Finding[]> {
  const now = ctx.clock.now();
  // A worker's silence has a line of its own; here only the backups themselves count.
  const records = (await readFacts(ctx)).map(({ row, facts }) => ({ row, facts: { ...facts, workerHeardAt: now } }));
  return Promise.all(
    records.map(({ row, facts }) =>
      look(`backup.${row.name}`, `Last backup of ${row.name}`, () => {
        const { state, reasons, newestReadable } = assessDatabase(facts, now);
        const [reason] = reasons;
        if (state === "exposed" || (state === "at_risk" && facts.lastRun?.failed)) return problem(reason?.text ?? "it is exposed", `holdfast backup ${row.name}`);
        if (!newestReadable) return unknown(reason?.text ?? "there is none", `holdfast backup ${row.name}`);
        return ok(`${age(newestReadable.takenAt, now)}${state === "protected" ? ", proven" : reason ? `. ${reason.text}` : ""}`);
      }),
    ),
  );
}

async function leftovers({ ctx }: Session, engine: Engine | null) {
  const { db } = ctx;
  if (!engine) return unknown("the Engine cannot be asked from here", "See the line of the Engine.");
  const scratch = await listUnneeded(engine, await installationId(db), () => neededScratch(db));
  const active = await db.run.count({ where: { status: { in: ["queued", "running"] } } });
  // While something runs its temporary files are no leftovers.
  const unread: string[] = [];
  const partialsOf = (store: LocalStore) => listPartials(store).catch(() => (unread.push(store.name), []));
  const partials = active > 0 ? [] : (await Promise.all((await db.store.findMany({ where: { removedAt: null } })).map(partialsOf))).flat();
  const stopped = await db.restore.findMany({ where: { stopped: { notIn: ["[]"] }, run: { status: { notIn: ["queued", "running"] } } }, select: { targetName: true } });
  const found = [
    ...(scratch.length > 0 ? [plural(scratch.length, "throwaway container or volume", "throwaway containers and volumes")] : []),
    ...(partials.length > 0 ? [plural(partials.length, "temporary file")] : []),
    ...stopped.map(({ targetName }) => `the application of ${targetName} is stopped`),
  ];
  if (found.length > 0) return problem(found.join(", "), "The worker removes what runs left, and starts what they stopped: npm start.");
  return unread.length > 0 ? unknown(`${unread.join(" and ")} cannot be read`, "See the line of the store.") : ok(active > 0 ? `none; ${plural(active, "run")} under way` : "none");
}
