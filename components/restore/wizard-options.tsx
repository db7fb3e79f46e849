"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { Triangle } from "@/components/ui/shapes";
import type { RestoreTarget } from "@/lib/restore/read-targets";
import { keepWords } from "@/lib/restore/review-words";
import type { WizardParams } from "@/lib/restore/search-params";

const keepChoices = [24, 48, 72, 168, 336, 720] as const;

interface OptionsProps {
  params: WizardParams;
  onChange: (part: Partial<WizardParams>) => void;
}

/** What a swap leaves behind, and what happens when the application does not come up. */
export function SwapOptions({ params, target, onChange }: OptionsProps & { target: RestoreTarget | null }) {
  // Another number may stand in the address.
  const hours = [...new Set([...keepChoices, params.keep])].sort((a, b) => a - b);
  return (
    <>
      <Field label="Keep the database from before for" hint="It takes its room on the disk until then. You can remove it earlier." className="max-w-[280px]">
        <Select name="keep" value={params.keep} onChange={(event) => onChange({ keep: Number(event.target.value) })}>
          {hours.map((value) => (
            <option key={value} value={value}>
              {keepWords(value)}
            </option>
          ))}
        </Select>
      </Field>
      <Checkbox
        name="undo"
        checked={params.undo}
        disabled={!target?.healthUrl && !params.undo}
        onChange={(event) => onChange({ undo: event.target.checked })}
        hint={target?.healthUrl ? `Undone when ${target.healthUrl} does not answer in time.` : "Needs an address that tells whether the application works."}
      >
        Undo by itself when the application does not come up
      </Checkbox>
      {target ? <Stops target={target} /> : null}
    </>
  );
}

function Stops({ target }: { target: RestoreTarget }) {
  return (
    <p className="text-table text-ink-2 [overflow-wrap:anywhere]">
      {target.stops.length > 0 ? `${target.stops.join(", ")} ${target.stops.length === 1 ? "is" : "are"} stopped for the swap and started again after it. ` : "No application is named for this database, so none is stopped: its sessions are ended, and it reconnects by itself. "}
      <TextLink href={`/settings/databases/${target.id}`}>{target.stops.length > 0 ? "Change" : "Name one"}</TextLink>
    </p>
  );
}

/** The safety net where two databases do not fit on the disk. */
export function InPlaceOptions({ params, live, onChange }: OptionsProps & { live: string }) {
  return (
    <>
      <Checkbox name="safety" checked={params.safety} onChange={(event) => onChange({ safety: event.target.checked })} hint="Taken and checked before anything is dropped. When it fails, nothing is dropped.">
        Back up {live} as it is now, first
      </Checkbox>
      {params.safety ? null : (
        <p role="status" className="flex items-start gap-2 text-table text-ink-2">
          <Triangle className="mt-0.5 text-at-risk" />
          <span>Without it, nothing of the present {live} is left. Leave it out only where it cannot be read any more, and say so in the reason.</span>
        </p>
      )}
    </>
  );
}
