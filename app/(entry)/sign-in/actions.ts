"use server";

import { redirect } from "next/navigation";
import { RefusedSignIn, signIn } from "@/lib/auth/auth";
import { returnPath } from "@/lib/auth/return-path";
import { toPublicError, type PublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { SignInInput } from "@/lib/users/schemas";
import { z } from "zod";

export interface SignInState {
  /** What was typed, to be shown again; never the password. */
  email?: string;
  remember?: boolean;
  fieldErrors?: { email?: string[] | undefined; password?: string[] | undefined };
  error?: PublicError;
}

/** Signs in and goes to where the person wanted to be. */
export async function signInAction(_before: SignInState, form: FormData): Promise<SignInState> {
  const email = String(form.get("email") ?? "").trim();
  const remember = form.get("remember") === "on";
  const parsed = SignInInput.safeParse({ email, password: form.get("password"), remember });
  if (!parsed.success) return { email, remember, fieldErrors: z.flattenError(parsed.error).fieldErrors };
  try {
    await signIn("credentials", { ...parsed.data, redirect: false });
  } catch (error) {
    if (error instanceof RefusedSignIn) return { email, remember, error: toPublicError(error.reason) };
    log.error({ err: error }, "sign-in failed");
    return { email, remember, error: toPublicError(error) };
  }
  redirect(returnPath(form.get("from")?.toString()));
}
