"use client";

import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Progress } from "@/components/charts/meter";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFoot, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { Uploaded } from "@/lib/upload/schemas";
import { href } from "@/lib/url/query";
import { prepareUploadAction } from "./actions";
import { sendFile, type Sending } from "./send-file";

export interface UploadFileProps {
  stores: readonly { id: string; name: string }[];
}

/** "Upload a file": takes in a dump that was made elsewhere. Leaving the page ends it, so it says so. */
export function UploadFile({ stores }: UploadFileProps) {
  const [open, setOpen] = useState(false);
  const [isSending, setSending] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(next) => !isSending && setOpen(next)}>
      <DialogTrigger asChild>
        <Button>
          <Upload size={16} strokeWidth={1.75} aria-hidden />
          Upload a file
        </Button>
      </DialogTrigger>
      {open ? <UploadForm stores={stores} isSending={isSending} setSending={setSending} /> : null}
    </Dialog>
  );
}

interface Sent {
  sent: number;
  total: number;
  startedAt: number;
  now: number;
}

function UploadForm({ stores, isSending, setSending }: UploadFileProps & { isSending: boolean; setSending: (sending: boolean) => void }) {
  const id = useId();
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [error, setError] = useState<PublicError | null>(null);
  const [progress, setProgress] = useState<Sent | null>(null);
  const sending = useRef<Sending | null>(null);
  useEffect(() => () => sending.current?.abort(), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSending) return;
    if (!file) return setError({ code: "no_file", kind: "invalid", message: "Choose a file first." });
    const storeId = String(new FormData(event.currentTarget).get("storeId"));
    const described = { storeId, name: file.name, modifiedAt: file.lastModified };
    setError(null);
    setSending(true);
    try {
      const prepared = await prepareUploadAction({ ...described, sizeBytes: file.size });
      if (!prepared.ok) return setError(prepared.error);
      const startedAt = Date.now();
      setProgress({ sent: 0, total: file.size, startedAt, now: startedAt });
      sending.current = sendFile(href("/api/uploads", described), file, (sent) => setProgress({ sent, total: file.size, startedAt, now: Date.now() }));
      const answer = await sending.current.answer;
      if (answer.ok) router.push(`/restore/convert/${Uploaded.parse(answer.body).backupId}`);
      else setError(answer.error);
    } catch {
      setError({ code: "no_answer", kind: "unavailable", message: "No answer came back.", hint: "Look at the list of backups before you try again." });
    } finally {
      sending.current = null;
      setProgress(null);
      setSending(false);
    }
    return undefined;
  }

  return (
    <DialogContent
      title="Upload a file"
      description="A dump that was made elsewhere: .sql, .sql.gz, .dump, .dump.zst or .tar, as pg_dump writes them. It is stored and listed; nothing of it runs."
      locked={isSending}
      foot={
        <DialogFoot note={isSending ? "Leaving the page ends the upload." : null}>
          {isSending ? (
            <Button size="lg" onClick={() => sending.current?.abort()}>
              Stop the upload
            </Button>
          ) : (
            <DialogClose asChild>
              <Button size="lg">Cancel</Button>
            </DialogClose>
          )}
          <Button size="lg" variant="primary" type="submit" form={id} pending={isSending}>
            {isSending ? "Uploading…" : "Upload"}
          </Button>
        </DialogFoot>
      }
    >
      <form id={id} onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <Field label="File" hint={file ? `${bytes(file.size)}` : "Of any size that the store has room for."}>
          <Input type="file" accept=".sql,.gz,.dump,.zst,.tar" disabled={isSending} className="py-[7px] text-table touch:py-2.5" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </Field>
        {stores.length > 1 ? (
          <Field label="Store">
            <Select name="storeId" disabled={isSending}>
              {stores.map((store) => (
                <option key={store.id} value={store.id}>
                  {store.name}
                </option>
              ))}
            </Select>
          </Field>
        ) : (
          <input type="hidden" name="storeId" value={stores[0]?.id ?? ""} />
        )}
        {progress ? <UploadProgress {...progress} /> : null}
        {error ? (
          <Banner tone="danger" live title={error.message}>
            {error.hint}
          </Banner>
        ) : null}
      </form>
    </DialogContent>
  );
}

function UploadProgress({ sent, total, startedAt, now }: Sent) {
  const elapsed = now - startedAt;
  const rate = elapsed > 500 ? sent / (elapsed / 1_000) : null;
  return (
    <div className="grid gap-1.5">
      <Progress value={total === 0 ? 0 : sent / total} label="Uploaded" />
      <p role="status" className="text-table text-ink-2">
        {sent >= total ? "Everything was sent. It is being written to the disk." : `${bytes(sent)} of ${bytes(total)}${rate === null ? "" : `, ${bytes(rate)} a second`}, ${duration(elapsed)}`}
      </p>
    </div>
  );
}
