"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { describeBackupAction } from "../actions";
import { useBackupActions } from "../use-backup-actions";

const linkLike = "mt-1.5 block rounded-[3px] py-0.5 text-table font-medium text-accent hover:underline touch:min-h-11";

/** Keeps a backup until removed, or lets it go. Done at once, and can be undone. */
export function KeepToggle({ backup }: { backup: { id: string; name: string; keep: boolean } }) {
  const { toggleKeep } = useBackupActions(backup);
  return (
    <button type="button" className={linkLike} onClick={() => void toggleKeep()}>
      {backup.keep ? "Stop keeping it" : "Keep until removed"}
    </button>
  );
}

/** Label and note, changed in place. */
export function DescribeBackup({ backup }: { backup: { id: string; label: string | null; note: string | null } }) {
  const router = useRouter();
  const [editing, setEditing] = useState(false);
  const [pending, setPending] = useState(false);
  const [errors, setErrors] = useState<Record<string, string[]>>({});
  const [refusal, setRefusal] = useState<string | null>(null);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setPending(true);
    const result = await describeBackupAction({ backupId: backup.id, label: String(data.get("label") ?? ""), note: String(data.get("note") ?? "") }).catch(() => null);
    setPending(false);
    if (result?.ok) {
      setEditing(false);
      toast.success("Saved label and note.");
      router.refresh();
      return;
    }
    setErrors(result?.fieldErrors ?? {});
    setRefusal(result?.error.message ?? "No answer came back. Reload the page and look before you try again.");
  }

  if (!editing) {
    return (
      <button type="button" className={linkLike} onClick={() => setEditing(true)}>
        {backup.label || backup.note ? "Change label and note" : "Add a label or a note"}
      </button>
    );
  }
  return (
    <form onSubmit={save} noValidate className="mt-3 grid gap-3">
      <Field label="Label" error={errors["label"]?.[0]}>
        <Input name="label" maxLength={80} defaultValue={backup.label ?? ""} autoFocus />
      </Field>
      <Field label="Note" error={errors["note"]?.[0]}>
        <Textarea name="note" maxLength={2_000} defaultValue={backup.note ?? ""} />
      </Field>
      {refusal ? (
        <p role="alert" className="text-caption text-exposed">
          {refusal}
        </p>
      ) : null}
      <div className="flex gap-2">
        <Button size="sm" variant="primary" type="submit" pending={pending}>
          {pending ? "Saving…" : "Save"}
        </Button>
        <Button size="sm" onClick={() => setEditing(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
