import type { ReactNode } from "react";
import { Page } from "@/components/shell/page";
import { PageHead } from "@/components/ui/page-head";
import { SettingsNav } from "@/components/ui/settings-nav";
import { sections } from "./sections";

/** A page of the settings: the sections at the left, this one at the right. */
export function SettingsPage({ title, children }: { title: (typeof sections)[number]["label"]; children: ReactNode }) {
  return (
    <Page crumbs={[{ label: "Settings", href: sections[0].href }, { label: title }]}>
      <PageHead title="Settings" />
      <SettingsNav label="Settings" items={sections}>
        {children}
      </SettingsNav>
    </Page>
  );
}
