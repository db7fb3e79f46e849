"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { NewPasswordInput } from "@/components/account/new-password-input";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger, initialFocus } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { roleWords } from "@/lib/users/role-words";
import { roles, type Role } from "@/lib/users/schemas";
import { addUserAction } from "./actions";

/** A button and the form behind it. */
export function AddUser() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          Add user
        </Button>
      </DialogTrigger>
      {open ? <AddUserForm close={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function AddUserForm({ close }: { close: () => void }) {
  const id = useId();
  const router = useRouter();
  const [role, setRole] = useState<Role>("viewer");
  const [guessable, setGuessable] = useState<readonly string[]>([]);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const text = (name: string) => String(new FormData(form).get(name) ?? "");
    setPending(true);
    const result = await addUserAction({ name: text("name"), email: text("email").trim(), role, password: text("password") });
    setPending(false);
    if (result.ok) {
      close();
      toast.success(`${result.data.name} can sign in now.`);
      router.refresh();
      return;
    }
    setWrong(result.fieldErrors ?? {});
    setError(result.fieldErrors ? null : result.error);
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  return (
    <DialogContent
      title="Add someone who may sign in"
      description="Give them the password in a way you trust. They can change it under Settings, Account."
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild>
            <Button size="lg">Cancel</Button>
          </DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>
            {pending ? "Adding…" : "Add user"}
          </Button>
        </DialogFoot>
      }
    >
      <form
        id={id}
        noValidate
        onSubmit={submit}
        onBlur={({ currentTarget }) => setGuessable([new FormData(currentTarget).get("name"), new FormData(currentTarget).get("email")].map(String))}
        className="grid gap-4"
      >
        {error ? (
          <Banner tone="danger" live title={error.message}>
            {error.hint}
          </Banner>
        ) : null}
        <Field label="Name" error={wrong["name"]?.[0]}>
          <Input name="name" autoComplete="off" {...initialFocus} />
        </Field>
        <Field label="Email" note="to sign in with" error={wrong["email"]?.[0]}>
          <Input name="email" type="email" autoComplete="off" autoCapitalize="none" />
        </Field>
        <Field label="Role" hint={roleWords[role].may}>
          <Select value={role} onChange={(event) => setRole(roles.find((known) => known === event.target.value) ?? "viewer")}>
            {roles.map((known) => (
              <option key={known} value={known}>
                {roleWords[known].word}
              </option>
            ))}
          </Select>
        </Field>
        <NewPasswordInput name="password" label="First password" guessable={guessable} error={wrong["password"]?.[0]} />
      </form>
    </DialogContent>
  );
}
