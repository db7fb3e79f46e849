"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { sendFile } from "@/app/(dashboard)/backups/send-file";
import { HistoryPanel } from "@/components/imports/history-panel";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import type { PublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { HistoryPreview, mostLogBytes } from "@/lib/imports/schemas";
import { href } from "@/lib/url/query";

/** Choose the log, see what is in it, write it into the audit log. */
export function ImportHistory({ zone }: { zone: string }) {
  const router = useRouter();
  const [pending, setPending] = useState<"preview" | "write" | null>(null);
  const [error, setError] = useState<PublicError | null>(null);
  const [shown, setShown] = useState<{ file: File; timeZone: string; preview: HistoryPreview } | null>(null);

  async function send(file: File, timeZone: string, hash: string | null): Promise<HistoryPreview | null> {
    if (file.size > mostLogBytes) {
      setError({ code: "import.too_large", kind: "invalid", message: `This file has ${bytes(file.size)}; more than ${bytes(mostLogBytes)} is not read.`, hint: "Import it in parts: split it between two runs." });
      return null;
    }
    const answer = await sendFile(href("/api/imports/history", { timeZone, hash }), file, () => undefined).answer;
    setError(answer.ok ? null : answer.error);
    return answer.ok ? HistoryPreview.parse(answer.body) : null;
  }
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    const file = data.get("file");
    if (!(file instanceof File) || file.size === 0) return setError({ code: "no_file", kind: "invalid", message: "Choose the log first." });
    const timeZone = String(data.get("timeZone") ?? "");
    setPending("preview");
    const preview = await send(file, timeZone, null);
    setShown(preview && { file, timeZone, preview });
    setPending(null);
  }
  async function write() {
    if (!shown || pending) return;
    setPending("write");
    const written = await send(shown.file, shown.timeZone, shown.preview.hash);
    if (written) {
      toast.success(`${plural(written.written ?? 0, "run")} written into the audit log.`);
      const again = await send(shown.file, shown.timeZone, null);
      setShown(again && { ...shown, preview: again });
      router.refresh();
    }
    setPending(null);
  }
  return (
    <div className="grid gap-4">
      <form onSubmit={submit} noValidate>
        <Panel>
          <PanelHead title="The log" />
          <PanelBody className="grid gap-4">
            {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
            <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
              <Field label="backup.log" hint={`Up to ${bytes(mostLogBytes)}. It is read and not kept.`}>
                <Input type="file" name="file" accept=".log,.txt,text/plain" className="py-1.5" onChange={() => setShown(null)} />
              </Field>
              <Field label="Time zone of the machine" hint="The times in file names are those of its clock.">
                <Input name="timeZone" list="import-zones" defaultValue={zone} autoComplete="off" spellCheck={false} onChange={() => setShown(null)} />
              </Field>
            </div>
          </PanelBody>
          <PanelFoot note="Shows what is in it. Nothing is written yet.">
            <Button type="submit" variant={shown ? "default" : "primary"} pending={pending === "preview"}>{pending === "preview" ? "Reading…" : "Read the log"}</Button>
          </PanelFoot>
        </Panel>
      </form>
      {shown ? <HistoryPanel preview={shown.preview} pending={pending === "write"} onWrite={() => void write()} /> : null}
    </div>
  );
}
