import "server-only";
import type { Context } from "@/lib/context";
import { readForecasts, type StoreForecast } from "./read-storage";

type Forecasts = Promise<Map<string, StoreForecast>>;

/** What comes and goes within a minute does not change when a store fills, and the sums over 90 days cost more than all else a page asks. */
const freshMs = 60_000;
let last: { db: Context["db"]; at: number; answer: Forecasts } | null = null;

/** When each store fills, as it was told at most a minute ago: for what open pages ask every few seconds. */
export function recentForecasts(ctx: Pick<Context, "db" | "clock">): Forecasts {
  const at = ctx.clock.now().getTime();
  if (last && last.db === ctx.db && at >= last.at && at - last.at < freshMs) return last.answer;
  const asked = { db: ctx.db, at, answer: readForecasts(ctx) };
  last = asked;
  // A failure is told to whoever asked, and not to those who come later.
  asked.answer.catch(() => {
    if (last === asked) last = null;
  });
  return asked.answer;
}
