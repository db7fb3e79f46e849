"use client";

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ActionResult } from "@/lib/action";
import type { PublicError } from "@/lib/errors";

export interface StoreFormProps {
  trigger: ReactNode;
  title: string;
  submitLabel: string;
  initial: { name: string; path: string };
  /** Files are not moved with the path: said once the path is another. */
  holdsFiles: boolean;
  save: (values: { name: string; path: string }) => Promise<ActionResult<unknown>>;
  onSaved: () => void;
}

/** Name and directory of a store, in a dialog. */
export function StoreFormDialog({ trigger, ...props }: StoreFormProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      {open ? <StoreForm {...props} close={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function StoreForm({ title, submitLabel, initial, holdsFiles, save, onSaved, close }: Omit<StoreFormProps, "trigger"> & { close: () => void }) {
  const id = useId();
  const [values, setValues] = useState(initial);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    try {
      const result = await save(values);
      if (result.ok) {
        close();
        onSaved();
        return;
      }
      const at = result.error.code === "store.name_taken" ? "name" : result.error.code === "store.path_taken" ? "path" : null;
      setWrong(result.fieldErrors ?? (at ? { [at]: [result.error.message] } : {}));
      setError(result.fieldErrors || at ? null : result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether this was saved.", hint: "Reload the page and look." });
    } finally {
      setPending(false);
    }
  }
  const moved = holdsFiles && values.path.trim() !== initial.path;
  return (
    <DialogContent
      title={title}
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild><Button size="lg">Cancel</Button></DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>{pending ? "Saving…" : submitLabel}</Button>
        </DialogFoot>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="grid gap-4">
        {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
        <Field label="Name" hint="Shown wherever a copy is." error={wrong["name"]?.[0]}>
          <Input value={values.name} onChange={(event) => setValues({ ...values, name: event.target.value })} autoFocus />
        </Field>
        <Field label="Directory" hint="On the host of the worker. Better on another disk than the databases." error={wrong["path"]?.[0]}>
          <Input mono value={values.path} onChange={(event) => setValues({ ...values, path: event.target.value })} />
        </Field>
        {moved ? <Banner tone="warning" live title="Files are not moved.">Copy them to the new directory yourself, then rescan the store. Until then its backups cannot be restored.</Banner> : null}
      </form>
    </DialogContent>
  );
}
