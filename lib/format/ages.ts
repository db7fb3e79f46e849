import { nbsp, unknown } from "@/lib/format/symbols";
import { type Instant, toDate } from "@/lib/format/times";
import { elapsed } from "@/lib/format/durations";

/** The span between two instants in one unit: `3 s`, `4 min`, `31 h`, `2 d`. */
export function ageSpan(at: Instant | null | undefined, now: Instant): string {
  const then = toDate(at)?.getTime();
  const present = toDate(now)?.getTime();
  if (then === undefined || present === undefined) return unknown;
  // A clock that runs slightly ahead of ours must not produce a negative age.
  const seconds = Math.max(0, Math.floor((present - then) / 1000));
  if (seconds < 60) return `${seconds}${nbsp}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${nbsp}min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)}${nbsp}h`;
  return `${Math.floor(seconds / 86_400)}${nbsp}d`;
}

/** `7 h ago`; for what is still to come `in 4 h 56 m`. */
export function age(at: Instant | null | undefined, now: Instant): string {
  const ahead = (toDate(at)?.getTime() ?? Number.NaN) - (toDate(now)?.getTime() ?? Number.NaN);
  if (ahead >= 1000) return `in${nbsp}${elapsed(ahead)}`;
  const text = ageSpan(at, now);
  return text === unknown ? unknown : `${text}${nbsp}ago`;
}
