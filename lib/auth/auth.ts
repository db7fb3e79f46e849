import "server-only";
import NextAuth, { CredentialsSignin } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { SignInInput } from "@/lib/users/schemas";
import { clientAddress } from "./address";
import { endSession } from "./end-session";
import { findSession, type SignedIn } from "./find-session";
import { sessionMs, startSession } from "./start-session";

declare module "next-auth" {
  interface Session {
    signedIn: SignedIn | null;
  }
}

/** Carries our own refusal through next-auth, which lets only its own errors pass. */
export class RefusedSignIn extends CredentialsSignin {
  constructor(readonly reason: AppError) {
    super(reason.message);
    this.code = reason.code;
  }
}

const credentials = Credentials({
  credentials: { email: {}, password: {}, remember: {} },
  async authorize(raw, request) {
    // These arrive as form fields, where a ticked box is a word.
    const fields = SignInInput.safeParse({ ...raw, remember: raw["remember"] === "true" });
    if (!fields.success) throw new CredentialsSignin();
    const visitor = {
      db,
      clock: systemClock,
      origin: clientAddress(request.headers.get("x-forwarded-for")),
      userAgent: request.headers.get("user-agent") ?? "",
    };
    try {
      const { sessionId } = await startSession(visitor, fields.data);
      return { id: sessionId };
    } catch (error) {
      if (error instanceof AppError) throw new RefusedSignIn(error);
      throw error;
    }
  },
});

/**
 * next-auth carries the session's id in an encrypted cookie and nothing else. Whether that session still counts is asked
 * of its row on every use, so revoking the row signs the browser out at its next request.
 */
export const { auth, handlers, signIn, signOut } = NextAuth({
  providers: [credentials],
  trustHost: true,
  pages: { signIn: "/sign-in", error: "/sign-in" },
  // The cookie may live as long as the longest session; the row says when this one ends.
  session: { strategy: "jwt", maxAge: sessionMs.remembered / 1_000 },
  callbacks: {
    jwt: ({ token, user }) => (user ? { sid: user.id } : token),
    async session({ session, token }) {
      const { sid } = token;
      return { expires: session.expires, signedIn: typeof sid === "string" ? await findSession(db, systemClock, sid) : null };
    },
  },
  events: {
    async signOut(message) {
      const sid = "token" in message ? message.token?.["sid"] : null;
      if (typeof sid === "string") await endSession({ db, clock: systemClock }, sid);
    },
  },
  logger: {
    error: (error) => {
      // A wrong password is not an error of ours, and it is in the audit log already.
      if (!(error instanceof CredentialsSignin)) log.error({ err: error }, "sign-in failed");
    },
    warn: (code) => log.debug({ code }, "next-auth warning"),
    debug: () => undefined,
  },
});
