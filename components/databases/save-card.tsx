"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { Managed } from "@/components/config/managed";
import { Badge } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Triangle } from "@/components/ui/shapes";
import type { ActionResult } from "@/lib/action";
import type { PublicError } from "@/lib/errors";

export interface SaveCardProps {
  title: string;
  /** The consequence of saving. */
  note: ReactNode;
  saveLabel: string;
  /** False for someone who may only read. */
  mayChange: boolean;
  /** The file of settings that decides this; nobody can change it here then. */
  managedBy?: string | null;
  save: (data: FormData) => Promise<ActionResult<unknown>>;
  /** The field that an error of the domain is about, by its code. */
  fieldOf?: Readonly<Record<string, string>>;
  children: (errors: Record<string, string[]>) => ReactNode;
}

/** A form in a box, saved by itself: says when it is not saved, and errors at the field. */
export function SaveCard({ title, note, saveLabel, mayChange: isAllowed, managedBy = null, save, fieldOf = {}, children }: SaveCardProps) {
  const router = useRouter();
  const mayChange = isAllowed && managedBy === null;
  const [version, setVersion] = useState(0);
  const [dirty, setDirty] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const card = useRef<HTMLFormElement>(null);
  // Once the errors are on the page: a frame after they were set they need not be yet.
  useEffect(() => card.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [wrong]);
  function settle() {
    setDirty(false);
    setError(null);
    setWrong({});
  }
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    setPending(true);
    try {
      const result = await save(new FormData(form));
      if (result.ok) {
        settle();
        toast.success(`${title}: saved.`);
        router.refresh();
        return;
      }
      const field = fieldOf[result.error.code];
      setWrong(result.fieldErrors ?? (field ? { [field]: [result.error.message] } : {}));
      setError(result.fieldErrors || field ? null : result.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back, so it is not known whether this was saved.", hint: "Reload the page and look." });
    } finally {
      setPending(false);
    }
  }
  return (
    <form key={version} ref={card} onSubmit={submit} onChange={() => setDirty(true)} noValidate>
      <Panel>
        <PanelHead title={title} end={managedBy !== null ? <Managed file={managedBy} /> : dirty ? <Badge tone="warning" icon={<Triangle size={14} />}>Not saved</Badge> : null} />
        <fieldset disabled={!mayChange} className="min-w-0">
          <legend className="sr-only">{title}</legend>
          <PanelBody className="grid gap-4">
            {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
            {children(wrong)}
          </PanelBody>
        </fieldset>
        {mayChange ? (
          <PanelFoot note={note}>
            {dirty ? (
              <Button
                onClick={() => {
                  settle();
                  setVersion(version + 1);
                }}
              >
                Discard
              </Button>
            ) : null}
            <Button type="submit" variant={dirty ? "primary" : "default"} pending={pending}>{pending ? "Saving…" : saveLabel}</Button>
          </PanelFoot>
        ) : null}
      </Panel>
    </form>
  );
}
