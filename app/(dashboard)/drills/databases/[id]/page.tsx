import { FlaskConical } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { DrillsList } from "@/components/drills/drills-list";
import { policySentence } from "@/components/drills/words";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHead } from "@/components/ui/page-head";
import { Pagination } from "@/components/ui/pagination";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { managedOf, readManaged } from "@/lib/config/managed";
import { listDatabaseDrills, listDrills } from "@/lib/drill/list";
import { listDrillChecks } from "@/lib/drill/read";
import type { ManagedPart } from "@/lib/config/schemas";
import { plural } from "@/lib/format/counts";
import { href, pageNumber, type Query } from "@/lib/url/query";
import { atLeast, type Role } from "@/lib/users/schemas";
import { DrillNow } from "../../drill-now";
import { OwnChecks } from "./own-checks";
import { PolicyCard } from "./policy-card";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

/** Once for the title and the page. */
const find = cache(async (id: string) => {
  const ctx = await pageContext();
  const database = (await listDatabaseDrills(ctx)).find((one) => one.id === id);
  if (!database) notFound();
  return { ctx, database };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await find((await params).id);
  return { title: `Drills of ${database.name}` };
}

export default async function DatabaseDrillsPage({ params, searchParams }: Props) {
  const { ctx, database } = await find((await params).id);
  const page = pageNumber.parse((await searchParams)["page"]);
  const [drills, checks, everything] = await Promise.all([listDrills(ctx, { databaseId: database.id, page }), listDrillChecks(ctx, database.id), readManaged(ctx)]);
  const managed = managedOf(everything, database.id);
  const managedBy = (part: ManagedPart) => (managed?.parts.includes(part) ? managed.file : null);
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const now = ctx.clock.now().toISOString();
  return (
    <Page crumbs={[{ label: "Drills", href: "/drills" }, { label: database.name }]}>
      <PageHead
        title={`Drills of ${database.name}`}
        sub={database.policy ? `Drilled ${policySentence(database.policy, database.nextAt)}.` : "No drill starts by itself: no policy was chosen."}
        actions={
          <>
            <Button asChild><Link href={`/history?database=${database.id}`}>History</Link></Button>
            {atLeast(role, "operator") && !database.active ? <DrillNow backupId={database.newest?.backupId ?? null} name={database.name} size="default" variant="primary" /> : null}
            {database.active ? <Button asChild><Link href={`/runs/${database.active.runId}`}>Follow the drill</Link></Button> : null}
          </>
        }
      />
      <div className="grid gap-4">
        <PolicyCard databaseId={database.id} policy={database.policy} mayChange={atLeast(role, "admin")} managedBy={managedBy("drills")} />
        <OwnChecks databaseId={database.id} checks={checks} mayChange={atLeast(role, "admin")} managedBy={managedBy("checks")} />
      </div>
      <Section title="Drills" note={drills.total > 0 ? plural(drills.total, "drill") : null} id="drills">
        {drills.rows.length > 0 ? (
          <>
            <DrillsList rows={drills.rows} now={now} withDatabase={false} />
            {drills.pages > 1 ? <Pagination page={drills.page} pages={drills.pages} href={(to) => href(`/drills/databases/${database.id}`, { page: to }, { page: 1 })} /> : null}
          </>
        ) : (
          <EmptyState kind="nothing" icon={<FlaskConical size={18} strokeWidth={1.75} aria-hidden />} title={`No drill of ${database.name} has run yet`}>Its backups are readable at most, until one is restored and compared.</EmptyState>
        )}
      </Section>
    </Page>
  );
}
