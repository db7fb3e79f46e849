"use client";

import { useNow } from "@/components/time/now";
import { cn } from "@/components/ui/cn";
import { age, ageSpan } from "@/lib/format/ages";
import { elapsed } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { fullTime, type Instant, machineTime, shortTime, toDate } from "@/lib/format/times";

export interface AgeProps {
  at: Instant | null;
  /** The server's present, so that the first drawing already is the age. Without it the first drawing is the absolute time. */
  now?: Instant | undefined;
  /** `span` leaves out "ago": "No word for 4 min". */
  format?: "age" | "span";
  className?: string;
}

/** How long ago, kept up to date: "7 h ago". Times ahead read "in 4 h 56 m". */
export function Age({ at, now: initial, format = "age", className }: AgeProps) {
  const now = useNow(initial);
  if (at === null) return <span className={className}>{unknown}</span>;
  const write = format === "span" ? ageSpan : age;
  return (
    <time dateTime={machineTime(at)} title={fullTime(at)} className={cn("whitespace-nowrap", className)}>
      {now === null ? shortTime(at) : write(at, now)}
    </time>
  );
}

/** How long something has been going on, ticking until `until`. */
export function Elapsed({ since, until, now: initial, className }: { since: Instant | null; until?: Instant | null; now?: Instant | undefined; className?: string }) {
  const now = useNow(initial);
  const from = toDate(since)?.getTime();
  const to = toDate(until)?.getTime() ?? now;
  return <span className={cn("whitespace-nowrap", className)}>{from === undefined || to === null ? unknown : elapsed(to - from)}</span>;
}
