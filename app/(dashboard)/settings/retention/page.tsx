import type { Metadata } from "next";
import { CleanUpCard } from "@/components/retention/clean-up-card";
import { RetentionForm } from "@/components/retention/retention-form";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterPill } from "@/components/ui/filter-pill";
import { TextLink } from "@/components/ui/text-link";
import { pageContext } from "@/lib/auth/page";
import { managedOf, readManaged } from "@/lib/config/managed";
import { policyOf } from "@/lib/retention/read";
import { atLeast } from "@/lib/users/schemas";
import { href, text, type Query } from "@/lib/url/query";
import { SettingsPage } from "../settings-page";

export const metadata: Metadata = { title: "Retention" };

export default async function RetentionPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await pageContext();
  const wanted = text(100).parse((await searchParams)["database"]);
  const databases = await ctx.db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, select: { id: true, name: true, retention: true } });
  const chosen = databases.find(({ id }) => id === wanted) ?? databases[0];
  const mayChange = ctx.actor.kind === "user" && atLeast(ctx.actor.role, "admin");
  if (!chosen) {
    return (
      <SettingsPage title="Retention">
        <EmptyState kind="nothing" title="No database yet" action={<TextLink href="/settings/databases/new">Add a database</TextLink>}>
          What is kept is decided for each database by itself.
        </EmptyState>
      </SettingsPage>
    );
  }
  const options = databases.map(({ id, name }) => ({ value: id, label: name, href: href("/settings/retention", { database: id }) }));
  const database = { id: chosen.id, name: chosen.name, policy: policyOf(chosen) };
  const everything = await readManaged(ctx);
  const managed = managedOf(everything, chosen.id);
  const waiting = everything.waiting.find(({ databaseId, policy }) => databaseId === chosen.id && JSON.stringify(policy) !== JSON.stringify(database.policy));
  return (
    <SettingsPage title="Retention">
      <div className="grid gap-4">
        {databases.length > 1 ? (
          <div>
            <FilterPill label="Database" value={chosen.id} options={options} clearHref="/settings/retention" anyLabel={null} />
          </div>
        ) : null}
        <RetentionForm key={chosen.id} database={database} mayChange={mayChange} managed={managed?.parts.includes("retention") ? { file: managed.file, waiting: waiting?.policy ?? null } : null} />
        {mayChange ? <CleanUpCard key={`clean-${chosen.id}`} database={database} /> : null}
      </div>
    </SettingsPage>
  );
}
