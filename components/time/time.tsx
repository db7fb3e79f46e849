import { cn } from "@/components/ui/cn";
import { unknown } from "@/lib/format/symbols";
import { day, fullTime, type Instant, logTime, machineTime, minuteTime, shortDay, shortTime, timeOfDay } from "@/lib/format/times";

const formats = { short: shortTime, full: fullTime, minute: minuteTime, day, shortDay, time: timeOfDay, log: logTime } as const;

export interface TimeProps {
  at: Instant | null;
  /** `short` 22 Sep 02:00:04 · `full` with year and UTC · `minute` · `day` · `shortDay` · `time` 02:00:04 · `log` with milliseconds */
  format?: keyof typeof formats;
  /** With it `short` names the year of another year. */
  now?: Instant;
  className?: string;
}

/** An absolute time in UTC, the same on the server and in the browser. */
export function Time({ at, format = "short", now, className }: TimeProps) {
  if (at === null) return <span className={className}>{unknown}</span>;
  return (
    <time dateTime={machineTime(at)} title={format === "full" ? undefined : fullTime(at)} className={cn("whitespace-nowrap", className)}>
      {format === "short" ? shortTime(at, now) : formats[format](at)}
    </time>
  );
}
