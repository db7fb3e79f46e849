import type { Metadata } from "next";
import { connection } from "next/server";
import { notFound } from "next/navigation";
import { Charts, Rungs, Statuses } from "@/app/components-gallery/drawn";
import { Forms, Interactive } from "@/app/components-gallery/forms";
import { Lists, Parts } from "@/app/components-gallery/parts";
import { AppShell } from "@/components/shell/app-shell";
import { Page } from "@/components/shell/page";
import type { ShellStatus } from "@/components/shell/schema";
import { PageHead } from "@/components/ui/page-head";

export const metadata: Metadata = { title: "Components" };

async function signOut() {
  "use server";
}

/** Every component on one page, to look at and to test. Not part of the product. */
export default async function GalleryPage() {
  await connection();
  if (process.env.NODE_ENV === "production" && process.env["HOLDFAST_GALLERY"] !== "1") notFound();
  const now = new Date();
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const status: ShellStatus = {
    now: now.toISOString(),
    activeRuns: [{ id: 1848, title: "Backing up orders", step: "Dump", bytes: 1.1 * 2 ** 30, startedAt: ago(118) }],
    worker: { heartbeatAt: ago(3), problem: null },
    worst: "exposed",
  };
  return (
    <AppShell user={{ name: "Maeve Byrne", role: "Admin" }} installationName="bimcalc-ops" status={status} signOut={signOut} commandItems={[{ id: "orders", label: "orders", group: "Databases", href: "/backups?database=orders", hint: "Exposed" }]}>
      <Page crumbs={[{ label: "Look", href: "/components-gallery" }, { label: "Components" }]}>
        <PageHead title="Components" sub="Everything pages are made of, in one place." />
        <Statuses />
        <Rungs now={status.now} />
        <Charts now={status.now} />
        <Interactive />
        <Parts />
        <Forms />
        <Lists now={status.now} />
      </Page>
    </AppShell>
  );
}
