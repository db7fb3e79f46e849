"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { NewPasswordInput } from "@/components/account/new-password-input";
import { PasswordInput } from "@/components/account/password-input";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import type { ActionResult } from "@/lib/action";
import { changePasswordAction } from "./actions";

type Result = ActionResult<{ sessionsEnded: number }>;

/** Your own password. The email rides along unseen, so that password managers know which entry to change. */
export function ChangePassword({ guessable, email }: { guessable: readonly string[]; email: string }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const [round, setRound] = useState(0);
  const wrong = result?.ok === false ? (result.fieldErrors ?? {}) : {};
  const error = result?.ok === false && !result.fieldErrors ? result.error : null;
  const wrongCurrent = error?.code === "user.wrong_password" ? error.message : wrong["current"]?.[0];

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    setPending(true);
    const answer = await changePasswordAction({ current: String(data.get("current") ?? ""), next: String(data.get("next") ?? "") });
    setPending(false);
    setResult(answer);
    if (answer.ok) {
      setRound(round + 1);
      router.refresh();
    } else {
      requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    }
  }

  return (
    <form noValidate onSubmit={submit}>
      <Panel aria-labelledby="password">
        <PanelHead id="password" title="Change your password" />
        <PanelBody key={round} className="grid gap-4">
          {result?.ok ? (
            <Banner tone="done" live title="Your password is changed.">
              {result.data.sessionsEnded === 0 ? "You were signed in nowhere else." : `Signed out elsewhere: ${result.data.sessionsEnded}.`}
            </Banner>
          ) : error && !wrongCurrent ? (
            <Banner tone={error.code === "auth.locked" ? "warning" : "danger"} live title={error.message}>
              {error.hint}
            </Banner>
          ) : null}
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <PasswordInput name="current" label="Present password" autoComplete="current-password" error={wrongCurrent} />
          <NewPasswordInput name="next" label="New password" guessable={guessable} error={wrong["next"]?.[0]} />
        </PanelBody>
        <PanelFoot note="Your other browsers are signed out.">
          <Button variant="primary" type="submit" pending={pending}>
            {pending ? "Changing…" : "Change password"}
          </Button>
        </PanelFoot>
      </Panel>
    </form>
  );
}
