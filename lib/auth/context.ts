import "server-only";
import type { NextApiRequest, NextApiResponse } from "next";
import { headers } from "next/headers";
import { cache } from "react";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { db } from "@/lib/db/client";
import { clientAddress } from "./address";
import { auth } from "./auth";
import { authorise, type Requirement } from "./authorise";
import type { SignedIn } from "./find-session";
import type { Visitor } from "./visitor";

/** The session of this request, or null. Looked up once however many components ask. */
export const currentSession: () => Promise<SignedIn | null> = cache(async () => (await auth())?.signedIn ?? null);

/** Who is signed in, or null. For layouts and pages; operations take a context. */
export async function currentUser(): Promise<SignedIn["user"] | null> {
  return (await currentSession())?.user ?? null;
}

/**
 * The context of a server action, page or GET handler. Throws `auth.signed_out` without a session and `auth.forbidden`
 * when the role does not reach; the refusal is an audit entry under `attempt`.
 */
export async function requireContext(needed: Requirement): Promise<Context> {
  const origin = clientAddress((await headers()).get("x-forwarded-for"));
  return authorise({ db, clock: systemClock, origin }, await currentSession(), needed);
}

/** The same for the Pages API route, which has no request-wide `headers()`. */
export async function requireContextFor(req: NextApiRequest, res: NextApiResponse, needed: Requirement): Promise<Context> {
  const origin = clientAddress([req.headers["x-forwarded-for"]].flat().join(", "));
  const session = await auth(req, res);
  // next-auth puts a fresh cookie on every such answer; one that is saved to disk with its headers should carry none.
  res.removeHeader("Set-Cookie");
  return authorise({ db, clock: systemClock, origin }, session?.signedIn ?? null, needed);
}

/** Whoever sends this request, signed in or not. */
export async function currentVisitor(): Promise<Visitor> {
  const sent = await headers();
  return { db, clock: systemClock, origin: clientAddress(sent.get("x-forwarded-for")), userAgent: sent.get("user-agent") ?? "" };
}
