import path from "node:path";
import type { Metadata } from "next";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { toNumber } from "@/lib/db/codecs";
import { env } from "@/lib/env";
import { readStoreChecks, readStoreUse } from "@/lib/stores/read";
import { atLeast, type Role } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";
import { AddStore } from "./add-store";
import { StoreCard } from "./store-card";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  const ctx = await pageContext();
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const [stores, use, checks] = await Promise.all([
    ctx.db.store.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" }, include: { databases: { where: { removedAt: null }, select: { name: true } } } }),
    readStoreUse(ctx),
    readStoreChecks(ctx),
  ]);
  const may = { test: atLeast(role, "operator"), change: atLeast(role, "admin") };
  const proposed = { name: stores.length === 0 ? "local-disk" : "", path: stores.length === 0 ? path.resolve(env.backupDirectory) : "" };
  const add = may.change ? <AddStore initial={proposed} /> : null;
  if (stores.length === 0) {
    return (
      <SettingsPage title="Storage">
        <EmptyState kind="nothing" title="No store yet" action={add}>
          A store is a directory that receives backups. Better on another disk than the databases: a broken disk would take both together.
        </EmptyState>
      </SettingsPage>
    );
  }
  return (
    <SettingsPage title="Storage">
      <Section first id="stores" title="Where backups go" end={add}>
        <div className="grid gap-4">
          {stores.map((store) => {
            const last = checks.get(store.id);
            return (
              <StoreCard
                key={store.id}
                may={may}
                store={{
                  id: store.id,
                  name: store.name,
                  path: store.path,
                  totalBytes: toNumber(store.totalBytes),
                  freeBytes: toNumber(store.freeBytes),
                  use: use.get(store.id) ?? [],
                  receives: store.databases.map(({ name }) => name),
                  // A test of another directory says nothing of this one.
                  lastCheck: last && last.check.path === store.path ? { check: last.check, at: last.at?.toISOString() ?? null } : null,
                }}
              />
            );
          })}
        </div>
      </Section>
    </SettingsPage>
  );
}
