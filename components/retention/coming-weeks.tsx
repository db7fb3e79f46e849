import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { nbsp } from "@/lib/format/symbols";
import { day, shortDay } from "@/lib/format/times";
import type { ComingDay, RetentionPreview } from "@/lib/retention/preview-schemas";

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
/** More marks than these are written as a number. */
const mostMarks = 3;

/** What will be kept in the coming weeks, a row for each: what comes and goes on each day, and what is there at its end. */
export function ComingWeeks({ coming, notComing }: Pick<RetentionPreview, "coming" | "notComing">) {
  const last = coming?.days.at(-1);
  return (
    <section className="border-t border-line px-[18px] py-3.5" aria-label="The coming weeks">
      <h3 className="text-table font-semibold">The coming weeks</h3>
      {coming && last ? (
        <>
          <p className="mt-1 text-table text-ink-2">{comingSentence(coming.sentence, last)}</p>
          <table className="mt-3 w-full table-fixed border-separate border-spacing-0 text-table">
            <caption className="sr-only">Backups kept at the end of each coming day, by week</caption>
            <thead>
              <tr className="text-left text-caption text-ink-3">
                {weekdays.map((name) => <th key={name} scope="col" className="pb-1 pl-1.5 font-normal">{name}</th>)}
                <th scope="col" className="w-[168px] pb-1 text-right font-normal max-sm:hidden">At its end</th>
              </tr>
            </thead>
            <tbody>{weeksOf(coming.days).map((week, index) => <Week key={index} week={week} isFirst={index === 0} />)}</tbody>
          </table>
          <p className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1 text-caption text-ink-3">
            <span>The figure is what is kept at the end of the day (UTC).</span>
            <span className="flex items-center gap-1.5"><i aria-hidden className="h-3 w-[3px] rounded-[1px] bg-ink-2" />is taken</span>
            <span className="flex items-center gap-1.5"><i aria-hidden className="h-3 w-[4px] rounded-[1px] border border-dashed border-exposed" />goes</span>
          </p>
        </>
      ) : (
        <p className="mt-1 text-table text-ink-3">{notComing}</p>
      )}
    </section>
  );
}

/** "If every backup succeeds (Every day at 02:00 UTC), 38 backups are kept on 1 Nov 2026, 27 GiB; any day back to 2 Oct 2026." */
function comingSentence(schedule: string, { at, kept, bytes: size, everyDaySince }: ComingDay): string {
  const when = `${schedule.charAt(0).toLowerCase()}${schedule.slice(1)}`;
  const range = everyDaySince ? `; any day can be restored back to ${day(everyDaySince)}` : "";
  return `If every backup succeeds, ${when}, and is as large as the newest ones: ${plural(kept, "backup")} on ${day(at)}, ${bytes(size)}${range}.`;
}

/** Rows from Monday to Sunday; the first may begin later. */
function weeksOf(days: readonly ComingDay[]): ComingDay[][] {
  const weeks: ComingDay[][] = [];
  for (const one of days) {
    const week = weeks.at(-1);
    if (week && weekdayOf(one) !== 0) week.push(one);
    else weeks.push([one]);
  }
  return weeks;
}

function weekdayOf({ at }: ComingDay): number {
  return (new Date(at).getUTCDay() + 6) % 7;
}

function Week({ week, isFirst }: { week: readonly ComingDay[]; isFirst: boolean }) {
  const [first] = week;
  const end = week.at(-1);
  if (!first || !end) return null;
  return (
    <tr>
      {weekdays.slice(0, weekdayOf(first)).map((name) => <td key={name} className="border-t border-line bg-sunken" />)}
      {week.map((one, index) => <Day key={one.at} day={one} isToday={isFirst && index === 0} />)}
      {weekdays.slice(weekdayOf(end) + 1).map((name) => <td key={name} className="border-t border-line bg-sunken" />)}
      <td className="border-t border-line py-1.5 text-right align-top text-ink-2 max-sm:hidden">
        {count(end.kept)} kept, {bytes(end.bytes)}
        <span className="block text-caption text-ink-3">{end.everyDaySince ? `any day back to ${shortDay(end.everyDaySince)}` : "no day without a gap"}</span>
      </td>
    </tr>
  );
}

function Day({ day: { at, taken, goes, kept }, isToday }: { day: ComingDay; isToday: boolean }) {
  const date = new Date(at).getUTCDate();
  return (
    <td className="h-14 border-t border-line px-1.5 py-1 align-top">
      <span className={isToday ? "text-caption font-semibold text-accent" : "text-caption text-ink-3"}>{isToday || date === 1 ? shortDay(at).replace(" ", nbsp) : date}</span>
      <span className="flex items-center gap-1.5">
        <span className="font-medium tabular-nums">{count(kept)}</span>
        <span aria-hidden className="flex items-center gap-[3px]">
          <Marks many={taken} className="h-3 w-[3px] rounded-[1px] bg-ink-2" />
          <Marks many={goes} className="h-3 w-[4px] rounded-[1px] border border-dashed border-exposed" />
        </span>
        <span className="sr-only">kept; {taken} taken, {goes === 1 ? "1 goes" : `${goes} go`}</span>
      </span>
    </td>
  );
}

function Marks({ many, className }: { many: number; className: string }) {
  if (many === 0) return null;
  if (many > mostMarks) return <span className="flex items-center gap-0.5 text-caption text-ink-3 max-sm:hidden"><i className={className} />{`×${many}`}</span>;
  return Array.from({ length: many }, (_, index) => <i key={index} className={className} />);
}
