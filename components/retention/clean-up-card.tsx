"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { cleanUpAction } from "@/app/(dashboard)/settings/retention/actions";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { wholeNumber } from "./policy-rows";
import { PreviewPanel } from "./preview-panel";
import { usePreview } from "./use-preview";

type Kind = "older" | "newest";

/** The clean-ups of the procedures (Backup Procedures, 6, "Manual Cleanup"), with the protections of every removal. */
function ruleOf(kind: Kind, number: number): { policy: RetentionPolicy; why: string } {
  if (kind === "older") return { policy: RetentionPolicy.parse({ everyDays: number, foreign: true }), why: `older than ${plural(number, "day")}` };
  return { policy: RetentionPolicy.parse({ everyDays: 0, newest: number, foreign: true }), why: `all but the newest ${number}` };
}

/** Removes old backups once, by hand, behind the same preview. */
export function CleanUpCard({ database }: { database: { id: string; name: string } }) {
  const router = useRouter();
  const [kind, setKind] = useState<Kind>("older");
  const [number, setNumber] = useState(60);
  const [isShown, setShown] = useState(false);
  const [asking, setAsking] = useState(false);
  const { policy, why } = ruleOf(kind, number);
  const preview = usePreview(database.id, isShown ? policy : null);
  const goes = preview.data?.go.count ?? 0;
  return (
    <>
      <Panel>
        <PanelHead title="Clean up once" />
        <PanelBody className="grid grid-cols-2 items-start gap-4 max-sm:grid-cols-1">
          <Field label="Remove">
            <Select value={kind} onChange={(event) => { setKind(event.target.value === "newest" ? "newest" : "older"); setNumber(event.target.value === "newest" ? 10 : 60); }}>
              <option value="older">backups older than so many days</option>
              <option value="newest">all but the newest so many</option>
            </Select>
          </Field>
          <Field label={kind === "older" ? "Days" : "Backups that stay"} hint={kind === "older" ? "Counted back from the newest good backup." : undefined}>
            <Input inputMode="numeric" value={number} onChange={(event) => setNumber(wholeNumber(event.target.value))} />
          </Field>
        </PanelBody>
        <PanelFoot note="Nothing is removed before you saw what goes.">
          <Button onClick={() => setShown(true)}>Show what would go</Button>
        </PanelFoot>
      </Panel>
      {isShown && preview.isError ? <Banner tone="danger" title="What this would do could not be computed.">{preview.error.message} Nothing was changed.</Banner> : null}
      {isShown && preview.data ? (
        <PreviewPanel
          title={`If you remove ${why}`}
          preview={preview.data}
          mayAccept
          onAccepted={() => void preview.refetch()}
          foot={
            <PanelFoot note={goes > 0 ? `${plural(goes, "backup")} cannot be brought back.` : "Nothing goes by this."}>
              <Button onClick={() => setShown(false)}>Close</Button>
              {goes > 0 ? <Button variant="danger" onClick={() => setAsking(true)}>Remove {plural(goes, "backup")}</Button> : null}
            </PanelFoot>
          }
        />
      ) : null}
      {asking && preview.data ? (
        <ConfirmDialog
          open
          onOpenChange={setAsking}
          title={`Remove ${plural(goes, "backup")} of ${database.name} for good`}
          consequences={[{ text: <b className="font-semibold">{plural(goes, "backup")}, {bytes(preview.data.go.bytes)}, cannot be brought back.</b> }]}
          safetyNet="The newest proven, the newest readable, what is kept by hand and what is on hold always stay."
          phrase={database.name}
          confirmLabel={`Remove ${plural(goes, "backup")}`}
          onConfirm={async ({ phrase }) => {
            const result = await cleanUpAction({ databaseId: database.id, policy, why, hash: preview.data.hash, shown: goes, phrase });
            if (result.ok) router.push(`/runs/${result.data.runId}`);
            else if (result.error.code === "retention.changed") void preview.refetch();
            return result;
          }}
        />
      ) : null}
    </>
  );
}
