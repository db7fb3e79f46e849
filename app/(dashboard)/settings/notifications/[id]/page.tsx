import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Refused } from "@/components/account/refused";
import { listNotifications } from "@/lib/alerts/list";
import { kindWords } from "@/lib/alerts/sentence";
import { guardedPage } from "@/lib/auth/page";
import { ChannelPage } from "../channel-page";
import { EditChannel } from "../edit-channel";

export const metadata: Metadata = { title: "Channel" };

export default async function EditChannelPage({ params }: { params: Promise<{ id: string }> }) {
  const page = await guardedPage({ role: "admin", attempt: "alert.save_channel" });
  if (!page.ok) return <ChannelPage title="Channel" sub="Who is told, and about what."><Refused error={page.error} /></ChannelPage>;
  const { id } = await params;
  const { channels, databases } = await listNotifications(page.ctx, true);
  const channel = channels.find((one) => one.id === id);
  if (!channel) notFound();
  return (
    <ChannelPage title={channel.name} sub={kindWords[channel.kind].sub}>
      <EditChannel kind={channel.kind} channel={channel} databases={databases} />
    </ChannelPage>
  );
}
