"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { startDisasterDrillAction } from "./actions";

const steps = [
  "Takes a fresh backup of the database.",
  "Puts it into a server of its own, which stands for production.",
  "Destroys that server with everything in it.",
  "Restores the backup into a new one and compares it.",
  "Asks a copy of the application, without network, on what was recovered, where its settings name one. The live one is not touched.",
  "Writes down how long it took and what would have been lost.",
];

/** Explains the guided drill, then starts it. The live database is only read, for the backup. */
export function DisasterDrill({ databases }: { databases: readonly { id: string; name: string; isBusy: boolean }[] }) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(next) => !pending && setOpen(next)}>
      <DialogTrigger asChild>
        <Button>Disaster drill</Button>
      </DialogTrigger>
      {open ? <Start databases={databases} pending={pending} setPending={setPending} /> : null}
    </Dialog>
  );
}

function Start({ databases, pending, setPending }: { databases: readonly { id: string; name: string; isBusy: boolean }[]; pending: boolean; setPending: (pending: boolean) => void }) {
  const id = useId();
  const router = useRouter();
  const [error, setError] = useState<PublicError | null>(null);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setError(null);
    const result = await startDisasterDrillAction({ databaseId: String(new FormData(event.currentTarget).get("databaseId")) }).catch(() => null);
    if (result?.ok) {
      router.push(`/runs/${result.data.runId}`);
      return;
    }
    setPending(false);
    setError(result?.error ?? { code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether the drill started.", hint: "Look under Runs before you try again." });
  }
  return (
    <DialogContent
      title="Disaster drill"
      description="Rehearses the loss of everything, on a copy. Your live database is read once, for the backup, and not touched otherwise."
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild><Button size="lg">Cancel</Button></DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>{pending ? "Starting…" : "Start the disaster drill"}</Button>
        </DialogFoot>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-4">
        <Field label="Database">
          <Select name="databaseId" defaultValue={databases.find(({ isBusy }) => !isBusy)?.id}>
            {databases.map((database) => (
              <option key={database.id} value={database.id} disabled={database.isBusy}>{database.name}{database.isBusy ? ", a drill is under way" : ""}</option>
            ))}
          </Select>
        </Field>
        <ol className="grid list-decimal gap-1 pl-5 text-table text-ink-2 marker:text-ink-3">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
      </form>
    </DialogContent>
  );
}
