import { givenUpDays, listNotifications, type ChannelRow } from "@/lib/alerts/list";
import { readConfigView } from "@/lib/config/read";
import { readJson } from "@/lib/db/codecs";
import { ageSpan } from "@/lib/format/ages";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { fullTime } from "@/lib/format/times";
import { policyOf } from "@/lib/retention/read";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import { listSchedules, type DatabaseSchedule } from "@/lib/schedule/list";
import { listTokens } from "@/lib/tokens/list";
import { shellWord } from "../procedures/schedule-text";
import type { Session } from "../session";
import { look, ok, problem, warning, type Finding } from "./finding";

type Reading = Session["ctx"];

/** A message that waits longer than this is not on its way. */
const stuckMs = 3_600_000;
const expiresSoonMs = 14 * 86_400_000;
const unusedMs = 30 * 86_400_000;
const mostSkewMs = 5_000;

/** What has to go on by itself: the clock it goes by, settings from a file, channels, tokens, and each database's schedule and rules. */
export async function lookAtAutomation({ ctx }: Pick<Session, "ctx">): Promise<Finding[]> {
  const databases = await ctx.db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } });
  const schedules = await listSchedules(ctx);
  const kindsOf = new Map(schedules.map(({ databaseId, kinds }) => [databaseId, kinds]));
  return [
    await look("clock", "Clock of this machine", () => clock(ctx)),
    await look("config", "Settings from a file", () => settingsFile(ctx)),
    await look("notifications", "Notifications", () => notifications(ctx)),
    await look("tokens", "API tokens", () => tokens(ctx)),
    ...(await Promise.all(
      databases.flatMap((database) => [
        look(`schedule.${database.name}`, `Schedule of ${database.name}`, () => scheduleOf(database.name, kindsOf.get(database.id) ?? [], ctx.clock.now())),
        look(`retention.${database.name}`, `Retention of ${database.name}`, () => retentionOf(ctx, database)),
      ]),
    )),
  ];
}

/** What is on record cannot lie ahead of now, unless the clock was set back, or was wrong before. */
async function clock({ db, clock: time }: Reading) {
  const now = time.now();
  const newest = await db.auditEntry.findFirst({ orderBy: { id: "desc" }, select: { at: true } });
  const aheadMs = newest ? newest.at.getTime() - now.getTime() : 0;
  return aheadMs > mostSkewMs
    ? problem(`the newest entry of the record lies ${duration(aheadMs)} ahead of it`, "It was set back, or was wrong before: let it take its time from a source (NTP). Until it has caught up, backups dated ahead count for nothing; schedules go on from now.")
    : ok("not behind what is on record");
}

async function settingsFile(ctx: Reading) {
  const view = await readConfigView(ctx);
  if (view.refused) {
    const [first] = view.refused.problems;
    const where = first?.line ? ` line ${first.line}:` : "";
    const others = view.refused.problems.length > 1 ? `; ${view.refused.problems.length - 1} more` : "";
    return problem(`${view.refused.path} is not applied:${where} ${first?.message ?? "it has a mistake"}${others}`, `Correct it${view.inForce ? "; until then the last good one stays in force" : ""}. Settings, File lists every mistake.`);
  }
  if (!view.lookedFor) return ok("no worker has looked for one yet");
  if (!view.inForce) return ok("there is none; settings are made in the browser");
  const managed = [
    ...(view.databases.length > 0 ? [`databases ${view.databases.map(({ name, parts }) => `${name} (${parts.join(", ")})`).join(", ")}`] : []),
    ...(view.stores.length > 0 ? [`stores ${view.stores.join(", ")}`] : []),
    ...(view.channels.length > 0 ? [`channels ${view.channels.join(", ")}`] : []),
    ...(view.notifications ? ["when people are told"] : []),
  ].join("; ");
  const detail = `${view.inForce.path} is in force and manages ${managed || "nothing"}`;
  if (view.waiting.length > 0) return warning(`${detail}. The rules of ${view.waiting.map(({ name }) => name).join(", ")} would remove backups and wait for somebody to look`, "Look at them under Settings, File, and agree.");
  return ok(detail);
}

async function notifications(ctx: Reading) {
  const { channels } = await listNotifications(ctx, true);
  const on = channels.filter(({ isOn }) => isOn);
  if (on.length === 0) return warning(channels.length === 0 ? "there is no channel: nobody is told when a backup fails" : "every channel is turned off: nobody is told when a backup fails", "Add one under Settings, Notifications, and send a test.");
  const failing = on.flatMap(whyFailing);
  if (failing.length > 0) return problem(failing.join("; "), "Settings, Notifications shows each message and sends it again.");
  const oldest = await ctx.db.alertDelivery.findFirst({ where: { state: { in: ["waiting", "sending"] }, channelId: { in: on.map(({ id }) => id) } }, orderBy: { createdAt: "asc" }, select: { createdAt: true } });
  if (oldest && ctx.clock.now().getTime() - oldest.createdAt.getTime() > stuckMs) return problem(`${plural(on.reduce((sum, { waiting }) => sum + waiting, 0), "message")} not sent, the oldest for ${ageSpan(oldest.createdAt, ctx.clock.now())}`, "The worker sends them, and the web part while that is silent: npm start.");
  const refusing = on.filter(({ refused }) => refused.length > 0);
  if (refusing.length > 0) return warning(refusing.map(({ name, refused }) => `${name} is refused for ${refused.map(({ address }) => address).join(", ")}`).join("; "), "Correct or remove the address under Settings, Notifications; the others get what is sent.");
  const lost = on.filter(({ givenUp }) => givenUp);
  if (lost.length > 0) return warning(lost.map(({ name, givenUp }) => `${name} gave up ${plural(givenUp?.many ?? 0, "message")} in the last ${givenUpDays} days`).join("; "), "Settings, Notifications shows what never arrived, and sends it again.");
  const untried = on.filter(({ lastSentAt }) => !lastSentAt).map(({ name }) => name);
  if (untried.length > 0) return warning(`nothing was ever sent to ${untried.join(", ")}`, "Settings, Notifications: Test sends a real message.");
  return ok(on.map(({ name, lastSentAt }) => `${name} took its last message ${ageSpan(lastSentAt, ctx.clock.now())} ago`).join("; "));
}

function whyFailing({ name, failing, secretProblem }: ChannelRow): string[] {
  if (secretProblem) return [`${name}: ${secretProblem}`];
  return failing ? [`${name} has taken nothing since ${fullTime(failing.since)}${failing.reason ? `: ${failing.reason}` : ""}`] : [];
}

async function tokens(ctx: Reading) {
  const now = ctx.clock.now();
  const all = await listTokens(ctx);
  const live = all.filter(({ state }) => state === "live");
  const expired = await ctx.db.apiToken.findMany({ where: { revokedAt: null, expiresAt: { lte: now, gt: new Date(now.getTime() - unusedMs) } }, orderBy: { name: "asc" }, select: { name: true, expiresAt: true } });
  const said = [
    ...expired.map(({ name, expiresAt }) => `${name} expired ${ageSpan(expiresAt, now)} ago`),
    ...live.filter(({ expiresAt }) => new Date(expiresAt).getTime() - now.getTime() < expiresSoonMs).map(({ name, expiresAt }) => `${name} expires in ${duration(new Date(expiresAt).getTime() - now.getTime())}`),
    ...live.filter(({ lastUsedAt, createdAt }) => !lastUsedAt && now.getTime() - new Date(createdAt).getTime() > unusedMs).map(({ name }) => `${name} was never used`),
    ...all.filter(({ state }) => state === "maker_gone").map(({ name, createdBy }) => `${name} counts no more, since ${createdBy} was turned off`),
  ];
  if (said.length > 0) return warning(said.join("; "), "Make another under Settings, API tokens before what uses it stops, and revoke those that nobody needs.");
  return ok(live.length > 0 ? `${plural(live.length, "token")} that ${live.length === 1 ? "counts" : "count"}` : "there are none");
}

function scheduleOf(name: string, kinds: readonly DatabaseSchedule[], now: Date) {
  const backups = kinds.find(({ kind }) => kind === "backup");
  if (!backups?.schedule) return warning("its backups have none: only people, cron or a timer start them", `holdfast schedule set ${shellWord(name)} '0 2 * * *', unless something else takes them.`);
  const paused = kinds.flatMap(({ kind, pause }) => (pause ? [{ kind, ...pause }] : []));
  const [first] = paused;
  if (first) {
    const words = paused.map(({ kind, by, since, until, reason }) => `${kind.replace("_", " ")} paused for ${ageSpan(since, now)} by ${by}${reason ? `: ${reason}` : ""}${until ? `, until ${fullTime(until)}` : ", until it is resumed"}`);
    return warning(words.join("; "), `holdfast schedule resume ${shellWord(name)} --kind ${first.kind}`);
  }
  const [last] = backups.last;
  const next = `next ${fullTime(backups.next[0])}`;
  if (last && (last.state === "missed" || last.state === "failed")) return problem(`the backup due ${fullTime(last.dueAt)} ${last.state === "missed" ? "was missed" : "failed"}${last.why ? `: ${last.why.replace(/\.$/, "")}` : ""}; ${next}`, `holdfast backup ${shellWord(name)}`);
  return ok(`'${backups.schedule.cron}' ${backups.schedule.timeZone}, ${next}`);
}

async function retentionOf({ db, clock: time }: Reading, database: { id: string; name: string; retention: string | null }) {
  const [last, onHold] = await Promise.all([
    db.run.findFirst({ where: { kind: "prune_backups", databaseId: database.id, status: { notIn: ["queued", "running"] } }, orderBy: { id: "desc" }, select: { id: true, status: true, finishedAt: true, error: true } }),
    db.backup.count({ where: { databaseId: database.id, deletedAt: null, legalHold: { not: null } } }),
  ]);
  const words = last?.finishedAt ? `last clean-up ${ageSpan(last.finishedAt, time.now())} ago` : "no clean-up so far";
  if (last?.status === "failed" || last?.status === "lost") return problem(`${words}, and it did not end well${last.error ? `: ${readJson(PublicErrorSchema, last.error)?.message ?? ""}` : ""}`, `holdfast runs ${last.id}`);
  if (!policyOf(database)) return warning(`no rules: every backup is kept; ${words}`, "Give it rules under Settings, Retention, or the store fills.");
  return ok(`it has rules; ${words}${onHold > 0 ? `; ${plural(onHold, "backup")} on legal hold` : ""}`);
}
