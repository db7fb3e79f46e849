import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Refused } from "@/components/account/refused";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { guardedPage } from "@/lib/auth/page";
import { listDatabases } from "@/lib/databases/list";
import type { Query } from "@/lib/url/query";
import { DatabaseSubpage } from "../subpage";
import { AddDatabase } from "./add-database";

export const metadata: Metadata = { title: "Add a database" };

export default async function NewDatabasePage({ searchParams }: { searchParams: Promise<Query> }) {
  const page = await guardedPage({ role: "admin", attempt: "database.add" });
  if ((await searchParams)["first"] === "1" && page.ok) redirect("/first-run");
  const about = { title: "Add a database", sub: "Nothing is changed in your containers. A test only reads." };
  if (!page.ok) return <DatabaseSubpage {...about}><Refused error={page.error} /></DatabaseSubpage>;
  const [stores, registered] = await Promise.all([page.ctx.db.store.findMany({ where: { removedAt: null }, select: { id: true, name: true, path: true }, orderBy: { createdAt: "asc" } }), listDatabases(page.ctx)]);
  return (
    <DatabaseSubpage {...about}>
      {stores.length === 0 ? (
        <EmptyState kind="nothing" title="Choose where backups go first" action={<Button asChild variant="primary"><Link href="/settings/storage">Add a store</Link></Button>}>
          A database is added together with the store that receives its backups.
        </EmptyState>
      ) : (
        <AddDatabase stores={stores} registered={registered.map(({ container, databaseName }) => ({ container, databaseName }))} />
      )}
    </DatabaseSubpage>
  );
}
