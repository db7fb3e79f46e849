"use client";

import { useState } from "react";
import { SeverityBadge } from "@/components/notifications/severity";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { eventGroups, eventKinds, isAtLeast, severities, usualEvents, type Severity } from "@/lib/alerts/events";
import type { ChannelRow } from "@/lib/alerts/list";
import { severityWords } from "@/lib/alerts/sentence";

/** What is told, event by event, and how severe it has to be. */
export function EventChoices({ channel, error }: { channel: ChannelRow | null; error: string | undefined }) {
  const [lowest, setLowest] = useState<Severity>(channel?.severity ?? "info");
  const chosen = channel?.events ?? usualEvents;
  return (
    <div className="grid gap-4 border-t border-line pt-4">
      <Field label="How severe" hint="What is less severe is not told here, also when it is chosen.">
        <Select name="severity" value={lowest} onChange={(event) => setLowest(severities.find((one) => one === event.target.value) ?? lowest)}>
          {severities.map((one) => <option key={one} value={one}>{severityWords[one]}</option>)}
        </Select>
      </Field>
      <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
        {eventGroups.map(({ title, events }) => (
          <fieldset key={title} className="min-w-0">
            <legend className="mb-1 text-[13px]/[18px] font-medium">{title}</legend>
            {events.map((event) => {
              const { title: what, severity } = eventKinds[event];
              const isTold = isAtLeast(severity, lowest);
              return (
                <Checkbox key={event} name="event" value={event} defaultChecked={chosen.includes(event)}>
                  <span className="flex flex-wrap items-baseline gap-x-2">
                    <span className={isTold ? undefined : "text-ink-3 line-through"}>{what}</span>
                    <SeverityBadge severity={severity} />
                  </span>
                </Checkbox>
              );
            })}
          </fieldset>
        ))}
      </div>
      <p className="text-caption text-exposed empty:hidden" role="alert">{error}</p>
    </div>
  );
}
