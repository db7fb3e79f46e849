"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { lastTime, whatWillHappen } from "@/components/backups/choice-words";
import { OptionsFields, readOptions } from "@/components/backups/options-fields";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import type { BackupChoice } from "@/lib/backup/choices";
import { startBackupAction } from "./actions";

export interface BackUpNowProps {
  choices: readonly BackupChoice[];
  /** Chosen when the dialog opens: the database the list is narrowed to. */
  preset: string | null;
  size?: "sm";
}

/** "Back up now": which databases, what will happen, and what to note with the backup. */
export function BackUpNow({ choices, preset, size }: BackUpNowProps) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(next) => !pending && setOpen(next)}>
      <DialogTrigger asChild>
        <Button variant={size ? "default" : "primary"} {...(size ? { size } : {})}>
          Back up now
        </Button>
      </DialogTrigger>
      {open ? <BackUpForm choices={choices} preset={preset} pending={pending} setPending={setPending} close={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

interface Refusal {
  name: string;
  message: string;
  hint?: string | undefined;
}

function BackUpForm({ choices, preset, pending, setPending, close }: Omit<BackUpNowProps, "size"> & { pending: boolean; setPending: (pending: boolean) => void; close: () => void }) {
  const id = useId();
  const router = useRouter();
  const free = choices.filter((choice) => choice.activeRunId === null);
  const [chosenIds, setChosen] = useState<readonly string[]>(() => free.filter((choice) => choice.id === preset || free.length === 1).map((choice) => choice.id));
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [nothingChosen, setNothingChosen] = useState(false);
  const [fieldErrors, setFieldErrors] = useState<Record<string, string[]>>({});
  const chosen = choices.filter((choice) => chosenIds.includes(choice.id));
  const [only] = chosen;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    setNothingChosen(chosen.length === 0);
    if (chosen.length === 0) return;
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "").trim() || null;
    const options = chosen.length === 1 ? readOptions(data) : null;
    setPending(true);
    setRefusals([]);
    setFieldErrors({});
    const started: { databaseId: string; runId: number }[] = [];
    const refused: Refusal[] = [];
    for (const choice of chosen) {
      const result = await startBackupAction({ databaseId: choice.id, options, label: text("label"), note: text("note"), keep: data.get("keep") === "on" }).catch(() => null);
      if (result?.ok) started.push({ databaseId: choice.id, runId: result.data.runId });
      else {
        if (result?.fieldErrors) setFieldErrors(result.fieldErrors);
        refused.push({ name: choice.name, message: result?.error.message ?? "No answer came back, so it is not known whether it was started. Look at the runs first.", hint: result?.error.hint });
      }
    }
    setPending(false);
    setRefusals(refused);
    if (refused.length > 0) {
      setChosen(chosen.filter((choice) => !started.some((one) => one.databaseId === choice.id)).map((choice) => choice.id));
      router.refresh();
      return;
    }
    close();
    const [first] = started;
    router.push(started.length === 1 && first ? `/runs/${first.runId}` : "/runs?kind=backup");
  }

  return (
    <DialogContent
      title="Back up now"
      description={whatWillHappen(chosen)}
      locked={pending}
      foot={
        <DialogFoot>
          <DialogClose asChild>
            <Button size="lg">Cancel</Button>
          </DialogClose>
          <Button size="lg" variant="primary" type="submit" form={id} pending={pending}>
            {pending ? "Starting…" : chosen.length > 1 ? `Back up ${chosen.length} databases` : only ? `Back up ${only.name.length > 24 ? "it" : only.name}` : "Back up"}
          </Button>
        </DialogFoot>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="grid gap-4">
        <fieldset className="min-w-0 rounded-panel border border-line" aria-describedby={nothingChosen ? `${id}-none` : undefined}>
          <legend className="sr-only">Databases</legend>
          {choices.map((choice) => (
            <Choice key={choice.id} choice={choice} checked={chosenIds.includes(choice.id)} onChange={(on) => setChosen((all) => (on ? [...all, choice.id] : all.filter((one) => one !== choice.id)))} />
          ))}
        </fieldset>
        {nothingChosen && chosen.length === 0 ? (
          <p id={`${id}-none`} role="alert" className="-mt-2 text-caption text-exposed">
            Choose at least one database.
          </p>
        ) : null}
        <Field label="Label" note="optional, shown in the list" error={fieldErrors["label"]?.[0]}>
          <Input name="label" maxLength={80} placeholder="before upgrade to 2.8" autoComplete="off" />
        </Field>
        <Field label="Note" note="optional" error={fieldErrors["note"]?.[0]}>
          <Textarea name="note" rows={2} maxLength={2_000} />
        </Field>
        <Checkbox name="keep" hint="No rule removes it. Somebody with the role admin can.">
          Keep it until removed
        </Checkbox>
        {only && chosen.length === 1 ? <OptionsFields key={only.id} own={only.options} errors={fieldErrors} /> : null}
        {refusals.map((refusal) => (
          <Banner key={refusal.name} tone="danger" live title={refusal.message}>
            {refusal.hint}
          </Banner>
        ))}
      </form>
    </DialogContent>
  );
}

function Choice({ choice, checked, onChange }: { choice: BackupChoice; checked: boolean; onChange: (on: boolean) => void }) {
  const active = choice.activeRunId;
  return (
    <div className="border-b border-line px-3.5 py-2.5 last:border-b-0">
      <Checkbox checked={checked} disabled={active !== null} onChange={(event) => onChange(event.target.checked)} hint={<span className="[overflow-wrap:anywhere]">{`in ${choice.container}, ${lastTime(choice)}`}</span>}>
        <span className="font-medium [overflow-wrap:anywhere]">{choice.name}</span>
      </Checkbox>
      {active !== null ? (
        <p className="pl-[25px] text-caption text-ink-2">
          Being backed up now, in{" "}
          <Link className="font-medium text-accent underline" href={`/runs/${active}`}>
            run {active}
          </Link>
        </p>
      ) : null}
    </div>
  );
}
