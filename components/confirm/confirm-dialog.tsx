"use client";

import { Undo2 } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger, initialFocus } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { DashedCircle, Octagon } from "@/components/ui/shapes";
import { confirmedPhrase } from "./phrase";

export type ConfirmResult = { ok: true } | { ok: false; error: { message: string; hint?: string | undefined } };

export interface Consequence {
  /** Counted, the worst first. */
  text: ReactNode;
  /** The first is drawn with the octagon, the rest with this or a quiet mark. */
  icon?: ReactNode;
}

export interface ConfirmDialogProps {
  /** The button that opens it. Leave out and use `open` where a menu does. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Names the object and the effect: "Delete the backup of bimcalc from 22 Sep 2026 02:00:04 UTC". */
  title: ReactNode;
  description?: ReactNode;
  consequences?: readonly Consequence[];
  /** What is still there afterwards. */
  safetyNet?: ReactNode;
  /** Asks for these words (levels 3 and 4). Left out, a press is enough (level 2). */
  phrase?: string;
  /** Asks why. Goes into the audit log. */
  reason?: "optional" | "required";
  /** Verb and object: "Delete backup". */
  confirmLabel: string;
  pendingLabel?: string;
  /** Red only for what replaces or destroys. */
  tone?: "danger" | "primary";
  /** At the left of the foot: plan hash, when it was computed. */
  note?: ReactNode;
  onConfirm: (input: { phrase: string; reason: string }) => Promise<ConfirmResult>;
  /** After it was done and the dialog is closed. */
  onDone?: () => void;
}

/** Asks before something costly or final. Cancel has focus; the button is never disabled, it answers. */
export function ConfirmDialog({ trigger, open: controlled, onOpenChange, ...props }: ConfirmDialogProps) {
  const [own, setOwn] = useState(false);
  const [pending, setPending] = useState(false);
  const open = controlled ?? own;
  const setOpen = (next: boolean) => {
    if (pending) return;
    setOwn(next);
    onOpenChange?.(next);
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      {trigger ? <DialogTrigger asChild>{trigger}</DialogTrigger> : null}
      {/* Mounted anew each time, so that nothing typed survives a Cancel. */}
      {open ? (
        <ConfirmForm
          {...props}
          pending={pending}
          setPending={setPending}
          close={() => {
            setOwn(false);
            onOpenChange?.(false);
          }}
        />
      ) : null}
    </Dialog>
  );
}

type FormProps = Omit<ConfirmDialogProps, "trigger" | "open" | "onOpenChange"> & { pending: boolean; setPending: (pending: boolean) => void; close: () => void };

function ConfirmForm({ title, description, consequences = [], safetyNet, phrase, reason, confirmLabel, pendingLabel, tone = "danger", note, onConfirm, onDone, pending, setPending, close }: FormProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<{ phrase?: string; reason?: string }>({});
  const [refusal, setRefusal] = useState<{ message: string; hint?: string | undefined; unclear?: boolean } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    const typed = String(data.get("phrase") ?? "").trim();
    const why = String(data.get("reason") ?? "").trim();
    const wrong: typeof errors = {};
    if (reason === "required" && !why) wrong.reason = "Say why. Whoever reads the audit log later will want to know.";
    const confirmed = phrase === undefined ? typed : confirmedPhrase(typed, phrase);
    if (confirmed === null) wrong.phrase = typed ? `This says “${typed}”. Type ${phrase} exactly.` : `Type ${phrase} to confirm.`;
    setErrors(wrong);
    const first = wrong.reason ? "reason" : wrong.phrase ? "phrase" : null;
    if (first) {
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    setRefusal(null);
    setPending(true);
    try {
      const result = await onConfirm({ phrase: confirmed ?? typed, reason: why });
      if (result.ok) {
        close();
        onDone?.();
      } else {
        setRefusal(result.error);
      }
    } catch {
      setRefusal({ message: "No answer came back, so it is not known whether this was done.", hint: "Reload the page and look before you try again.", unclear: true });
    } finally {
      setPending(false);
    }
  }

  return (
    <DialogContent
      role="alertdialog"
      title={title}
      description={description}
      locked={pending}
      foot={
        <DialogFoot note={note}>
          <DialogClose asChild>
            <Button size="lg" {...initialFocus} aria-disabled={pending || undefined}>
              Cancel
            </Button>
          </DialogClose>
          <Button size="lg" variant={tone} type="submit" form={id} pending={pending}>
            {pending ? (pendingLabel ?? "Working…") : confirmLabel}
          </Button>
        </DialogFoot>
      }
    >
      {consequences.length > 0 ? (
        <ul className="grid gap-1.5 rounded-[8px] bg-exposed-soft px-3.5 py-3 text-table [--cut:var(--exposed-soft)]">
          {consequences.map(({ text, icon }, index) => (
            <li key={index} className="grid grid-cols-[16px_1fr] gap-2.5">
              <span className="mt-0.5 text-ink-2">{icon ?? (index === 0 ? <Octagon className="text-exposed" /> : <span className="mx-auto mt-[5px] block size-1.5 rounded-full bg-ink-3" aria-hidden />)}</span>
              <span className="min-w-0 [overflow-wrap:anywhere]">{text}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {safetyNet ? (
        <div className="grid grid-cols-[16px_1fr] gap-2.5 px-3.5 text-table">
          <Undo2 size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 text-accent" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{safetyNet}</span>
        </div>
      ) : null}
      <form ref={form} id={id} onSubmit={submit} noValidate className="grid gap-4 empty:hidden">
        {reason ? (
          <Field label="Reason" note="goes into the audit log" error={errors.reason}>
            <Textarea name="reason" rows={2} maxLength={500} />
          </Field>
        ) : null}
        {phrase !== undefined ? (
          <Field
            label={
              <>
                Type <code className="rounded-[4px] bg-sunken px-[5px] py-0.5 inset-ring inset-ring-line [overflow-wrap:anywhere]">{phrase}</code> to confirm
              </>
            }
            error={errors.phrase}
          >
            <Input name="phrase" mono autoComplete="off" />
          </Field>
        ) : null}
      </form>
      {refusal ? (
        <Banner tone="danger" live title={refusal.message} icon={refusal.unclear ? <DashedCircle className="text-unknown" /> : undefined}>
          {refusal.hint}
        </Banner>
      ) : null}
    </DialogContent>
  );
}
