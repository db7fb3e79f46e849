"use client";

import { useActionState, useEffect, useRef, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot } from "@/components/ui/panel";
import { NewPasswordInput } from "@/components/account/new-password-input";
import { setupAction } from "./actions";

/** The administrator of a new Holdfast. The token proves that whoever fills this in can read its log. */
export function SetupForm({ token }: { token: string }) {
  const [state, submit, pending] = useActionState(setupAction, {});
  const [about, setAbout] = useState({ name: "", email: "" });
  const form = useRef<HTMLFormElement>(null);
  const { error, fieldErrors = {}, values = { token, name: "", email: "" } } = state;

  useEffect(() => {
    if (state.fieldErrors) form.current?.querySelector<HTMLInputElement>("[aria-invalid=true]")?.focus();
  }, [state]);

  return (
    <form ref={form} action={submit} noValidate>
      <Panel>
        <PanelBody className="grid gap-4">
          {error ? (
            <Banner tone={error.code === "auth.locked" ? "warning" : "danger"} live title={error.message}>
              {error.hint}
            </Banner>
          ) : null}
          <Field label="Setup token" hint="Printed in the log each time Holdfast starts without an administrator. The last one counts, once." error={fieldErrors.token?.[0]}>
            <Input name="token" mono autoComplete="off" key={values.token} defaultValue={values.token} autoFocus={!token} required />
          </Field>
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Field label="Name" error={fieldErrors.name?.[0]}>
              <Input name="name" autoComplete="name" key={values.name} defaultValue={values.name} autoFocus={token !== ""} required onBlur={(event) => setAbout({ ...about, name: event.target.value })} />
            </Field>
            <Field label="Email" note="to sign in with" error={fieldErrors.email?.[0]}>
              <Input name="email" type="email" autoComplete="username" autoCapitalize="none" key={values.email} defaultValue={values.email} required onBlur={(event) => setAbout({ ...about, email: event.target.value })} />
            </Field>
          </div>
          <NewPasswordInput name="password" label="Password" guessable={[about.name, about.email]} error={fieldErrors.password?.[0]} required />
        </PanelBody>
        <PanelFoot note="You become its first admin. Others are added later, under Settings.">
          <Button variant="primary" type="submit" pending={pending}>
            {pending ? "Creating administrator…" : "Create administrator"}
          </Button>
        </PanelFoot>
      </Panel>
    </form>
  );
}
