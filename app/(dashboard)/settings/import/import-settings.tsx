"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { SettingsRows } from "@/components/imports/settings-rows";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/errors";
import { plural } from "@/lib/format/counts";
import type { SettingsImportInput, SettingsPreview } from "@/lib/imports/schemas";
import { applySettingsAction, previewSettingsAction } from "./actions";

const noAnswer: PublicError = { code: "no_answer", kind: "unavailable", message: "No answer came back.", hint: "Reload the page and look before you try again." };

/** Paste or choose the file, see what becomes of each line, apply what was chosen. */
export function ImportSettings({ databases, zone }: { databases: readonly { id: string; name: string }[]; zone: string }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [pending, setPending] = useState<"preview" | "apply" | null>(null);
  const [error, setError] = useState<PublicError | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const [shown, setShown] = useState<{ input: SettingsImportInput; preview: SettingsPreview } | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);

  async function ask(input: SettingsImportInput) {
    const result = await previewSettingsAction(input).catch(() => ({ ok: false as const, error: noAnswer, fieldErrors: undefined }));
    setWrong((!result.ok && result.fieldErrors) || {});
    setError(result.ok || result.fieldErrors ? null : result.error);
    if (!result.ok) return setShown(null);
    setShown({ input, preview: result.data });
    setChosen(result.data.rows.filter(({ verdict }) => verdict === "change").map(({ id }) => id));
  }
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    const field = (name: string) => String(data.get(name) ?? "");
    setPending("preview");
    await ask({ text, databaseId: field("databaseId") || null, directory: field("directory"), timeZone: field("timeZone"), mailServer: field("mailServer") });
    setPending(null);
  }
  async function apply() {
    if (!shown || pending) return;
    setPending("apply");
    const result = await applySettingsAction({ ...shown.input, chosen: [...chosen], hash: shown.preview.hash }).catch(() => ({ ok: false as const, error: noAnswer }));
    if (result.ok) {
      toast.success(`${plural(result.data.applied, "setting")} taken over.`);
      router.refresh();
    }
    // Also after a refusal: what is on the screen is not what would be done.
    if (result.ok || result.error.code === "import.changed") await ask(shown.input);
    if (!result.ok) setError(result.error);
    setPending(null);
  }
  return (
    <div className="grid gap-4">
      <form onSubmit={submit} noValidate>
        <Panel>
          <PanelHead title="The file" end={<label className="cursor-pointer font-medium text-accent has-focus-visible:outline-2">Choose a file<input type="file" className="sr-only" onChange={async (event) => setText((await event.target.files?.[0]?.slice(0, 200_001).text()) ?? text)} /></label>} />
          <PanelBody className="grid gap-4">
            {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
            <Field label="backup_config.sh" hint="Pasted or chosen. It is not kept." error={wrong["text"]?.[0]}>
              <Textarea name="text" mono rows={8} value={text} spellCheck={false} placeholder={"export BACKUP_RETENTION_DAYS=30\nexport BACKUP_SCHEDULE=\"0 2 * * *\""} onChange={(event) => setText(event.target.value)} />
            </Field>
            <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
              <Field label="Directory of the script" note="optional" hint="What ./backups counts from." error={wrong["directory"]?.[0]}>
                <Input name="directory" mono placeholder="/srv/bimcalc" />
              </Field>
              <Field label="Time zone of its schedule" hint="cron went by the machine's clock." error={wrong["timeZone"]?.[0]}>
                <Input name="timeZone" list="import-zones" defaultValue={zone} autoComplete="off" spellCheck={false} />
              </Field>
              <Field label="Mail server" note="optional" hint="Used where the file names an address to mail to, and no server." error={wrong["mailServer"]?.[0]}>
                <Input name="mailServer" mono placeholder="mail.example.com:587" autoComplete="off" spellCheck={false} />
              </Field>
              {databases.length > 1 ? (
                <Field label="For which database" hint="Where the file names none that Holdfast has.">
                  <Select name="databaseId" defaultValue="">
                    <option value="">The one the file names</option>
                    {databases.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
                  </Select>
                </Field>
              ) : null}
            </div>
          </PanelBody>
          <PanelFoot note="Shows what would change. Nothing is changed yet.">
            <Button type="submit" variant={shown ? "default" : "primary"} pending={pending === "preview"}>{pending === "preview" ? "Reading…" : "Show what it becomes"}</Button>
          </PanelFoot>
        </Panel>
      </form>
      {shown ? <SettingsRows preview={shown.preview} chosen={chosen} onChoose={setChosen} onApply={() => void apply()} pending={pending === "apply"} /> : null}
    </div>
  );
}
