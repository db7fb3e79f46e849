import type { ReactNode } from "react";
import { Page } from "@/components/shell/page";
import { PageHead } from "@/components/ui/page-head";
import { SettingsNav } from "@/components/ui/settings-nav";
import { sections } from "../sections";

/** A page under Databases: its own name is the title. */
export function DatabaseSubpage({ title, sub, actions, children }: { title: string; sub: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Page crumbs={[{ label: "Settings", href: sections[0].href }, { label: "Databases", href: sections[0].href }, { label: title }]}>
      <PageHead title={title} sub={sub} actions={actions} />
      <SettingsNav label="Settings" items={sections}>
        {children}
      </SettingsNav>
    </Page>
  );
}
