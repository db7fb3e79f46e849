import { Bell } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { DeliveryLog } from "@/components/notifications/delivery-log";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { listNotifications } from "@/lib/alerts/list";
import { pageContext } from "@/lib/auth/page";
import { readManaged } from "@/lib/config/managed";
import { env } from "@/lib/env";
import { atLeast } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";
import { ChannelCard } from "./channel-card";
import { RetryDelivery } from "./retry-delivery";
import { WhenCard } from "./when-card";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationsPage() {
  const ctx = await pageContext();
  const mayChange = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "admin");
  const { channels, deliveries, settings, databases } = await listNotifications(ctx, mayChange);
  const { file, managed } = await readManaged(ctx);
  const now = ctx.clock.now().toISOString();
  const add = mayChange ? <Button asChild variant="primary"><Link href="/settings/notifications/new">Add channel</Link></Button> : null;
  return (
    <SettingsPage title="Notifications">
      {channels.length === 0 ? (
        <EmptyState kind="nothing" icon={<Bell size={18} strokeWidth={1.75} aria-hidden />} title="Nobody is told yet" action={add}>
          When a backup fails, a disk fills or the worker is silent, Holdfast can send a mail, a message to Slack, or a signed request to an address of yours. Until there is a channel, only this interface says so.
        </EmptyState>
      ) : (
        <Section first id="channels" title="Who is told" end={add}>
          <div className="grid gap-4">
            {channels.map((channel) => <ChannelCard key={channel.id} channel={channel} now={now} mayChange={mayChange} managedBy={managed.channels.includes(channel.id) ? file : null} />)}
          </div>
        </Section>
      )}
      <Section id="when" title="When">
        <WhenCard settings={settings} databases={databases} mayChange={mayChange} managedBy={managed.notifications ? file : null} />
        <p className="mt-2.5 text-caption text-ink-3">
          {env.baseUrl ? <>Links in messages lead to <code>{env.baseUrl}</code>.</> : <>Messages have no links, because nobody has said under which address you reach Holdfast. Set <code>HOLDFAST_URL</code> for web and worker.</>}
        </p>
      </Section>
      {channels.length > 0 || deliveries.length > 0 ? (
        <Section id="sent" title="What was sent" note={deliveries.length > 50 ? "the last 50 and older ones that were given up, UTC" : deliveries.length > 0 ? "the last 50, UTC" : undefined}>
          {deliveries.length > 0 ? (
            <DeliveryLog rows={deliveries} now={now} retry={(row) => <RetryDelivery deliveryId={row.id} subject={row.subject} />} />
          ) : (
            <p className="text-table text-ink-3">Nothing yet. A test is not listed here: its answer stands with the channel.</p>
          )}
        </Section>
      ) : null}
    </SettingsPage>
  );
}
