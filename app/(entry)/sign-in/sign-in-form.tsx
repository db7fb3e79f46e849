"use client";

import { useActionState, useEffect, useRef } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PasswordInput } from "@/components/account/password-input";
import { signInAction } from "./actions";

/** Works without scripts too: it is an ordinary form. `from` is where the person wanted to be. */
export function SignInForm({ from, ended }: { from: string; ended: boolean }) {
  const [state, submit, pending] = useActionState(signInAction, {});
  const form = useRef<HTMLFormElement>(null);
  const { error, fieldErrors = {}, email = "", remember = false } = state;

  // After a refusal the password is what most likely needs typing again, and React has emptied it.
  useEffect(() => {
    if (!error && !fieldErrors.email && !fieldErrors.password) return;
    form.current?.querySelector<HTMLInputElement>(fieldErrors.email ? "[name=email]" : "[name=password]")?.focus();
  }, [error, fieldErrors.email, fieldErrors.password]);

  return (
    <form ref={form} action={submit} noValidate className="grid gap-4">
      <input type="hidden" name="from" value={from} />
      {error ? (
        <Banner tone={error.code === "auth.locked" ? "warning" : "danger"} live title={error.message}>
          {error.code === "auth.wrong_credentials" ? "Nobody was signed in. After five failures you have to wait." : error.hint}
        </Banner>
      ) : ended ? (
        <Banner title="Your session is over.">It expired, or it was signed out elsewhere. Nothing was changed; sign in to go on.</Banner>
      ) : null}
      <Field label="Email" error={fieldErrors.email?.[0]}>
        {/* The page has one purpose, and this is its first step. */}
        <Input name="email" type="email" autoComplete="username" autoCapitalize="none" autoFocus={!error} key={email} defaultValue={email} required className="h-10" />
      </Field>
      <PasswordInput name="password" label="Password" autoComplete="current-password" error={fieldErrors.password?.[0]} required className="h-10" />
      <Checkbox name="remember" key={String(remember)} defaultChecked={remember}>
        Stay signed in for 7 days on this device
      </Checkbox>
      <Button variant="primary" size="wide" type="submit" pending={pending}>
        {pending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
