"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { holdBackupAction } from "../actions";

/** Places a legal hold with its reason, or lifts it. While it lies there, neither a person nor a rule deletes the backup. */
export function LegalHold({ backup }: { backup: { id: string; legalHold: string | null } }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function hold(reason: string | null) {
    setPending(true);
    const result = await holdBackupAction({ backupId: backup.id, reason }).catch(() => null);
    setPending(false);
    if (result?.ok) {
      setOpen(false);
      toast.success(reason === null ? "The legal hold is lifted." : "The backup is on legal hold.");
      router.refresh();
      return;
    }
    setError(result?.fieldErrors?.["reason"]?.[0] ?? result?.error.message ?? "No answer came back. Reload the page and look before you try again.");
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void hold(String(new FormData(event.currentTarget).get("reason") ?? ""));
  }

  const linkLike = "mt-1.5 block rounded-[3px] py-0.5 text-table font-medium text-accent hover:underline touch:min-h-11";
  if (backup.legalHold !== null) {
    return (
      <>
        <button type="button" className={linkLike} aria-disabled={pending || undefined} onClick={() => void hold(null)}>
          Lift the legal hold
        </button>
        {error ? <p role="alert" className="text-caption text-exposed">{error}</p> : null}
      </>
    );
  }
  return (
    <Dialog open={open} onOpenChange={(next) => { setOpen(next); setError(null); }}>
      <DialogTrigger asChild>
        <button type="button" className={linkLike}>
          Place on legal hold
        </button>
      </DialogTrigger>
      {open ? (
        <DialogContent
          title="Place this backup on legal hold"
          description="Neither a person nor a rule deletes it before an admin lifts the hold. Both are in the audit log."
          foot={
            <DialogFoot>
              <DialogClose asChild>
                <Button size="lg">Cancel</Button>
              </DialogClose>
              <Button size="lg" variant="primary" type="submit" form="legal-hold" pending={pending}>
                {pending ? "Placing…" : "Place on hold"}
              </Button>
            </DialogFoot>
          }
        >
          <form id="legal-hold" onSubmit={submit} noValidate>
            <Field label="Which hold" note="goes into the audit log" error={error}>
              <Textarea name="reason" rows={2} maxLength={500} />
            </Field>
          </form>
        </DialogContent>
      ) : null}
    </Dialog>
  );
}
