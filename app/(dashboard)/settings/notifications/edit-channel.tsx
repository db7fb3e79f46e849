"use client";

import { useRouter } from "next/navigation";
import type { z } from "zod";
import { SaveCard } from "@/components/databases/save-card";
import { ChannelFields } from "@/components/notifications/channel-fields";
import { readChannel } from "@/components/notifications/read-channel";
import type { ActionResult } from "@/lib/action";
import type { ChannelRow } from "@/lib/alerts/list";
import type { ChannelKind, SaveChannelInput } from "@/lib/alerts/schemas";
import { kindWords } from "@/lib/alerts/sentence";
import { saveChannelAction } from "./actions";

/** The field that each refusal is about. */
const fieldOf: Readonly<Record<string, string>> = {
  "alert.name_taken": "name",
  "alert.address_missing": "url",
  "alert.signing_missing": "signingSecret",
  "alert.password_missing": "password",
  "alert.unknown_database": "databaseIds",
};

/** Everything a channel is, as one form. */
export function EditChannel({ kind, channel, databases }: { kind: ChannelKind; channel: ChannelRow | null; databases: readonly { id: string; name: string }[] }) {
  const router = useRouter();
  async function save(data: FormData): Promise<ActionResult<unknown>> {
    const result = await saveChannelAction(readChannel(kind, channel?.id ?? null, data) as z.input<typeof SaveChannelInput>);
    if (result.ok) router.push("/settings/notifications");
    const field = result.ok ? undefined : fieldOf[result.error.code];
    return !result.ok && field ? { ...result, fieldErrors: { [field]: [result.error.message] } } : result;
  }
  return (
    <SaveCard title={channel ? channel.name : `A channel: ${kindWords[kind].title}`} note={channel ? "From now on. What waits goes where the channel leads then." : "Nothing is sent until something happens, or until you press Test."} saveLabel={channel ? "Save channel" : "Add channel"} mayChange save={save}>
      {(wrong) => <ChannelFields kind={kind} channel={channel} databases={databases} wrong={wrong} />}
    </SaveCard>
  );
}
