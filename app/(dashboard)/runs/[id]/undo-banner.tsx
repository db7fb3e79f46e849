"use client";

import { Undo2 } from "lucide-react";
import { useNow } from "@/components/time/now";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Arc } from "@/components/ui/shapes";
import { TextLink } from "@/components/ui/text-link";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { duration, elapsed } from "@/lib/format/durations";
import { minuteTime, shortTime, timeOfDay } from "@/lib/format/times";
import { unasked } from "@/lib/restore/consequences";
import { activeFollowUp, isUnasked, type RestoreView, swapBack } from "@/lib/restore/result";
import { redoTitle, runTitle } from "@/lib/runs/words";
import { UndoRestore } from "../undo-restore";

export type UndoBannerFacts = Pick<RestoreView, "id" | "now" | "state" | "method" | "targetName" | "hadPrevious" | "kept" | "followUps" | "decision" | "downtimeMs" | "swappedAt" | "undoneAt" | "backup" | "runStatus" | "finishedAt">;

/** Whether a restore can be taken back, until when, and what that costs; deadline first. */
export function UndoBanner({ restore, mayRestore }: { restore: UndoBannerFacts; mayRestore: boolean }) {
  const now = useNow(restore.now) ?? Date.parse(restore.now);
  const { kept, state, targetName } = restore;
  const active = activeFollowUp(restore);
  if (active) {
    return (
      <Banner icon={<Arc className="text-running" />} live title={`${(active.isRedo ? redoTitle : runTitle[active.kind])(targetName)} is under way.`} action={<TextLink href={`/runs/${active.runId}`}>Follow run {count(active.runId)}</TextLink>}>
        Started {active.by}.
      </Banner>
    );
  }
  const way = swapBack(restore, now);
  if (!way) return <NoWayBack restore={restore} />;
  const isUndo = way === "undo";
  const left = kept?.until ? Date.parse(kept.until) - now : null;
  const what = isUndo ? "You can undo this" : "You can redo this";
  const title = left === null || !kept?.until ? `${what} until what is kept is removed.` : `${what} until ${minuteTime(kept.until)} UTC, for another ${elapsed(left)}.`;
  const since = state === "swapped" ? restore.swappedAt : restore.undoneAt;
  return (
    <Banner
      className="items-center! py-3.5"
      icon={<Undo2 size={16} strokeWidth={1.75} aria-hidden className="text-accent" />}
      title={title}
      action={mayRestore ? <UndoRestore restore={restore} way={way} /> : null}
    >
      {isUnasked(restore) ? <b className="block">{unasked}</b> : null}
      <span className="block">
        {isUndo ? "The database from before is kept as" : "What was restored is kept as"} <code>{kept?.name}</code>
        {kept?.sizeBytes == null ? "" : `, ${bytes(kept.sizeBytes)}`}. {isUndo ? "Undo" : "Redo"} takes {restore.downtimeMs === null ? "a moment" : `about ${duration(restore.downtimeMs)}`} of downtime; rows written since {since ? timeOfDay(since) : "then"} would be left behind.
        {mayRestore ? null : " Your account may not restore; somebody who may can do this."}
      </span>
    </Banner>
  );
}

function NoWayBack({ restore }: { restore: UndoBannerFacts }) {
  const { kept, method, hadPrevious, targetName, decision } = restore;
  if (method === "beside") return null;
  if (kept && !kept.isThere) {
    return (
      <Banner title={`This cannot be ${restore.state === "undone" ? "redone" : "undone"} any more.`}>
        <code>{kept.name}</code> was removed{kept.removedAt ? <> at <Time at={kept.removedAt} /> UTC</> : ""}. {targetName} and its backups are not affected.
      </Banner>
    );
  }
  if (kept?.until) return <Banner title="The time for undoing is over."><code>{kept.name}</code> was kept until {shortTime(kept.until)} UTC and is being removed.</Banner>;
  if (!hadPrevious) return <Banner title="There is nothing to undo.">There was no database {targetName} before.</Banner>;
  if (method === "in_place") return <Banner title="A restore in place cannot be undone.">{decision.safetyBackup ? `What ${targetName} held before is in the backup that was taken first.` : `What ${targetName} held before was dropped without a backup, as was asked for.`}</Banner>;
  return null;
}
