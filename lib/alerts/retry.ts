import { aheadMs } from "@/lib/clock";
import type { ChannelKind } from "./schemas";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long a message is tried. A ping of yesterday would speak for a backup of today. */
export const givesUpAfterMs = { email: 72 * hourMs, slack: 72 * hourMs, webhook: 72 * hourMs, ping: 6 * hourMs } as const satisfies Record<ChannelKind, number>;

const firstWaitMs = 30_000;
const longestWaitMs = hourMs;

/** What is due: what has waited long enough, and what would wait longer than anything does, because the clock was ahead when it was put off. */
export function isDueAt(now: Date) {
  return { OR: [{ nextAt: { lte: now } }, { nextAt: { gt: new Date(now.getTime() + longestWaitMs + aheadMs) } }] };
}

/** How long to wait after the attempt of this number failed: 30 s, doubled each time, an hour at most. */
export function waitAfter(attempt: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (Math.max(1, attempt) - 1));
}
