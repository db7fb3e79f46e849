import path from "node:path";
import type { Metadata } from "next";
import { DatabasesTable, FreeChart, HeldChart, LargestTable } from "@/components/stores/storage-figures";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { pageContext } from "@/lib/auth/page";
import { readManaged } from "@/lib/config/managed";
import { toNumber } from "@/lib/db/codecs";
import { env } from "@/lib/env";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { fillsAnswer } from "@/lib/stores/forecast-words";
import { readStoreChecks, readStoreUse } from "@/lib/stores/read";
import { readForecasts, readStorage, storageDays } from "@/lib/stores/read-storage";
import { atLeast, type Role } from "@/lib/users/schemas";
import { SettingsPage } from "../settings-page";
import { AddStore } from "./add-store";
import { StoreCard } from "./store-card";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  const ctx = await pageContext();
  const role: Role = ctx.actor.kind === "user" ? ctx.actor.role : "viewer";
  const now = ctx.clock.now().getTime();
  const [stores, use, checks, forecasts, storage, { file, managed }] = await Promise.all([
    ctx.db.store.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" }, include: { databases: { where: { removedAt: null }, select: { name: true } } } }),
    readStoreUse(ctx),
    readStoreChecks(ctx),
    readForecasts(ctx),
    readStorage(ctx),
    readManaged(ctx),
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
            const forecast = forecasts.get(store.id)?.forecast;
            return (
              <StoreCard
                key={store.id}
                may={may}
                managedBy={managed.stores.includes(store.id) ? file : null}
                store={{
                  id: store.id,
                  name: store.name,
                  path: store.path,
                  totalBytes: toNumber(store.totalBytes),
                  freeBytes: toNumber(store.freeBytes),
                  use: use.get(store.id) ?? [],
                  fills: forecast ? fillsAnswer(forecast, now) : unknown,
                  receives: store.databases.map(({ name }) => name),
                  // A test of another directory says nothing of this one.
                  lastCheck: last && last.check.path === store.path ? { check: last.check, at: last.at?.toISOString() ?? null } : null,
                }}
              />
            );
          })}
        </div>
      </Section>
      {storage.backups > 0 ? (
        <>
          <Section id="growth" title={`${plural(storage.backups, "backup")}, ${bytes(storage.bytes)}`}>
            <div className="mb-7 grid grid-cols-2 gap-x-12 gap-y-10 max-lg:grid-cols-1">
              <HeldChart held={storage.held} />
              {stores.map(({ id, name }) => (
                <FreeChart key={id} name={name} free={forecasts.get(id)?.free ?? []} from={now - storageDays * 86_400_000} to={now} />
              ))}
            </div>
            <DatabasesTable databases={storage.databases} />
          </Section>
          <Section id="largest" title="The largest backups">
            <LargestTable largest={storage.largest} now={now} />
          </Section>
        </>
      ) : null}
    </SettingsPage>
  );
}
