"use client";

import { useState } from "react";
import { SecretField } from "@/components/notifications/secret-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ChannelRow } from "@/lib/alerts/list";
import { tlsModes, type TlsMode } from "@/lib/alerts/schemas";
import type { Wrong } from "./channel-fields";

const tlsWords = {
  starttls: { title: "STARTTLS, or nothing is sent", port: 587 },
  tls: { title: "TLS from the first byte", port: 465 },
  none: { title: "None: readable on the way", port: 25 },
} as const satisfies Record<TlsMode, { title: string; port: number }>;

/** The mail server, and from whom to whom. */
export function MailFields({ channel, wrong }: { channel: ChannelRow | null; wrong: Wrong }) {
  const set = channel?.target && "host" in channel.target ? channel.target : null;
  const [tls, setTls] = useState<TlsMode>(set?.tls ?? "starttls");
  const [port, setPort] = useState(String(set?.port ?? tlsWords.starttls.port));
  function choose(next: TlsMode) {
    // A port that somebody typed stays.
    if (port === String(tlsWords[tls].port)) setPort(String(tlsWords[next].port));
    setTls(next);
  }
  const toError = Object.entries(wrong).find(([field]) => field === "to" || field.startsWith("to."))?.[1][0];
  return (
    <>
      <Field label="To" note="one or more, with commas between" error={toError}>
        <Input name="to" inputMode="email" defaultValue={set?.to.join(", ") ?? ""} />
      </Field>
      <div className="grid grid-cols-[minmax(0,1fr)_96px_minmax(0,1fr)] items-start gap-x-4 gap-y-4 border-t border-line pt-4 max-sm:grid-cols-1">
        <Field label="Mail server" error={wrong["host"]?.[0]}>
          <Input name="host" mono defaultValue={set?.host ?? ""} />
        </Field>
        <Field label="Port" error={wrong["port"]?.[0]}>
          <Input name="port" inputMode="numeric" value={port} onChange={(event) => setPort(event.target.value)} />
        </Field>
        <Field label="Encryption" error={wrong["tls"]?.[0]}>
          <Select name="tls" value={tls} onChange={(event) => choose(tlsModes.find((one) => one === event.target.value) ?? tls)}>
            {tlsModes.map((one) => <option key={one} value={one}>{tlsWords[one].title}</option>)}
          </Select>
        </Field>
      </div>
      <div className="grid grid-cols-2 items-start gap-x-4 gap-y-4 max-sm:grid-cols-1">
        <Field label="User" hint="Empty for a server that asks for none." error={wrong["user"]?.[0]}>
          <Input name="user" mono autoComplete="off" defaultValue={set?.user ?? ""} />
        </Field>
        <SecretField name="password" label="Password" hint="Kept sealed, and shown to nobody." isSet={channel?.isSecretSet ?? false} error={wrong["password"]?.[0]} />
        <Field label="From" hint="An address that the server lets you send from." error={wrong["from"]?.[0]}>
          <Input name="from" inputMode="email" defaultValue={set?.from ?? ""} />
        </Field>
      </div>
    </>
  );
}
