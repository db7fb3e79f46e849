import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { titleTemplate } from "@/components/status/state";
import { currentSession } from "@/lib/auth/context";
import { toSignIn } from "@/lib/auth/page";
import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { shellStatus } from "@/lib/monitoring/shell-status";
import { worstState } from "@/lib/monitoring/worst-state";
import { restoreCommands } from "@/lib/restore/read-commands";
import { roleWords } from "@/lib/users/role-words";
import { signOutAction } from "./actions";

const place = { db, clock: systemClock };

/** The worst state leads every title, where a tab still shows it. */
export async function generateMetadata(): Promise<Metadata> {
  const session = await currentSession();
  if (!session) return {};
  return { title: { template: titleTemplate(await worstState(place)), default: env.installationName } };
}

/**
 * The frame around every page of someone who is signed in. It is drawn once and not asked again when the person moves
 * between pages, so each page and each action still authorises by itself.
 */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  if (!session) return toSignIn();
  const { name, role, mayRestore } = session.user;
  const commandItems = mayRestore ? await restoreCommands(place) : [];
  return (
    <AppShell user={{ name, role: roleWords[role].word }} installationName={env.installationName} status={await shellStatus(place)} signOut={signOutAction} commandItems={commandItems}>
      {children}
    </AppShell>
  );
}
