"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { InPlaceOptions, SwapOptions } from "@/components/restore/wizard-options";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import { Select } from "@/components/ui/select";
import { besideName } from "@/lib/restore/beside-name";
import type { RestoreTarget } from "@/lib/restore/read-targets";
import { RestoreChoices, type RestoreMethod } from "@/lib/restore/schemas";
import { replanHref, wizardHref, type WizardParams } from "@/lib/restore/search-params";

export interface WizardToProps {
  params: WizardParams;
  backup: { databaseName: string; takenAt: string };
  targets: readonly RestoreTarget[];
  /** The registered database that the backup was taken of; null when it is not registered any more. */
  ownId: string | null;
}

/** Where the backup goes, and what is kept. Every change is in the address at once. */
export function WizardTo({ params, backup, targets, ownId }: WizardToProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState(params);
  const [wrong, setWrong] = useState<{ to?: string; name?: string }>({});
  const target = targets.find(({ id }) => id === (chosen.to ?? ownId)) ?? null;
  const live = target?.databaseName ?? "the database";
  const isOther = target !== null && ownId !== null && target.id !== ownId;

  function change(part: Partial<WizardParams>) {
    const next = { ...chosen, ...part };
    setChosen(next);
    setWrong({});
    window.history.replaceState(null, "", wizardHref("to", next));
  }
  function choose(method: RestoreMethod) {
    change({ method, name: method === "beside" ? (chosen.name ?? besideName(target?.databaseName ?? backup.databaseName, backup.takenAt)) : chosen.name });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const name = chosen.method === "beside" ? RestoreChoices.shape.newName.unwrap().unwrap().safeParse(chosen.name ?? "") : null;
    const found: typeof wrong = {};
    if (!target) found.to = "Choose where it goes.";
    if (name && !name.success) found.name = name.error.issues[0]?.message ?? "Name it.";
    else if (name?.success && target && name.data === target.databaseName) found.name = `${target.databaseName} is the live database. Give the new one another name.`;
    setWrong(found);
    const first = found.to ? "to" : found.name ? "name" : null;
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else router.push(replanHref(chosen));
  }

  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <Panel>
        <PanelHead title="Where it goes" />
        <PanelBody className="grid gap-4">
          <Field label="Database" error={wrong.to} hint={target ? `In the container ${target.container}. Its server is asked on the next page; it need not be running yet.` : "Any database that is registered here."}>
            <Select name="to" value={target?.id ?? ""} onChange={(event) => change({ to: event.target.value === ownId ? null : event.target.value || null })}>
              {target ? null : <option value="">Choose a database</option>}
              {targets.map(({ id, name, container }) => (
                <option key={id} value={id}>
                  {name} in {container}
                  {id === ownId ? ", where it was taken" : ""}
                </option>
              ))}
            </Select>
          </Field>
          {isOther ? (
            <Banner tone="warning" title={`This is another database than the backup's own.`}>
              {chosen.method === "beside" ? `${backup.databaseName} is restored on the server of ${target.name}.` : `${target.name} is replaced with a backup of ${backup.databaseName}.`}
            </Banner>
          ) : null}
        </PanelBody>
      </Panel>
      <Panel>
        <PanelHead title="How" />
        <RadioGroup label="How it is restored" className="rounded-none border-0">
          <RadioRow
            name="method"
            checked={chosen.method === "swap"}
            onChange={() => choose("swap")}
            title={`Replace ${live}`}
            sub="Restored beside it, compared, then swapped in by name. The database from before is kept, so this can be undone."
            end="Recommended"
          />
          <RadioRow name="method" checked={chosen.method === "beside"} onChange={() => choose("beside")} title={`A new database beside ${live}`} sub={`${live} is not touched and nothing is stopped. For looking, comparing, or moving over by hand.`} />
          <RadioRow
            name="method"
            checked={chosen.method === "in_place"}
            onChange={() => choose("in_place")}
            title={`Replace ${live} in place`}
            sub={`Only where the disk cannot hold two. ${live} is dropped first; it is down until the restore is over, and the way back is another restore.`}
          />
        </RadioGroup>
        <PanelBody className="grid gap-4 border-t border-line">
          {chosen.method === "beside" ? (
            <Field label="Name of the new database" error={wrong.name} hint={`${live} keeps its own name. The new one stays until somebody drops it.`}>
              <Input name="name" mono autoComplete="off" value={chosen.name ?? ""} maxLength={63} onChange={(event) => change({ name: event.target.value || null })} />
            </Field>
          ) : null}
          {chosen.method === "swap" ? <SwapOptions params={chosen} target={target} onChange={change} /> : null}
          {chosen.method === "in_place" ? <InPlaceOptions params={chosen} live={live} onChange={change} /> : null}
        </PanelBody>
        <PanelFoot note="The next page only looks. Nothing is changed before you confirm.">
          <Button asChild>
            <Link href={wizardHref("what", chosen)}>Back</Link>
          </Button>
          <Button type="submit" variant="primary">
            Review
          </Button>
        </PanelFoot>
      </Panel>
    </form>
  );
}
