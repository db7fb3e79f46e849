import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Button } from "@/components/ui/button";
import { pageContext } from "@/lib/auth/page";
import { managedOf, readManaged } from "@/lib/config/managed";
import { findDatabase } from "@/lib/databases/list";
import { atLeast, type Role } from "@/lib/users/schemas";
import { DatabaseSubpage } from "../subpage";
import { DatabaseSettings } from "./database-settings";

type Params = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const database = await findDatabase(await pageContext(), (await params).id);
  return { title: database ? `${database.name}, settings` : "Not found" };
}

export default async function DatabasePage({ params }: Params) {
  const ctx = await pageContext();
  const database = await findDatabase(ctx, (await params).id);
  if (!database) notFound();
  const [stores, backups, managed] = await Promise.all([
    ctx.db.store.findMany({ where: { removedAt: null }, select: { id: true, name: true, path: true }, orderBy: { createdAt: "asc" } }),
    ctx.db.backup.count({ where: { databaseId: database.id, deletedAt: null } }),
    readManaged(ctx),
  ]);
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  return (
    <DatabaseSubpage
      title={database.name}
      sub={`${database.databaseName} in ${database.container}${database.serverVersion ? `, PostgreSQL ${database.serverVersion}` : ""}`}
      actions={<Button asChild><Link href={`/backups?database=${database.id}`}>See its backups</Link></Button>}
    >
      <DatabaseSettings database={database} stores={stores} backups={backups} managed={managedOf(managed, database.id)} may={{ test: atLeast(role, "operator"), change: atLeast(role, "admin") }} />
    </DatabaseSubpage>
  );
}
