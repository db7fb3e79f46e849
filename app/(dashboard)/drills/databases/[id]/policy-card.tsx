"use client";

import { useState } from "react";
import { SaveCard } from "@/components/databases/save-card";
import { whenWords, whichWords } from "@/components/drills/words";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { defaultDrillPolicy, drillWhens, type DrillPolicy } from "@/lib/drill/schemas";
import { href } from "@/lib/url/query";
import { setDrillPolicyAction } from "../../actions";

const whiches = ["newest", "rotate"] as const satisfies readonly DrillPolicy["which"][];

/** When the database is drilled by itself, and with which backup. */
export function PolicyCard({ databaseId, policy, mayChange, managedBy }: { databaseId: string; policy: DrillPolicy | null; mayChange: boolean; managedBy: string | null }) {
  return (
    <SaveCard
      title="Policy"
      note="From now on. Times that have passed are not made up for."
      saveLabel="Save policy"
      mayChange={mayChange}
      managedBy={managedBy}
      save={(data) =>
        setDrillPolicyAction({
          databaseId,
          when: drillWhens.find((when) => when === data.get("when")) ?? defaultDrillPolicy.when,
          which: whiches.find((which) => which === data.get("which")) ?? defaultDrillPolicy.which,
          hour: data.has("hour") ? Number(data.get("hour")) : (policy ?? defaultDrillPolicy).hour,
        })
      }
    >
      {(wrong) => (
        <>
          <Fields policy={policy ?? { ...defaultDrillPolicy, when: "never" }} wrong={wrong} />
          <p className="text-table text-ink-2">
            Another zone, other days, pauses and what became of each time: <TextLink href={href(`/settings/schedules/${databaseId}`, { kind: "drill" })}>the drill schedule</TextLink>. A rehearsal of total loss has <TextLink href={href(`/settings/schedules/${databaseId}`, { kind: "disaster_drill" })}>one of its own</TextLink>.
          </p>
        </>
      )}
    </SaveCard>
  );
}

function Fields({ policy, wrong }: { policy: DrillPolicy; wrong: Record<string, string[]> }) {
  const [when, setWhen] = useState(policy.when);
  const [which, setWhich] = useState(policy.which);
  const hasHour = when !== "after_backup" && when !== "never" && when !== "scheduled";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_120px] items-start gap-4 max-sm:grid-cols-1">
      <Field label="When" hint={whenWords[when].sub} error={wrong["when"]?.[0]}>
        <Select name="when" value={when} onChange={(event) => setWhen(drillWhens.find((one) => one === event.target.value) ?? when)}>
          {drillWhens.filter((one) => one !== "scheduled" || policy.when === one).map((one) => (
            <option key={one} value={one}>{whenWords[one].title}</option>
          ))}
        </Select>
      </Field>
      {when === "never" ? null : (
        <Field label="Which backup" hint={whichWords[which].sub} error={wrong["which"]?.[0]}>
          <Select name="which" value={which} onChange={(event) => setWhich(whiches.find((one) => one === event.target.value) ?? which)}>
            {whiches.map((one) => (
              <option key={one} value={one}>{whichWords[one].title}</option>
            ))}
          </Select>
        </Field>
      )}
      {hasHour ? (
        <Field label="Hour" note="UTC" error={wrong["hour"]?.[0]}>
          <Select name="hour" defaultValue={policy.hour}>
            {Array.from({ length: 24 }, (_, hour) => (
              <option key={hour} value={hour}>{String(hour).padStart(2, "0")}:00</option>
            ))}
          </Select>
        </Field>
      ) : null}
    </div>
  );
}
