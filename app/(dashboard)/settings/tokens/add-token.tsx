"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger, initialFocus } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { lifePresets, scopes } from "@/lib/tokens/schemas";
import { scopeWords } from "@/lib/tokens/scope-words";
import { createTokenAction } from "./actions";

export interface MadeToken {
  name: string;
  token: string;
  expiresAt: string;
}
interface AddTokenProps {
  databases: readonly { id: string; name: string }[];
  onMade: (made: MadeToken) => void;
}

/** A button and the form behind it. */
export function AddToken(props: AddTokenProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          Make token
        </Button>
      </DialogTrigger>
      {open ? <AddTokenForm {...props} close={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function AddTokenForm({ databases, onMade, close }: AddTokenProps & { close: () => void }) {
  const id = useId();
  const [life, setLife] = useState("90");
  const [limited, setLimited] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const name = String(data.get("name") ?? "").trim();
    const days = Number(life === "own" ? data.get("days") || Number.NaN : life);
    setPending(true);
    const result = await createTokenAction({
      name,
      days,
      scopes: scopes.filter((scope) => data.getAll("scopes").includes(scope)),
      databaseIds: limited ? data.getAll("databases").map(String) : null,
    });
    setPending(false);
    if (result.ok) {
      close();
      onMade({ name, token: result.data.token, expiresAt: result.data.expiresAt });
      return;
    }
    setWrong(result.fieldErrors ?? {});
    setError(result.fieldErrors ? null : result.error);
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  return (
    <DialogContent
      title="Make a token for a program"
      description="Whoever has it can do what you choose here, from anywhere that reaches Holdfast."
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild>
            <Button size="lg">Cancel</Button>
          </DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>
            {pending ? "Making…" : "Make token"}
          </Button>
        </DialogFoot>
      }
    >
      <form id={id} noValidate onSubmit={submit} className="grid gap-4">
        {error ? (
          <Banner tone="danger" live title={error.message}>
            {error.hint}
          </Banner>
        ) : null}
        <Field label="Name" note="stands in the audit log" error={wrong["name"]?.[0]}>
          <Input name="name" autoComplete="off" autoCapitalize="none" placeholder="prometheus" {...initialFocus} />
        </Field>
        <Choices legend="It may" error={wrong["scopes"]?.[0]}>
          {scopes.map((scope) => (
            <Checkbox key={scope} name="scopes" value={scope} hint={scopeWords[scope].may} aria-invalid={wrong["scopes"] ? true : undefined}>
              {scopeWords[scope].word}
            </Checkbox>
          ))}
        </Choices>
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Field label="Expires after" hint="At most a year." error={life === "own" ? undefined : wrong["days"]?.[0]}>
            <Select value={life} onChange={(event) => setLife(event.target.value)}>
              {lifePresets.map((days) => (
                <option key={days} value={days}>
                  {days === 365 ? "a year" : `${days} days`}
                </option>
              ))}
              <option value="own">other</option>
            </Select>
          </Field>
          {life === "own" ? (
            <Field label="Days" error={wrong["days"]?.[0]}>
              <Input name="days" inputMode="numeric" autoComplete="off" />
            </Field>
          ) : null}
        </div>
        {databases.length > 0 ? (
          <Choices legend="Databases" error={wrong["databaseIds"]?.[0]}>
            <Checkbox checked={limited} onChange={(event) => setLimited(event.target.checked)} hint="Otherwise all, also those that are added later.">
              Only certain ones
            </Checkbox>
            {limited ? (
              <div className="grid gap-1 pl-[25px]">
                {databases.map((database) => (
                  <Checkbox key={database.id} name="databases" value={database.id} aria-invalid={wrong["databaseIds"] ? true : undefined}>
                    {database.name}
                  </Checkbox>
                ))}
              </div>
            ) : null}
          </Choices>
        ) : null}
      </form>
    </DialogContent>
  );
}

function Choices({ legend, error, children }: { legend: string; error: string | undefined; children: React.ReactNode }) {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-[13px]/[18px] font-medium">{legend}</legend>
      {children}
      {error ? (
        <p role="alert" className="text-caption text-exposed">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
