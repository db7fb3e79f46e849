import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EntryHead, EntryShell } from "@/components/shell/entry-shell";
import { currentSession } from "@/lib/auth/context";
import { returnPath } from "@/lib/auth/return-path";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { needsSetup } from "@/lib/users/complete-setup";
import { version } from "@/package.json";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { from, why } = await searchParams;
  const target = returnPath([from].flat()[0]);
  if (await currentSession()) redirect(target);
  if (await needsSetup({ db })) redirect("/setup");
  return (
    <EntryShell foot={`Holdfast ${version}`} footEnd="Sign-ins, and failed ones, are written to the audit log.">
      <EntryHead title={`Sign in to ${env.installationName}`} sub="Backups of PostgreSQL, proven by restoring them." />
      <SignInForm from={target} ended={why === "ended"} />
      <p className="mt-5 text-caption text-ink-3">
        Forgot it? An admin can set a new one for you. Nobody left who can: run <code>npm run reset-password</code> on the host.
      </p>
    </EntryShell>
  );
}
