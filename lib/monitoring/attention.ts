import type { AlertStatus } from "@/lib/alerts/status";
import { isOlder } from "@/lib/clock";
import { ageSpan } from "@/lib/format/ages";
import { bytes, percent } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { nbsp } from "@/lib/format/symbols";
import { minuteTime } from "@/lib/format/times";
import { asSentence, firstSentence, numberWord } from "./assess-database";
import { byState, silentAfterMs, type AttentionItem } from "./schemas";
import type { Assessed } from "./verdict";

export interface AttentionFacts {
  databases: readonly Assessed[];
  /** The words of the tool of each database's last run, by run. */
  toolOutputs: ReadonlyMap<number, string>;
  worker: { heartbeatAt: Date | null; engineProblem: string | null };
  stores: readonly { name: string; problem: string | null; checkedAt: Date | null; totalBytes: number | null; freeBytes: number | null; sharesDisk: boolean }[];
  /** Listed backups with a problem, by database. */
  damaged: readonly { databaseId: string | null; name: string; many: number }[];
  alerts: AlertStatus;
}

const nearlyFull = 0.1;

/** What a person should look at, worst first, each with one place to go. Says nothing twice. */
export function listAttention(facts: AttentionFacts, now: Date): AttentionItem[] {
  return [...workerItems(facts.worker, now), ...facts.databases.flatMap((one) => databaseItems(one, facts)), ...facts.stores.flatMap(storeItems), ...facts.damaged.map(damagedItem), ...alertItems(facts)].sort(byUrgency);
}

/** Advice last. */
function byUrgency(a: AttentionItem, b: AttentionItem): number {
  if (a.state === null || b.state === null) return Number(a.state === null) - Number(b.state === null);
  return byState(a.state, b.state);
}

function workerItems({ heartbeatAt, engineProblem }: AttentionFacts["worker"], now: Date): AttentionItem[] {
  if (!heartbeatAt || isOlder(heartbeatAt, silentAfterMs, now)) {
    const title = heartbeatAt ? `No word from the worker for ${ageSpan(heartbeatAt, now)}` : "No worker was ever heard";
    return [item({ id: "worker", state: "unknown", title, detail: "No backup is made while it is away. What is stored is not affected. Start Holdfast's worker again; its log says why it stopped.", action: { label: "See its last runs", href: "/runs" } })];
  }
  if (!engineProblem) return [];
  return [item({ id: "engine", state: "exposed", title: "The worker cannot reach Docker", detail: `${asSentence(engineProblem)} No backup can be made until it answers. What is stored is not affected.`, action: { label: "Test a database", href: "/settings/databases" } })];
}

function databaseItems({ id, facts, assessment }: Assessed, { toolOutputs }: AttentionFacts): AttentionItem[] {
  const { name, lastRun, failuresInARow } = facts;
  const items: AttentionItem[] = [];
  const has = (code: string) => assessment.reasons.some((reason) => reason.code === code);
  if (lastRun?.failed) {
    const title = failuresInARow > 1 ? `${name}: ${numberWord(failuresInARow)} backups failed in a row` : `${name}: the last backup failed`;
    const when = lastRun.finishedAt ? `Last at ${minuteTime(lastRun.finishedAt)}${nbsp}UTC. ` : "";
    items.push(item({ id: `failed:${id}`, state: assessment.state === "exposed" ? "exposed" : "at_risk", title, detail: `${when}${firstSentence(lastRun.message ?? "No reason is on record")}`, toolOutput: toolOutputs.get(lastRun.id) ?? null, action: { label: "Show the fix", href: `/runs/${lastRun.id}` } }));
  } else if (has("never_backed_up") && assessment.state === "unknown") {
    items.push(item({ id: `never:${id}`, state: "unknown", title: `${name} has never been backed up`, detail: `It was added on ${minuteTime(facts.registeredAt)}${nbsp}UTC.`, action: { label: "Open its settings", href: `/settings/databases/${id}` } }));
  } else if (has("objective_broken") || has("objective_near")) {
    const broken = has("objective_broken");
    items.push(item({ id: `objective:${id}`, state: broken ? "exposed" : "at_risk", title: broken ? `${name} is past its target` : `${name} is close to its target`, detail: assessment.reasons.find(({ code }) => code.startsWith("objective"))?.text ?? "", action: { label: "See its backups", href: `/backups?database=${id}` } }));
  }
  if (has("drill_failed") && facts.lastDrill) {
    const { id: drillId, at, message } = facts.lastDrill;
    items.push(item({ id: `drill:${id}`, state: "exposed", title: `${name}: the last drill failed`, detail: `At ${minuteTime(at)}${nbsp}UTC. ${firstSentence(message ?? "No reason is on record")}`, action: { label: "Show the drill", href: `/drills/${drillId}` } }));
  }
  const missed = assessment.reasons.find(({ code }) => code === "schedule_missed");
  if (missed) items.push(item({ id: `missed:${id}`, state: "at_risk", title: `${name} missed a backup`, detail: missed.text, action: { label: "See its schedule", href: `/settings/schedules/${id}` } }));
  const paused = assessment.reasons.find(({ code }) => code === "schedule_paused");
  if (paused) items.push(item({ id: `paused:${id}`, state: "paused", title: `${name} is backed up only by hand now`, detail: paused.text, action: { label: "See its schedule", href: `/settings/schedules/${id}` } }));
  const ahead = assessment.reasons.find(({ code }) => code === "dated_ahead");
  if (ahead) items.push(item({ id: `ahead:${id}`, state: assessment.state === "unknown" ? "unknown" : "at_risk", title: `${name} has a backup dated ahead of the clock`, detail: `${ahead.text} Set the clock right, take a new backup, and delete this one when nobody needs it.`, action: { label: "See its backups", href: `/backups?database=${id}` } }));
  if (has("partial")) items.push(item({ id: `partial:${id}`, state: "at_risk", title: `${name} is backed up in part`, detail: "Tables are left out, as its options say. They could not be restored.", action: { label: "See its options", href: `/settings/databases/${id}` } }));
  return items;
}

function storeItems(store: AttentionFacts["stores"][number]): AttentionItem[] {
  const { name, problem, checkedAt, totalBytes, freeBytes, sharesDisk } = store;
  const href = "/settings/storage";
  const items: AttentionItem[] = [];
  if (problem) {
    const since = checkedAt ? `Last asked ${minuteTime(checkedAt)}${nbsp}UTC. ` : "";
    items.push(item({ id: `store:${name}`, state: "unknown", title: `${name} failed its test`, detail: `${since}${asSentence(problem)}`, action: { label: "Test it", href } }));
  }
  if (totalBytes && freeBytes !== null && freeBytes / totalBytes < nearlyFull) {
    items.push(item({ id: `full:${name}`, state: "at_risk", title: `${name} is nearly full`, detail: `${bytes(freeBytes)} of ${bytes(totalBytes)} are free, ${percent(freeBytes, totalBytes)}. A backup that does not fit is refused before it starts.`, action: { label: "See storage", href } }));
  }
  if (sharesDisk) items.push(item({ id: `disk:${name}`, state: "at_risk", title: `${name} is on the disk of the databases`, detail: "A broken disk would take the databases and their backups together.", action: { label: "See storage", href } }));
  return items;
}

function damagedItem({ databaseId, name, many }: AttentionFacts["damaged"][number]): AttentionItem {
  return item({ id: `damaged:${databaseId ?? name}`, state: "at_risk", title: `${plural(many, "backup")} of ${name} ${many === 1 ? "is" : "are"} damaged or missing`, detail: "They failed their proof, so nothing counts on them. The others are not affected.", action: { label: "See its backups", href: databaseId ? `/backups?database=${databaseId}` : "/backups" } });
}

function alertItems({ alerts: { channels, failing, refusing }, databases }: AttentionFacts): AttentionItem[] {
  const action = { label: "See notifications", href: "/settings/notifications" };
  if (channels === 0 && databases.length > 0) {
    return [item({ id: "alerts", state: null, title: "Nobody is told when something goes wrong", detail: "There is no channel for notifications yet, so a failure shows only here.", action: { ...action, label: "Add a channel" } })];
  }
  const dead = failing.map(({ id, name, since }) => item({ id: `alerts:${id}`, state: "at_risk", title: `Notifications do not arrive over ${name}`, detail: `Since ${minuteTime(since)}${nbsp}UTC. They wait and are tried again; until then it tells nobody.`, action }));
  // One that takes nothing is said already.
  const partly = refusing.filter(({ id }) => !failing.some((one) => one.id === id));
  return [...dead, ...partly.map(({ id, name, addresses }) => item({ id: `refused:${id}`, state: "at_risk", title: `${name} does not reach ${addresses.join(", ")}`, detail: `The mail server refuses ${addresses.length === 1 ? "this recipient" : "these recipients"} for good; the others get what is sent. Correct or remove the address.`, action }))];
}

function item(fields: Omit<AttentionItem, "toolOutput"> & { toolOutput?: string | null }): AttentionItem {
  return { toolOutput: null, ...fields };
}
