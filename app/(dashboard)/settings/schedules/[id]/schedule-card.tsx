"use client";

import { formatWords } from "@/components/backups/choice-words";
import { SaveCard } from "@/components/databases/save-card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { dumpFormats, withFormat, type BackupOptions } from "@/lib/databases/schemas";
import type { DatabaseSchedule } from "@/lib/schedule/list";
import { missedPolicies, overlapPolicies, type MissedPolicy, type OverlapPolicy } from "@/lib/schedule/schemas";
import { usualSettings } from "@/lib/schedule/usual";
import { scheduleWords } from "@/lib/schedule/words";
import { saveScheduleAction } from "../actions";
import { WhenFields } from "./when-fields";

const missedWords = { catch_up: "Make up for it once", skip: "Leave it out" } as const satisfies Record<MissedPolicy, string>;
const overlapWords = { skip: "Leave it out", wait: "Wait until that is over" } as const satisfies Record<OverlapPolicy, string>;

/** Everything a schedule is: when, `after` which its next times are shown, and what happens when something comes in between. */
export function ScheduleCard({ database, zones, zone, after, mayChange, managedBy }: { database: DatabaseSchedule; zones: readonly string[]; zone: string; after: string; mayChange: boolean; managedBy: string | null }) {
  const { databaseId, name, kind, schedule, databaseOptions, otherwise } = database;
  const shown = schedule ?? usualSettings(kind, zone);
  const { when, noun } = scheduleWords[kind];
  return (
    <SaveCard
      title={when(name)}
      note={schedule ? "From now on. What was due before stays as it is on record." : `There is no schedule until you save one. ${otherwise}.`}
      saveLabel="Save schedule"
      mayChange={mayChange}
      managedBy={managedBy}
      save={(data) => saveScheduleAction({ databaseId, kind, ...read(data, databaseOptions, schedule?.options ?? null) })}
    >
      {(wrong) => {
        const error = (field: string) => wrong[field]?.[0];
        return (
          <>
            <WhenFields kind={kind} cron={shown.cron} timeZone={shown.timeZone} zones={zones} after={after} errors={wrong} />
            <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 border-t border-line pt-4 max-sm:grid-cols-1">
              <Field label="When Holdfast was not running" hint={`One ${noun} makes up for all that were missed; the others stay on record as missed.`}>
                <Select name="missed" defaultValue={shown.missed}>
                  {missedPolicies.map((one) => <option key={one} value={one}>{missedWords[one]}</option>)}
                </Select>
              </Field>
              <Field label={kind === "backup" ? "When it is being backed up already" : "When something else has to be over first"}>
                <Select name="overlap" defaultValue={shown.overlap}>
                  {overlapPolicies.map((one) => <option key={one} value={one}>{overlapWords[one]}</option>)}
                </Select>
              </Field>
              <Field label="Try again" note="times, when one fails" error={error("retries")}>
                <Input name="retries" inputMode="numeric" defaultValue={shown.retries} />
              </Field>
              <Field label="After" note="minutes" error={error("retryDelaySeconds")}>
                <Input name="retryDelay" inputMode="decimal" defaultValue={shown.retryDelaySeconds / 60} />
              </Field>
              <Field label="Time limit" note="minutes" hint="A run that takes longer is cancelled and counts as failed. Empty: none." error={error("timeoutSeconds")}>
                <Input name="timeout" inputMode="decimal" defaultValue={shown.timeoutSeconds === null ? "" : shown.timeoutSeconds / 60} />
              </Field>
              <Field label="Spread the start over" note="minutes" hint="So that many databases do not start in the same second." error={error("jitterSeconds")}>
                <Input name="jitter" inputMode="decimal" defaultValue={shown.jitterSeconds / 60} />
              </Field>
              {kind === "backup" ? <Field label="Format" error={error("options") ?? Object.entries(wrong).find(([field]) => field.startsWith("options."))?.[1][0]}>
                <Select name="format" defaultValue={shown.options?.format ?? ""}>
                  <option value="">As set for the database: {formatWords[databaseOptions.format].title}</option>
                  {dumpFormats.map((format) => <option key={format} value={format}>{formatWords[format].title}</option>)}
                </Select>
              </Field> : null}
            </div>
          </>
        );
      }}
    </SaveCard>
  );
}

/** `own` are the database's options, `present` what the schedule has of its own: what this form does not show stays as it is. */
function read(data: FormData, own: BackupOptions, present: BackupOptions | null) {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const figure = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name).replace(",", ".")));
  const seconds = (name: string) => Math.round(figure(name) * 60);
  const format = dumpFormats.find((one) => one === text("format"));
  return {
    cron: text("cron"),
    timeZone: text("timeZone"),
    missed: missedPolicies.find((one) => one === text("missed")),
    overlap: overlapPolicies.find((one) => one === text("overlap")),
    retries: figure("retries"),
    retryDelaySeconds: seconds("retryDelay"),
    timeoutSeconds: text("timeout") === "" ? null : seconds("timeout"),
    jitterSeconds: seconds("jitter"),
    options: format ? withFormat(present ?? own, format) : null,
  };
}
