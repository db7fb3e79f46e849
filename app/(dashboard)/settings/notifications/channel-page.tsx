import type { ReactNode } from "react";
import { Page } from "@/components/shell/page";
import { PageHead } from "@/components/ui/page-head";
import { SettingsNav } from "@/components/ui/settings-nav";
import { sections } from "../sections";

/** A page under Notifications: its own name is the title. */
export function ChannelPage({ title, sub, children }: { title: string; sub: ReactNode; children: ReactNode }) {
  return (
    <Page crumbs={[{ label: "Settings", href: sections[0].href }, { label: "Notifications", href: "/settings/notifications" }, { label: title }]}>
      <PageHead title={title} sub={sub} />
      <SettingsNav label="Settings" items={sections}>
        {children}
      </SettingsNav>
    </Page>
  );
}
