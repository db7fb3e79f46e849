"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Managed } from "@/components/config/managed";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Panel, PanelHead } from "@/components/ui/panel";
import type { OwnCheck } from "@/lib/drill/read";
import type { PublicError } from "@/lib/errors";
import { addDrillCheckAction, removeDrillCheckAction } from "../../actions";

export interface OwnChecksProps {
  databaseId: string;
  checks: readonly OwnCheck[];
  mayChange: boolean;
  /** The file of settings that decides them; null: none. */
  managedBy: string | null;
}

/** Questions of your own that every drill asks the restored copy, with the answers they must get. */
export function OwnChecks({ databaseId, checks, mayChange: isAllowed, managedBy }: OwnChecksProps) {
  const mayChange = isAllowed && managedBy === null;
  return (
    <Panel>
      <PanelHead title="Your own checks" end={managedBy !== null ? <Managed file={managedBy} /> : mayChange ? <AddCheck databaseId={databaseId} /> : null} />
      {checks.length === 0 ? (
        <p className="px-[18px] py-4 text-table text-ink-2">None yet. Every drill compares schema, counts and contents anyway; a check of your own says what must be true of the data, such as that the newest order is less than a day old.</p>
      ) : (
        <ul>
          {checks.map((check) => (
            <li key={check.id} className="border-b border-line px-[18px] py-3 last:border-b-0">
              <div className="mb-2 flex items-start justify-between gap-3">
                <span className="min-w-0 text-[13.5px]/5 font-medium [overflow-wrap:anywhere]">{check.name}</span>
                {mayChange ? <RemoveCheck databaseId={databaseId} check={check} /> : null}
              </div>
              <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,1fr)] gap-3 text-caption text-ink-3 max-sm:grid-cols-1">
                <div>Query<Code label={`Query: ${check.name}`} text={check.query} /></div>
                <div>Expected<Code label={`Expected: ${check.name}`} text={check.expected} /></div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Code({ label, text }: { label: string; text: string }) {
  return <CodeBlock label={label} wrap className="mt-1 max-h-40 [&>pre]:px-2.5 [&>pre]:py-1.5">{text === "" ? <span className="text-ink-3">nothing</span> : text}</CodeBlock>;
}

/** Taken out at once; undo puts the same question back. */
function RemoveCheck({ databaseId, check: { id, name, query, expected } }: { databaseId: string; check: OwnCheck }) {
  const router = useRouter();
  async function undo() {
    const result = await addDrillCheckAction({ databaseId, name, query, expected });
    if (result.ok) router.refresh();
    else toast.error(result.error.message, { description: result.error.hint });
  }
  async function remove() {
    const result = await removeDrillCheckAction({ checkId: id }).catch(() => null);
    if (!result?.ok) {
      toast.error(result?.error.message ?? "No answer came back. Reload the page and look.");
      return;
    }
    router.refresh();
    toast.success(`${name} is not asked any more.`, { action: { label: "Undo", onClick: () => void undo() } });
  }
  return <Button size="sm" variant="quiet" aria-label={`Remove ${name}`} onClick={() => void remove()}>Remove</Button>;
}

function AddCheck({ databaseId }: { databaseId: string }) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(next) => !pending && setOpen(next)}>
      <DialogTrigger asChild>
        <Button size="sm"><Plus size={16} strokeWidth={1.75} aria-hidden />Add a check</Button>
      </DialogTrigger>
      {open ? <AddForm databaseId={databaseId} pending={pending} setPending={setPending} close={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function AddForm({ databaseId, pending, setPending, close }: { databaseId: string; pending: boolean; setPending: (pending: boolean) => void; close: () => void }) {
  const id = useId();
  const router = useRouter();
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const [error, setError] = useState<PublicError | null>(null);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    setPending(true);
    const result = await addDrillCheckAction({ databaseId, name: text("name"), query: text("query"), expected: text("expected") }).catch(() => null);
    setPending(false);
    if (result?.ok) {
      close();
      router.refresh();
      return;
    }
    setWrong(result?.fieldErrors ?? {});
    setError(result?.fieldErrors ? null : (result?.error ?? { code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether this was saved.", hint: "Reload the page and look." }));
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }
  return (
    <DialogContent
      title="Add a check"
      description="Every drill asks it of the restored copy. The backup is proven only if the answer is the expected one."
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild><Button size="lg">Cancel</Button></DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>{pending ? "Adding…" : "Add the check"}</Button>
        </DialogFoot>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="grid gap-4">
        {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
        <Field label="Name" error={wrong["name"]?.[0]}><Input name="name" maxLength={120} placeholder="every order has a customer" autoComplete="off" /></Field>
        <Field label="Query" hint="One statement, read-only. It has a limit of time and of rows." error={wrong["query"]?.[0]}><Textarea name="query" mono rows={4} placeholder="SELECT count(*) FROM orders WHERE customer_id IS NULL" /></Field>
        <Field label="Expected" hint="The answer as psql writes it without decoration: columns by |, a row on each line." error={wrong["expected"]?.[0]}><Textarea name="expected" mono rows={2} placeholder="0" /></Field>
      </form>
    </DialogContent>
  );
}
