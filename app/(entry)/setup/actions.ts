"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { signIn } from "@/lib/auth/auth";
import { currentVisitor } from "@/lib/auth/context";
import { toPublicError, type PublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { completeSetup } from "@/lib/users/complete-setup";
import { SetupInput } from "@/lib/users/schemas";

export interface SetupState {
  values?: { token: string; name: string; email: string };
  fieldErrors?: Partial<Record<"token" | "name" | "email" | "password", string[] | undefined>>;
  error?: PublicError;
}

/** Makes the first administrator, signs them in and goes on to the first database. */
export async function setupAction(_before: SetupState, form: FormData): Promise<SetupState> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const values = { token: text("token"), name: text("name"), email: text("email") };
  const parsed = SetupInput.safeParse({ ...values, password: form.get("password") });
  if (!parsed.success) return { values, fieldErrors: z.flattenError(parsed.error).fieldErrors };
  try {
    await completeSetup(await currentVisitor(), parsed.data);
  } catch (error) {
    const shown = toPublicError(error);
    if (shown.kind === "internal") log.error({ err: error }, "setup failed");
    return shown.code === "auth.wrong_token" ? { values, fieldErrors: { token: [[shown.message, shown.hint].join(" ")] } } : { values, error: shown };
  }
  const { email, password } = parsed.data;
  await signIn("credentials", { email, password, remember: false, redirect: false });
  redirect("/settings/databases/new?first=1");
}
