import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EntryHead, EntryShell } from "@/components/shell/entry-shell";
import { WizardPath } from "@/components/ui/wizard-path";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { needsSetup } from "@/lib/users/complete-setup";
import { SetupForm } from "./setup-form";

export const metadata: Metadata = { title: "Set up: administrator" };

export default async function SetupPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  if (!(await needsSetup({ db }))) redirect("/sign-in");
  const { token } = await searchParams;
  return (
    <EntryShell broad end={`Setting up ${env.installationName}`} foot="Nothing has been changed in your containers.">
      <WizardPath label="Steps of setting up" steps={["Administrator", "Database", "Where backups go", "First backup"]} current={0} />
      <EntryHead title="Who looks after this Holdfast?" sub="One account to begin with. Whoever has it can back up, delete and decide who else may." />
      <SetupForm token={[token].flat()[0] ?? ""} />
    </EntryShell>
  );
}
