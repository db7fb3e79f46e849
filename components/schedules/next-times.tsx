import { Time } from "@/components/time/time";
import { nbsp } from "@/lib/format/symbols";
import { minuteTime } from "@/lib/format/times";
import { nextOccurrences, type Times } from "@/lib/schedule/occurrences";
import { cronSentence } from "@/lib/schedule/sentence";
import { wallOf } from "@/lib/schedule/zone";

/** A schedule in words, and its next three times on the wall clock of its zone and in UTC. Nothing while it cannot be read. */
export function NextTimes({ times, after }: { times: Times; after: string }) {
  const next = nextOccurrences(times, new Date(after), 3);
  const [first, , last] = next;
  // Years apart, the day alone would not tell them.
  const isLong = first !== undefined && last !== undefined && first.getUTCFullYear() !== last.getUTCFullYear();
  return (
    <div className="rounded-panel border border-line bg-sunken px-4 py-3" role="status">
      <p className="text-[15px]/5 font-semibold [overflow-wrap:anywhere]">
        {next.length > 0 ? cronSentence(times.cron) : "This cannot be read as a schedule yet."} {next.length > 0 ? <span className="font-normal text-ink-2">{times.timeZone}</span> : null}
      </p>
      {next.length > 0 ? (
        <ol aria-label="Its next three times" className="mt-2 grid gap-1 text-table">
          {next.map((at) => (
            <li key={at.getTime()} className="flex flex-wrap gap-x-4">
              <span className="min-w-28 font-medium tabular-nums">{minuteTime(wallOf(at.getTime(), times.timeZone))}{isLong ? ` ${at.getUTCFullYear()}` : ""}</span>
              <span className="text-ink-3">
                <Time at={at} format="minute" />
                {nbsp}UTC
              </span>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}
