import type { Metadata } from "next";
import { OverviewLive } from "@/components/overview/overview-live";
import { Page } from "@/components/shell/page";
import { titleTemplate } from "@/components/status/state";
import { pageContext } from "@/lib/auth/page";
import { readOverview } from "@/lib/monitoring/read";
import { worstState } from "@/lib/monitoring/worst-state";
import { atLeast, type Role } from "@/lib/users/schemas";
import { startBackupAction } from "./backups/actions";

/** The worst state in front: a tab shows it. The layout's template reaches only the pages below it. */
export async function generateMetadata(): Promise<Metadata> {
  const ctx = await pageContext();
  return { title: { absolute: titleTemplate(await worstState(ctx)).replace("%s", "Overview") } };
}

export default async function OverviewPage() {
  const ctx = await pageContext();
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  return (
    <Page crumbs={[{ label: "Overview" }]}>
      <OverviewLive initial={await readOverview(ctx)} may={{ backUp: atLeast(role, "operator"), configure: atLeast(role, "admin") }} startBackup={startBackupAction} />
    </Page>
  );
}
