"use client";

import { useNow } from "@/components/time/now";
import { clockTime, type Instant, machineTime } from "@/lib/format/times";

/** The server's time, in UTC: what every other time on the page is to be read against. */
export function Clock({ now: initial, className }: { now?: Instant | undefined; className?: string }) {
  const now = useNow(initial);
  if (now === null) return null;
  return (
    <time dateTime={machineTime(now)} className={className}>
      {clockTime(now)}
    </time>
  );
}
