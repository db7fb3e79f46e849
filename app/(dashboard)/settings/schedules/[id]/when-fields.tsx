"use client";

import { useState } from "react";
import { NextTimes } from "@/components/schedules/next-times";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { cronOfParts, everyKinds, partsOfCron, type EveryKind, type TimeParts } from "@/lib/schedule/parts";
import type { ScheduleKind } from "@/lib/schedule/schemas";

const everyWords = {
  day: "Every day",
  twelve_hours: "Every 12 hours",
  week: "Every week",
  month: "Every month",
  quarter: "Every quarter",
  year: "Every year",
  hour: "Every hour",
  cron: "As a cron expression says",
} as const satisfies Record<EveryKind, string>;
const often = ["day", "twelve_hours", "week", "month", "hour", "cron"] as const satisfies EveryKind[];
const seldom = ["quarter", "year", "month", "week", "day", "cron"] as const satisfies EveryKind[];
/** In the order in which the procedures want them: backups by the day, drills by the quarter and the year. */
const inOrder = { backup: often, drill: seldom, disaster_drill: seldom, clean_up: ["week", "day", "month", "cron"], recheck: ["day", "twelve_hours", "week", "month", "cron"] } as const satisfies Record<ScheduleKind, readonly EveryKind[]>;
/** The hours of the backup procedures. */
const usualHour = { day: 2, twelve_hours: 0, week: 3, month: 4, quarter: 3, year: 4, hour: 2, cron: 2 } as const satisfies Record<EveryKind, number>;
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

const two = (value: number) => String(value).padStart(2, "0");

/** When: in words first, as cron second, each of them changing the other; and what that means for the next three times. */
export function WhenFields({ kind, cron: saved, timeZone: savedZone, zones, after, errors }: { kind: ScheduleKind; cron: string; timeZone: string; zones: readonly string[]; after: string; errors: Record<string, string[]> }) {
  const [cron, setCron] = useState(saved);
  const [timeZone, setTimeZone] = useState(savedZone);
  const [every, setEvery] = useState<EveryKind>(partsOfCron(saved).every);
  const parts: TimeParts = { ...partsOfCron(cron), every };
  const change = (next: Partial<TimeParts>) => setCron(cronOfParts({ ...parts, ...next }) ?? cron);
  // One that was saved stays a choice, also where it is not among the usual ones.
  const choices = everyKinds.filter((one) => one === every && !inOrder[kind].some((usual) => usual === one));
  function choose(chosen: EveryKind) {
    setEvery(chosen);
    change({ every: chosen, hour: usualHour[chosen], minute: 0, weekday: 0, day: 1, month: 1 });
  }
  return (
    <>
      <NextTimes times={{ cron, timeZone }} after={after} />
      <div className="grid grid-cols-3 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
        <Field label="How often">
          <Select value={every} onChange={(event) => choose(everyKinds.find((one) => one === event.target.value) ?? "cron")}>
            {[...inOrder[kind], ...choices].map((one) => (
              <option key={one} value={one}>{everyWords[one]}</option>
            ))}
          </Select>
        </Field>
        {every === "week" ? (
          <Field label="On">
            <Select value={parts.weekday} onChange={(event) => change({ weekday: Number(event.target.value) })}>
              {weekdays.map((weekday, index) => (
                <option key={weekday} value={index}>{weekday}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        {every === "year" ? (
          <Field label="In">
            <Select value={parts.month} onChange={(event) => change({ month: Number(event.target.value) })}>
              {months.map((month, index) => (
                <option key={month} value={index + 1}>{month}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        {every === "month" || every === "quarter" || every === "year" ? (
          <Field label="On day" hint={every === "quarter" ? "Of January, April, July and October." : "1 to 28: every month has these."}>
            <Select value={parts.day} onChange={(event) => change({ day: Number(event.target.value) })}>
              {Array.from({ length: 28 }, (_, index) => (
                <option key={index} value={index + 1}>{index + 1}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        {every === "hour" ? (
          <Field label="At minute">
            <Select value={parts.minute} onChange={(event) => change({ minute: Number(event.target.value) })}>
              {Array.from({ length: 60 }, (_, index) => (
                <option key={index} value={index}>{two(index)}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        {every === "hour" || every === "cron" ? null : (
          <Field label={every === "twelve_hours" ? "From" : "At"}>
            <Input
              type="time"
              value={`${two(parts.hour)}:${two(parts.minute)}`}
              onChange={(event) => {
                const [hour, minute] = event.target.value.split(":").map(Number);
                if (hour !== undefined && minute !== undefined && event.target.value) change({ hour, minute });
              }}
            />
          </Field>
        )}
      </div>
      <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
        <Field label="Cron" note="five fields" hint="Minute, hour, day of the month, month, day of the week." error={errors["cron"]?.[0]}>
          <Input
            name="cron"
            mono
            value={cron}
            onChange={(event) => {
              setCron(event.target.value);
              setEvery(partsOfCron(event.target.value).every);
            }}
          />
        </Field>
        <Field label="Time zone" hint="Its wall clock decides, also when clocks change." error={errors["timeZone"]?.[0]}>
          <Input name="timeZone" list="time-zones" value={timeZone} onChange={(event) => setTimeZone(event.target.value)} autoComplete="off" spellCheck={false} />
        </Field>
        <datalist id="time-zones">
          {zones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
    </>
  );
}
