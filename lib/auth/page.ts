import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { Context } from "@/lib/context";
import { AppError, toPublicError, type PublicError } from "@/lib/errors";
import type { Requirement } from "./authorise";
import { requireContext } from "./context";
import { returnPath } from "./return-path";

/**
 * The context of a page that anyone signed in may see. Sends everyone else to the sign-in page, and back here afterwards.
 */
export async function pageContext(): Promise<Context> {
  const page = await guardedPage({ role: "viewer", attempt: "page.open" });
  if (page.ok) return page.ctx;
  // Every role reaches "viewer", so nobody who is signed in is refused here.
  throw new Error(page.error.message);
}

/**
 * The same for a page that needs more: a refusal, which is an audit entry by now, is returned for the page to show, because
 * Next hides the words of an error thrown while rendering.
 */
export async function guardedPage(needed: Requirement): Promise<{ ok: true; ctx: Context } | { ok: false; error: PublicError }> {
  try {
    return { ok: true, ctx: await requireContext(needed) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "unauthenticated") await toSignIn();
    return { ok: false, error: toPublicError(error) };
  }
}

/** Goes to the sign-in page of someone whose cookie is there but whose session is over. Never returns. */
export async function toSignIn(): Promise<never> {
  const from = returnPath((await headers()).get("x-path"));
  redirect(`/sign-in?${new URLSearchParams({ why: "ended", ...(from === "/" ? {} : { from }) }).toString()}`);
}
