"use server";

import { redirect } from "next/navigation";
import { signOut } from "@/lib/auth/auth";
import { currentSession, currentVisitor } from "@/lib/auth/context";
import { endSession } from "@/lib/auth/end-session";

/** Ends this browser's session and forgets its cookie. */
export async function signOutAction(): Promise<void> {
  const session = await currentSession();
  if (session) await endSession(await currentVisitor(), session.sessionId);
  await signOut({ redirect: false });
  redirect("/sign-in");
}
