"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { saveRetentionAction } from "@/app/(dashboard)/settings/retention/actions";
import { Managed } from "@/components/config/managed";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import { Triangle } from "@/components/ui/shapes";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { presetPolicy, retentionPresets, RetentionPolicy } from "@/lib/retention/schemas";
import { PolicyRows, wholeNumber } from "./policy-rows";
import { PreviewPanel } from "./preview-panel";
import { SizeLimit } from "./size-limit";
import { usePreview } from "./use-preview";

export interface RetentionFormProps {
  database: { id: string; name: string; policy: RetentionPolicy | null };
  mayChange: boolean;
  /** The file of settings that decides it, and what it says where that still waits for somebody to look at it. */
  managed: { file: string; waiting: RetentionPolicy | null } | null;
}

function WrongFigure({ errors }: { errors: string[] | undefined }) {
  return errors?.[0] ? <span role="alert" className="basis-full text-caption text-exposed">{errors[0]}</span> : null;
}

/** What is kept of a database, with the effect on screen before it is saved. */
export function RetentionForm({ database, mayChange: isAllowed, managed }: RetentionFormProps) {
  const router = useRouter();
  // Rules of the file that would remove something can be looked at and let through here, and nothing else of it.
  const mayChange = isAllowed && (managed === null || managed.waiting !== null);
  const [policy, setPolicy] = useState(managed?.waiting ?? database.policy);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<{ message: string; hint?: string | undefined } | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const preview = usePreview(database.id, policy);
  const isDirty = JSON.stringify(policy) !== JSON.stringify(database.policy);
  const goes = policy && preview.data ? preview.data.go.count : 0;

  async function save(phrase: string) {
    if (policy && !preview.data) return { ok: false as const, error: { message: "What this would do is not known yet.", hint: "Wait for the preview." } };
    const result = await saveRetentionAction({ databaseId: database.id, policy, hash: preview.data?.hash ?? "", shown: goes, phrase });
    if (result.ok) {
      setWrong({});
      setError(null);
      toast.success(`What is kept of ${database.name}: saved.`);
      router.refresh();
      if (result.data.runId) router.push(`/runs/${result.data.runId}`);
      return { ok: true as const };
    }
    setWrong(result.fieldErrors ?? {});
    if (result.error.code === "retention.changed") void preview.refetch();
    return { ok: false as const, error: result.error };
  }
  async function saveDirectly() {
    const result = await save("");
    if (!result.ok) setError(result.error);
  }

  return (
    <>
      <Panel>
        <PanelHead title={`What is kept of ${database.name}`} end={managed ? <Managed file={managed.file} /> : isDirty ? <Badge tone="warning" icon={<Triangle size={14} />}>Not saved</Badge> : null} />
        <fieldset disabled={!isAllowed || managed !== null} className="min-w-0">
          <legend className="sr-only">What is kept of {database.name}</legend>
          <PanelBody className="grid gap-4">
            {managed?.waiting ? (
              <Banner tone="warning" title="These rules wait for you.">They stand in {managed.file} and would remove backups, so they do not hold yet. Look at what would go, and save them here; until then the rules from before hold.</Banner>
            ) : null}
            {error ? <Banner tone="danger" live title={error.message}>{error.hint}</Banner> : null}
            <RadioGroup label="Whether anything is removed">
              <RadioRow name="kind" checked={policy === null} onChange={() => setPolicy(null)} title="Everything, until somebody deletes it" sub="Nothing is removed by itself." />
              <RadioRow name="kind" checked={policy !== null} onChange={() => setPolicy(database.policy ?? presetPolicy(30))} title="What these rules say" sub="A backup stays as long as one of them keeps it." />
            </RadioGroup>
            {policy ? (
              <>
                <div className="flex flex-wrap items-center gap-2 text-table text-ink-2">
                  <span>Start from</span>
                  {retentionPresets.map(({ name, days, why }) => (
                    <Button key={name} size="sm" title={`${days} days: ${why}`} onClick={() => setPolicy(presetPolicy(days))}>
                      {name}, {days} days
                    </Button>
                  ))}
                </div>
                <PolicyRows policy={policy} saved={database.policy} byReason={preview.data?.byReason ?? null} errors={wrong} onChange={setPolicy} />
                <div className="grid gap-2">
                  <Checkbox checked disabled readOnly>
                    Never remove the newest proven and the newest readable backup <span className="text-ink-3">· cannot be turned off</span>
                  </Checkbox>
                  <label className="flex flex-wrap items-center gap-2 text-table">
                    Never fall below
                    <Input figure inputMode="numeric" aria-label="Good backups at least" value={policy.atLeastGood} onChange={(event) => setPolicy({ ...policy, atLeastGood: Math.max(1, wholeNumber(event.target.value)) })} />
                    good backups; days count back from the newest good one, not from today
                    <WrongFigure errors={wrong["policy.atLeastGood"]} />
                  </label>
                  <div className="flex flex-wrap items-center gap-2 text-table">
                    At most
                    <SizeLimit totalBytes={policy.totalBytes} onChange={(totalBytes) => setPolicy({ ...policy, totalBytes })} />
                    in all; partial ones go first, then the oldest. Empty: no limit
                    <WrongFigure errors={wrong["policy.totalBytes"]} />
                  </div>
                </div>
              </>
            ) : null}
          </PanelBody>
        </fieldset>
        {mayChange && policy === null ? (
          <PanelFoot note="Nothing is removed.">
            {isDirty ? <Button onClick={() => setPolicy(database.policy)}>Discard</Button> : null}
            <Button variant={isDirty ? "primary" : "default"} onClick={() => void saveDirectly()}>Save retention</Button>
          </PanelFoot>
        ) : null}
      </Panel>
      {policy && preview.isError ? (
        <Banner tone="danger" title="What this would do could not be computed." action={<Button onClick={() => void preview.refetch()}>Try again</Button>}>
          {preview.error.message} Nothing was changed.
        </Banner>
      ) : null}
      {policy && preview.data ? (
        <PreviewPanel
          title={isDirty ? "If you save this" : "What this does now"}
          preview={preview.data}
          isLasting
          mayAccept={mayChange}
          onAccepted={() => void preview.refetch()}
          foot={
            mayChange ? (
              <PanelFoot note={goes > 0 ? <>Saving needs the word <code>{database.name}</code>: {plural(goes, "backup")} cannot be brought back.</> : "Nothing is removed by saving this."}>
                {isDirty && !managed ? <Button onClick={() => setPolicy(database.policy)}>Discard</Button> : null}
                <Button variant={isDirty ? "primary" : "default"} aria-busy={preview.isPlaceholderData || undefined} onClick={() => (goes > 0 ? setAsking(true) : void saveDirectly())}>
                  Save retention
                </Button>
              </PanelFoot>
            ) : null
          }
        />
      ) : null}
      {asking && preview.data ? (
        <ConfirmDialog
          open
          onOpenChange={setAsking}
          title={`Remove ${plural(goes, "backup")} of ${database.name} for good`}
          consequences={[{ text: <><b className="font-semibold">{plural(goes, "backup")}, {bytes(preview.data.go.bytes)}, cannot be brought back.</b></> }, { text: "From now on the same rules remove what they no longer keep, after each good backup." }]}
          safetyNet="The newest proven, the newest readable, what is kept by hand and what is on hold always stay. Each removal is in the audit log with its reason."
          phrase={database.name}
          confirmLabel="Save and remove"
          onConfirm={({ phrase }) => save(phrase)}
        />
      ) : null}
    </>
  );
}
