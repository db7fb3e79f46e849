"use client";

import { useState } from "react";
import { EventChoices } from "@/components/notifications/event-choices";
import { MailFields } from "@/components/notifications/mail-fields";
import { SecretField } from "@/components/notifications/secret-field";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import type { ChannelRow } from "@/lib/alerts/list";
import type { ChannelKind } from "@/lib/alerts/schemas";

export type Wrong = Readonly<Record<string, string[]>>;

export interface ChannelFieldsProps {
  kind: ChannelKind;
  channel: ChannelRow | null;
  databases: readonly { id: string; name: string }[];
  wrong: Wrong;
}

const address = {
  slack: { label: "Webhook address", hint: "In Slack: Apps, Incoming Webhooks, Add to Slack. Whoever knows the address can write there, so it is shown to nobody." },
  webhook: { label: "Address", hint: "Messages are posted to it, and to nowhere it redirects to." },
  ping: { label: "Address of the check", hint: "Called after each good backup; with /fail behind it after one that failed." },
} as const;

/** Name and address, which databases, which events. */
export function ChannelFields({ kind, channel, databases, wrong }: ChannelFieldsProps) {
  return (
    <>
      <Field label="Name" hint="How this page, the overview and the audit log call it." error={wrong["name"]?.[0]}>
        <Input name="name" defaultValue={channel?.name ?? ""} maxLength={60} />
      </Field>
      {kind === "email" ? <MailFields channel={channel} wrong={wrong} /> : <SecretField name="url" {...address[kind]} isSet={channel?.isSecretSet ?? false} error={wrong["url"]?.[0]} />}
      {kind === "webhook" ? <SecretField name="signingSecret" label="Secret to sign with" hint="At least 16 characters; your receiver checks each message with it. openssl rand -hex 32 makes one." isSet={channel?.isSecretSet ?? false} error={wrong["signingSecret"]?.[0]} /> : null}
      <Databases channel={channel} databases={databases} error={wrong["databaseIds"]?.[0]} isPing={kind === "ping"} />
      {kind === "ping" ? null : <EventChoices channel={channel} error={wrong["events"]?.[0]} />}
      <Checkbox name="isOn" defaultChecked={channel?.isOn ?? true} hint="Turned off, it keeps its settings and is told nothing. What waits for it is dropped.">Turned on</Checkbox>
    </>
  );
}

function Databases({ channel, databases, error, isPing }: { channel: ChannelRow | null; databases: ChannelFieldsProps["databases"]; error: string | undefined; isPing: boolean }) {
  const [which, setWhich] = useState(channel?.databaseIds ? "some" : "all");
  const all = isPing ? "One call for all of them: a good backup of one hides that another is missing. A check for each is better." : "Also those that are added later.";
  return (
    <div className="grid gap-2.5">
      <RadioGroup label="Which databases">
        <RadioRow name="which" value="all" checked={which === "all"} onChange={() => setWhich("all")} title="Every database" sub={all} />
        <RadioRow name="which" value="some" checked={which === "some"} onChange={() => setWhich("some")} title="Only some" sub={isPing ? "The usual: one check, one database." : "What concerns all of them, such as the worker or a store, is told all the same."} />
      </RadioGroup>
      {which === "some" ? (
        <fieldset className="grid gap-1 pl-4" aria-describedby="databases-error">
          <legend className="sr-only">Databases</legend>
          {databases.length === 0 ? <p className="text-table text-ink-3">There is no database yet.</p> : null}
          {databases.map(({ id, name }) => <Checkbox key={id} name="database" value={id} defaultChecked={channel?.databaseIds?.includes(id) ?? false}>{name}</Checkbox>)}
        </fieldset>
      ) : null}
      <p id="databases-error" className="text-caption text-exposed empty:hidden">{error}</p>
    </div>
  );
}
