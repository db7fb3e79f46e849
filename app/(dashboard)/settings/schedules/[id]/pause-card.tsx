"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { SaveCard } from "@/components/databases/save-card";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Bars } from "@/components/ui/shapes";
import { fullTime } from "@/lib/format/times";
import type { DatabaseSchedule } from "@/lib/schedule/list";
import { scheduleName, scheduleWords } from "@/lib/schedule/words";
import { pauseScheduleAction, removeScheduleAction, resumeScheduleAction } from "../actions";

/** Says that a schedule is paused, by whom and why, with the way out of it. */
export function PausedBanner({ database: { databaseId, kind, name, pause }, mayResume }: { database: DatabaseSchedule; mayResume: boolean }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  if (!pause) return null;
  async function resume() {
    setPending(true);
    try {
      const result = await resumeScheduleAction({ databaseId, kind });
      if (result.ok) toast.success(`The ${scheduleName({ kind, database: { name } })} goes on.`);
      else toast.error(result.error.message);
      router.refresh();
    } catch {
      toast.error("No answer came back. Reload the page and look.");
    } finally {
      setPending(false);
    }
  }
  return (
    <Banner
      tone="warning"
      icon={<Bars />}
      title={`Paused by ${pause.by} on ${fullTime(pause.since)}.`}
      action={mayResume ? <Button size="sm" pending={pending} onClick={() => void resume()}>{pending ? "Resuming…" : "Resume"}</Button> : null}
    >
      {/[.!?]$/.test(pause.reason) ? pause.reason : `${pause.reason}.`} {pause.until ? `It goes on by itself on ${fullTime(pause.until)}.` : "It stays off until somebody resumes it."}
    </Banner>
  );
}

/** Turns a schedule off for a while, with a reason. */
export function PauseCard({ database: { databaseId, kind, name }, mayPause }: { database: DatabaseSchedule; mayPause: boolean }) {
  return (
    <SaveCard
      title="Pause"
      note={kind === "backup" ? `Until then ${name} is backed up only by hand. A backup that is under way goes on.` : `Until then no ${scheduleWords[kind].noun} of ${name} starts by itself. One that is under way goes on.`}
      saveLabel="Pause schedule"
      mayChange={mayPause}
      save={(data) => pauseScheduleAction({ databaseId, kind, reason: String(data.get("reason") ?? ""), hours: data.get("hours") === "" ? null : Number(data.get("hours")) })}
    >
      {(wrong) => (
        <div className="grid grid-cols-[minmax(0,1fr)_200px] items-start gap-x-6 gap-y-4 max-sm:grid-cols-1">
          <Field label="Reason" note="goes into the audit log" error={wrong["reason"]?.[0]}>
            <Input name="reason" maxLength={500} />
          </Field>
          <Field label="For" error={wrong["hours"]?.[0]}>
            <Select name="hours" defaultValue="24">
              <option value="4">4 hours</option>
              <option value="24">A day</option>
              <option value="72">3 days</option>
              <option value="168">A week</option>
              <option value="">Until it is resumed</option>
            </Select>
          </Field>
        </div>
      )}
    </SaveCard>
  );
}

/** Ends a schedule, after a question. */
export function RemoveSchedule({ database: { databaseId, kind, name, otherwise } }: { database: DatabaseSchedule }) {
  const router = useRouter();
  const { title } = scheduleWords[kind];
  return (
    <ConfirmDialog
      trigger={<Button>Remove schedule</Button>}
      title={`Remove the ${scheduleName({ kind, database: { name } })}`}
      consequences={[{ text: kind === "backup" ? <><b>{name} is then backed up only when somebody starts it.</b> Nobody is told when that is forgotten.</> : <><b>{title} of {name}: {otherwise.charAt(0).toLowerCase()}{otherwise.slice(1)}.</b> Nothing starts at a time of its own any more.</> }]}
      safetyNet="Backups and what is on record of its times stay."
      confirmLabel="Remove schedule"
      onConfirm={() => removeScheduleAction({ databaseId, kind })}
      onDone={() => router.refresh()}
    />
  );
}
