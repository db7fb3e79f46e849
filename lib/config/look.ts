import "server-only";
import path from "node:path";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { asOne, transaction } from "@/lib/db/transaction";
import { plural } from "@/lib/format/counts";
import { log } from "@/lib/log";
import { applyConfig } from "./apply";
import { findConfig, type Found, type Places } from "./locate";
import { dotted, parseConfig, type LineOf } from "./parse";
import { ConfigRefused } from "./refused";
import { nothingManaged, type ConfigProblem, type ConfigState, type Managed } from "./schemas";
import { readSecrets } from "./secrets";
import { readConfigState, writeConfigState } from "./state";

/** What one worker saw last: each applies a file when it starts, and again only when it sees another. */
export interface LastLook {
  seen: string | null;
}

/**
 * Looks whether there is a file of settings, and applies it when it is another than at the last look. One that is wrong is not applied at
 * all, and what the last good one says stays in force.
 */
export async function lookAtConfig(worker: Pick<Context, "db" | "clock"> & { origin: string }, places: Places, last: LastLook): Promise<void> {
  const found = await findConfig(places);
  const seen = JSON.stringify(found.kind === "file" ? [found.path, found.hash] : found);
  if (seen === last.seen) return;
  const file = found.kind === "none" ? "holdfast.config.yaml" : path.basename(found.path);
  const ctx: Context = { db: worker.db, clock: worker.clock, actor: { kind: "system", id: null, name: file, origin: worker.origin } };
  if (found.kind === "none") await release(ctx, places);
  else if (found.kind === "problem") await refuse(ctx, places, found.path, [{ line: null, path: null, message: found.message }]);
  else await apply(ctx, places, found);
  last.seen = seen;
}

async function apply(ctx: Context, places: Places, found: Extract<Found, { kind: "file" }>): Promise<void> {
  const parsed = parseConfig(found.text);
  if (!parsed.ok) return refuse(ctx, places, found.path, parsed.problems);
  try {
    const secrets = await readSecrets(parsed.file);
    await asOne(ctx, async (inner, tx) => {
      const before = await readConfigState(tx);
      const first = await tx.auditEntry.findFirst({ orderBy: { id: "desc" }, select: { id: true } });
      const { managed, waiting } = await applyConfig(inner, tx, parsed.file, secrets);
      const changes = await tx.auditEntry.count({ where: { id: { gt: first?.id ?? 0 } } });
      const inForce = before?.inForce ?? null;
      const dropped = Object.keys(inForce?.managed.databases ?? {}).filter((id) => !(id in managed.databases));
      const handedBack = [...new Set([...(inForce?.handedBack ?? []), ...dropped])].filter((id) => !(id in managed.databases));
      const isSame = inForce?.path === found.path && inForce.hash === found.hash;
      const now = ctx.clock.now().toISOString();
      await writeConfigState(tx, { lookedFor: places.paths, inForce: { path: found.path, hash: found.hash, since: isSame ? inForce.since : now, managed, waiting, handedBack }, refused: null });
      const [was, is] = [await listed(tx, inForce?.managed ?? nothingManaged), await listed(tx, managed)];
      if (changes === 0 && was.join() === is.join() && inForce?.path === found.path) return;
      const done = changes > 0 ? plural(changes, "change") : "nothing had to change";
      await recordAudit(tx, ctx, { action: "config.applied", outcome: "succeeded", sentence: `Applied ${ctx.actor.name}: ${done}`, before: { manages: was }, after: { file: found.path, manages: is } });
    });
    log.info({ file: found.path }, "settings applied from a file");
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    await refuse(ctx, places, found.path, [placed(error, parsed.lineOf)]);
  }
}

function placed(error: ConfigRefused, lineOf: LineOf): ConfigProblem {
  return { line: lineOf(error.path), path: dotted(error.path), message: error.message };
}

/** Every managed thing in words, for comparing and for the audit log. */
async function listed(tx: Tx, { stores, databases, channels, notifications }: Managed): Promise<string[]> {
  const [named, registered, told] = await Promise.all([
    tx.store.findMany({ where: { id: { in: stores } } }),
    tx.database.findMany({ where: { id: { in: Object.keys(databases) } } }),
    tx.alertChannel.findMany({ where: { id: { in: channels } } }),
  ]);
  return [...(notifications ? ["notifications"] : []), ...told.map(({ name }) => `channel ${name}`), ...named.map(({ name }) => `store ${name}`), ...registered.flatMap(({ id, name }) => (databases[id] ?? []).map((part) => `${name}: ${part}`))].sort();
}

/** Keeps what is in force, and says what is wrong: in the record, in the audit log and in the log of the process. */
async function refuse(ctx: Context, places: Places, file: string, problems: ConfigProblem[]): Promise<void> {
  for (const { line, path: at, message } of problems) log.error({ file, line, path: at }, `the file of settings was not applied: ${message}`);
  await transaction(ctx, async (tx) => {
    const state = await readConfigState(tx);
    const isKnown = state?.refused?.path === file && JSON.stringify(state.refused.problems) === JSON.stringify(problems);
    const refused = { path: file, at: isKnown && state?.refused ? state.refused.at : ctx.clock.now().toISOString(), problems };
    await writeConfigState(tx, { lookedFor: places.paths, inForce: state?.inForce ?? null, refused });
    if (isKnown) return;
    await recordAudit(tx, ctx, { action: "config.refused", outcome: "refused", sentence: `Did not apply ${path.basename(file)}: ${plural(problems.length, "problem")}`, reason: problems.slice(0, 5).map(worded).join("\n"), after: { file } });
  });
}

/** `line 12, databases.bimcalc.role: role is missing.` */
export function worded({ line, path: at, message }: ConfigProblem): string {
  const where = [line === null ? null : `line ${line}`, at].filter(Boolean).join(", ");
  return where ? `${where}: ${message}` : message;
}

/** The file is gone: what it managed stays as it is, and is decided in the browser again. */
async function release(ctx: Context, places: Places): Promise<void> {
  await transaction(ctx, async (tx) => {
    const before = await readConfigState(tx);
    const state: ConfigState = { lookedFor: places.paths, inForce: null, refused: null };
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    await writeConfigState(tx, state);
    if (!before?.inForce) return;
    const { path: file, managed } = before.inForce;
    await recordAudit(tx, ctx, { action: "config.released", outcome: "succeeded", sentence: `${path.basename(file)} is gone; what it managed stays as it is`, before: { file, manages: await listed(tx, managed) } });
    log.info({ file }, "the file of settings is gone; its settings stay as they are");
  });
}
