import type { Metadata } from "next";
import { z } from "zod";
import { Refused } from "@/components/account/refused";
import { ChooseKind } from "@/components/notifications/choose-kind";
import { listNotifications } from "@/lib/alerts/list";
import { channelKinds } from "@/lib/alerts/schemas";
import { kindWords } from "@/lib/alerts/sentence";
import { guardedPage } from "@/lib/auth/page";
import type { Query } from "@/lib/url/query";
import { ChannelPage } from "../channel-page";
import { EditChannel } from "../edit-channel";

export const metadata: Metadata = { title: "Add a channel" };

const Kind = z.enum(channelKinds);

export default async function NewChannelPage({ searchParams }: { searchParams: Promise<Query> }) {
  const page = await guardedPage({ role: "admin", attempt: "alert.save_channel" });
  const about = { title: "Add a channel", sub: "Who is to be told, and about what." };
  if (!page.ok) return <ChannelPage {...about}><Refused error={page.error} /></ChannelPage>;
  const kind = Kind.safeParse((await searchParams)["kind"]).data;
  if (!kind) return <ChannelPage {...about}><ChooseKind /></ChannelPage>;
  const { databases } = await listNotifications(page.ctx, true);
  return (
    <ChannelPage title={about.title} sub={kindWords[kind].sub}>
      <EditChannel key={kind} kind={kind} channel={null} databases={databases} />
    </ChannelPage>
  );
}
