import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { AppError, httpStatus, toPublicError } from "@/lib/errors";
import { ageSpan } from "@/lib/format/ages";
import { span } from "@/lib/format/durations";
import { nbsp } from "@/lib/format/symbols";
import { log } from "@/lib/log";
import { reaches } from "@/lib/tokens/reaches";
import { requireCaller, type Caller } from "@/lib/tokens/require-caller";
import type { DatabaseHealth } from "./assess-health";
import { readHealth } from "./read-health";
import { unreadyReasons } from "./readiness";

const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", Vary: "Accept, Authorization, Cookie" };
const needed = { scope: "health", attempt: "health.read" } as const;

/**
 * Whether this process lives, and with `?ready=1` whether Holdfast could work now: 200 or 503. Needs nobody's word, and says why not
 * only to those who may know.
 */
export async function answerHealth(caller: Caller, request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.get("ready") !== "1") return Response.json({ status: "ok" }, { headers });
  const reasons = await unreadyReasons(caller.place);
  if (reasons.length === 0) return Response.json({ status: "ok" }, { headers });
  const mayKnow = await requireCaller(caller, needed).then(() => true, () => false);
  return Response.json({ status: "unready", ...(mayKnow ? { reasons } : {}) }, { status: 503, headers });
}

/**
 * Whether every database is within its recovery point objective: 200, or 503 with reasons. Whatever is not known is a 503 too. For a
 * token with the scope `health`, and for anyone who is signed in. `?database=` asks for one, by its name.
 */
export async function answerBackupsHealth(caller: Caller, request: Request): Promise<Response> {
  const asText = /\btext\/plain\b/i.test(request.headers.get("accept") ?? "");
  try {
    const ctx = await requireCaller(caller, needed);
    const name = new URL(request.url).searchParams.get("database");
    const all = (await readHealth(ctx)).filter(({ id }) => reaches(ctx.actor, id));
    const asked = name === null ? all : all.filter((one) => one.name === name);
    if (name !== null && asked.length === 0) throw databaseErrors.not_found({});
    const healthy = asked.length > 0 && asked.every((one) => one.healthy);
    const status = healthy ? 200 : 503;
    if (asText) return text(asked.length > 0 ? asked.map(line) : [`FAIL ${nothingWatched}`], status);
    const reasons = asked.length > 0 ? [] : [nothingWatched];
    return Response.json({ status: healthy ? "ok" : "failing", at: caller.place.clock.now().toISOString(), reasons, databases: asked.map(toJson) }, { status, headers });
  } catch (error) {
    if (error instanceof AppError) {
      const shown = toPublicError(error);
      const status = httpStatus[shown.kind];
      return asText ? text([`FAIL ${shown.message}`], status) : Response.json({ error: shown }, { status, headers });
    }
    // A record that cannot be read proves nothing, least of all that all is well.
    log.error({ err: error }, "the health of backups cannot be read");
    return asText ? text([`FAIL ${unreadable}`], 503) : Response.json({ status: "failing", reasons: [unreadable], databases: [] }, { status: 503, headers });
  }
}

const nothingWatched = "No database is registered, so nothing is protected.";
const unreadable = "The metadata database cannot be read.";

/** A database as JSON: here and in the REST API. */
export function toJson({ id, name, healthy, state, reasons, newestAt, ageSeconds, objectiveSeconds, alarmAfterSeconds }: DatabaseHealth) {
  return {
    id, name, status: healthy ? ("ok" as const) : ("failing" as const), state,
    reasons: reasons.map(({ code, text: message }) => ({ code, message: plain(message) })),
    newestBackupAt: newestAt?.toISOString() ?? null, ageSeconds, objectiveSeconds, alarmAfterSeconds,
  };
}

/** `ok orders: newest backup 2 h old, target 24 h`, so that one look at a mail from cron is enough. */
function line({ name, healthy, reasons, newestAt, ageSeconds, objectiveSeconds }: DatabaseHealth): string {
  if (!healthy) return `FAIL ${name}: ${reasons.map(({ text: reason }) => reason).join(" ")}`;
  const age = newestAt && ageSeconds !== null ? ageSpan(newestAt, newestAt.getTime() + ageSeconds * 1_000) : "";
  return `ok ${name}: newest backup ${age} old, target ${span(objectiveSeconds)}`;
}

function text(lines: readonly string[], status: number): Response {
  return new Response(lines.map((one) => `${plain(one)}\n`).join(""), { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" } });
}

/** One line for programs and mails: no spaces that only typesetting needs, and no line end out of a name. */
function plain(words: string): string {
  return words.replaceAll(nbsp, " ").replace(/[\r\n]+/g, " ");
}
