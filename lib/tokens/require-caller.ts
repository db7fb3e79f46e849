import "server-only";
import { authorise } from "@/lib/auth/authorise";
import type { SignedIn } from "@/lib/auth/find-session";
import type { Context } from "@/lib/context";
import type { Place } from "./authenticate";
import { authoriseToken } from "./authorise";
import { tokenErrors } from "./errors";
import type { Scope } from "./schemas";

/** A request that a program or a person may have sent. */
export interface Caller {
  place: Place;
  authorization: string | null;
  /** Asked only when no token came. */
  session: () => Promise<SignedIn | null>;
}

/** The context of whoever asks: a token with the scope, or anyone who is signed in. Throws as `authoriseToken` does. */
export async function requireCaller({ place, authorization, session }: Caller, needed: { scope: Scope; attempt: string }): Promise<Context> {
  if (authorization !== null) return authoriseToken(place, authorization, needed);
  const signedIn = await session();
  if (!signedIn) throw tokenErrors.missing({});
  return authorise(place, signedIn, { role: "viewer", attempt: needed.attempt });
}
