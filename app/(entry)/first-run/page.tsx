import path from "node:path";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EntryShell } from "@/components/shell/entry-shell";
import { guardedPage } from "@/lib/auth/page";
import { env } from "@/lib/env";
import { FirstRun } from "./first-run";

export const metadata: Metadata = { title: "Set up: first database" };

/** The steps after the administrator: database, store, first backup. Over once a database is registered. */
export default async function FirstRunPage() {
  const page = await guardedPage({ role: "admin", attempt: "database.add" });
  if (!page.ok) redirect("/");
  const { db, actor } = page.ctx;
  if (await db.database.findFirst({ where: { removedAt: null }, select: { id: true } })) redirect("/");
  const store = await db.store.findFirst({ where: { removedAt: null }, select: { id: true, name: true, path: true }, orderBy: { createdAt: "asc" } });
  return (
    <EntryShell broad end={`Setting up as ${actor.name}`} foot="Nothing has been changed in your containers. The test only reads.">
      <FirstRun store={store} proposed={{ name: "local-disk", path: path.resolve(env.backupDirectory) }} />
    </EntryShell>
  );
}
