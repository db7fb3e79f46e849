import type { KeptReason, RetainedBackup, RetentionDecision, RetentionPolicy, SizeRecord } from "./schemas";
import { suspiciouslySmall } from "./suspicious";

const dayMs = 86_400_000;
const readable = 3;
const proven = 4;

/** What a policy is about, and what it measures that by: foreign files only where it names them. */
export function ruledBy<B extends SizeRecord, R extends SizeRecord>({ foreign }: Pick<RetentionPolicy, "foreign">, backups: readonly B[], records: readonly R[]): [B[], R[]] {
  const isRuled = ({ isForeign }: SizeRecord) => foreign || !isForeign;
  return [backups.filter(isRuled), records.filter(isRuled)];
}

/**
 * What stays of one database's backups and what goes, with reasons. Whatever the policy says, these stay: what is held or kept by hand, the
 * newest proven, the newest readable, the newest few good ones, and everything newer than the newest good one, because what
 * would replace it has not been verified, looks wrong, or is dated ahead of the clock. Foreign files neither go nor replace anything unless the policy names them.
 * Lesser ones replace no whole ones: those are decided as if there were no others, and lesser ones with all of them. `records`, of backups that
 * were removed, say with what the present ones are compared.
 */
export function decideRetention(backups: readonly RetainedBackup[], policy: RetentionPolicy, records: readonly SizeRecord[] = []): RetentionDecision {
  const newestFirst = [...backups].sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (a.id < b.id ? -1 : 1));
  const [ruled, measured] = ruledBy(policy, newestFirst, records);
  const suspicious = suspiciouslySmall(ruled, measured);
  const isGood = (backup: RetainedBackup) => backup.rung >= readable && !backup.hasProblem && !backup.isAhead && !suspicious.has(backup.id);
  const reasons = new Map<string, KeptReason[]>(newestFirst.map((backup) => [backup.id, []]));
  const keep = (backup: RetainedBackup | undefined, reason: KeptReason) => {
    const known = reasons.get(backup?.id ?? "");
    if (known && !known.includes(reason)) known.push(reason);
  };
  const whole = ruled.filter(({ isLesser }) => !isLesser);
  const anchorOfWhole = keepAmong(whole, isGood, policy, keep);
  const anchorOfAll = keepAmong(ruled, isGood, policy, (backup, reason) => {
    if (backup?.isLesser) keep(backup, reason);
  });
  const anchor = anchorOfWhole ?? anchorOfAll;
  if (!policy.foreign) for (const backup of newestFirst) if (backup.isForeign) keep(backup, "foreign");
  const over = anchor ? overSize(ruled, reasons, policy.totalBytes) : new Set<string>();
  const stays = (backup: RetainedBackup) => (reasons.get(backup.id)?.length ?? 0) > 0 && !over.has(backup.id);
  const stay = newestFirst.filter(stays).map((backup) => ({ backup, reasons: reasons.get(backup.id) ?? [] }));
  const go = newestFirst.filter((backup) => !stays(backup)).reverse().map((backup) => ({ backup, reason: over.has(backup.id) ? ("over_size" as const) : ("no_rule" as const), anchor: ((backup.isLesser ? anchorOfAll : anchorOfWhole) ?? backup).takenAt }));
  const bytes = (list: readonly { backup: RetainedBackup }[]) => list.reduce((sum, { backup }) => sum + backup.sizeBytes, 0);
  return { stay, go, bytesFreed: bytes(go), bytesKept: bytes(stay), anchor: anchor?.takenAt ?? null, suspicious: [...suspicious.keys()] };
}

/** Keeps what protections and rules keep of some backups that can replace one another. Answers the newest good one, from which windows count back. */
function keepAmong(newestFirst: readonly RetainedBackup[], isGood: (backup: RetainedBackup) => boolean, policy: RetentionPolicy, keep: Keep): RetainedBackup | undefined {
  const good = newestFirst.filter(isGood);
  const [anchor] = good;
  protect(newestFirst, good, policy, keep);
  if (anchor) keepByRules(newestFirst, isGood, anchor, policy, keep);
  return anchor;
}

type Keep = (backup: RetainedBackup | undefined, reason: KeptReason) => void;

/** Reasons that no size limit overrules. */
const protecting: ReadonlySet<KeptReason> = new Set(["legal_hold", "kept_by_hand", "newest_proven", "newest_readable", "not_replaced", "at_least", "nothing_good"]);

function protect(newestFirst: readonly RetainedBackup[], good: readonly RetainedBackup[], policy: RetentionPolicy, keep: Keep): void {
  const [anchor] = good;
  for (const backup of newestFirst) {
    if (backup.isOnLegalHold) keep(backup, "legal_hold");
    if (backup.isKept) keep(backup, "kept_by_hand");
    if (!anchor) keep(backup, "nothing_good");
    else if (backup.takenAt > anchor.takenAt) keep(backup, "not_replaced");
  }
  // By what was shown of them, also when they look suspicious: a person may know why one is small.
  keep(newestFirst.find((backup) => backup.rung >= proven && !backup.hasProblem), "newest_proven");
  keep(newestFirst.find((backup) => backup.rung >= readable && !backup.hasProblem), "newest_readable");
  keep(good.find((backup) => backup.rung >= proven), "newest_proven");
  keep(anchor, "newest_readable");
  // What newer ones leave out, because somebody has chosen so meanwhile, is in whole ones alone.
  keep(good.find((backup) => backup.rung >= proven && !backup.isPartial), "newest_proven");
  keep(good.find((backup) => !backup.isPartial), "newest_readable");
  for (const backup of good.slice(0, policy.atLeastGood)) keep(backup, "at_least");
}

/** The windows one after the other, each from the end of the one before. */
function keepByRules(newestFirst: readonly RetainedBackup[], isGood: (backup: RetainedBackup) => boolean, anchor: RetainedBackup, policy: RetentionPolicy, keep: Keep): void {
  newestFirst.filter(({ isAhead }) => !isAhead).slice(0, policy.newest).forEach((backup) => keep(backup, "newest"));
  const everyUntil = anchor.takenAt.getTime() - policy.everyDays * dayMs;
  for (const backup of newestFirst) if (policy.everyDays > 0 && backup.takenAt.getTime() >= everyUntil) keep(backup, "every");
  for (const { reason, from, until } of windowsOf(policy, anchor.takenAt)) {
    const within = newestFirst.filter(({ takenAt }) => takenAt.getTime() < from && takenAt.getTime() >= until);
    for (const backup of onePer(within, buckets[reason], isGood)) keep(backup, reason);
  }
}

const buckets = {
  hour: (at: Date) => at.toISOString().slice(0, 13),
  day: (at: Date) => at.toISOString().slice(0, 10),
  week: weekOf,
  month: (at: Date) => at.toISOString().slice(0, 7),
  year: (at: Date) => at.toISOString().slice(0, 4),
};
export type Tier = keyof typeof buckets;

/** The windows of which each hour, day, week, month or year keeps one, the newest window first; `from` is not part of it. */
export function windowsOf(policy: RetentionPolicy, anchor: Date): { reason: Tier; from: number; until: number }[] {
  const spans: [Tier, number][] = [["hour", policy.hours * 3_600_000], ["day", policy.days * dayMs], ["week", policy.weeks * 7 * dayMs], ["month", policy.months * 30.44 * dayMs], ["year", policy.years * 365.25 * dayMs]];
  let until = anchor.getTime() - policy.everyDays * dayMs;
  return spans.filter(([, span]) => span > 0).map(([reason, span]) => {
    const from = until;
    until = from - span;
    return { reason, from, until };
  });
}

/** Of each bucket the newest good whole one, or else the newest good one, and the newest of any kind where none is good. */
function onePer(newestFirst: readonly RetainedBackup[], bucket: (at: Date) => string, isGood: (backup: RetainedBackup) => boolean): Iterable<RetainedBackup> {
  const chosen = new Map<string, RetainedBackup>();
  const worth = (backup: RetainedBackup) => (isGood(backup) ? (backup.isLesser ? 1 : 2) : 0);
  for (const backup of newestFirst) {
    const name = bucket(backup.takenAt);
    const present = chosen.get(name);
    if (!present || worth(backup) > worth(present)) chosen.set(name, backup);
  }
  return chosen.values();
}

/** The Monday of a date's week, in UTC. */
function weekOf(at: Date): string {
  const monday = new Date(at);
  monday.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return monday.toISOString().slice(0, 10);
}

/** Of those that only rules keep the oldest, lesser ones before all others, until what stays fits. */
function overSize(newestFirst: readonly RetainedBackup[], reasons: ReadonlyMap<string, KeptReason[]>, totalBytes: number | null): Set<string> {
  const over = new Set<string>();
  if (totalBytes === null) return over;
  const staying = newestFirst.filter((backup) => (reasons.get(backup.id)?.length ?? 0) > 0);
  let size = staying.reduce((sum, backup) => sum + backup.sizeBytes, 0);
  for (const backup of staying.toReversed().sort((a, b) => Number(b.isLesser) - Number(a.isLesser))) {
    if (size <= totalBytes) break;
    if (reasons.get(backup.id)?.some((reason) => protecting.has(reason))) continue;
    over.add(backup.id);
    size -= backup.sizeBytes;
  }
  return over;
}
