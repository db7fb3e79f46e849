"use client";

import { Clock } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { ConfirmDialog, type Consequence } from "@/components/confirm/confirm-dialog";
import { useReplan } from "@/components/restore/wizard-replan";
import { useConfirming } from "@/components/restore/wizard-review-actions";
import { Banner } from "@/components/ui/banner";
import { TextLink } from "@/components/ui/text-link";
import type { ActionResult } from "@/lib/action";
import { plural } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { fullTime, timeOfDay } from "@/lib/format/times";
import { namesOf, type RowsSentence } from "@/lib/restore/plan-rows";
import { undoWords } from "@/lib/restore/review-words";
import type { RestorePlan, StartRestoreInput } from "@/lib/restore/schemas";

/** Of a plan, what the dialog shows; the rows stay on the server. */
export type ConfirmedPlan = Pick<RestorePlan, "decision" | "hash" | "computedAt" | "downtimeAboutMs" | "closesSessions" | "undoUntil" | "tablesTakenFrom">;

export interface ConfirmRestoreProps {
  planRunId: number;
  plan: ConfirmedPlan;
  sentence: RowsSentence;
  takenAt: string;
  /** What the backup is of, where that is another database. */
  of: string | null;
  start: (input: StartRestoreInput) => Promise<ActionResult<{ runId: number }>>;
}

/** The server looks again and found something else than what was shown: a new plan is made, and nothing was started. */
const changedCodes = new Set(["restore.plan_changed", "restore.plan_stale", "restore.plan_expired"]);

/** Asks for the name and the reason, and starts exactly the plan that is shown. */
export function ConfirmRestore({ planRunId, plan, sentence, takenAt, of, start }: ConfirmRestoreProps) {
  const router = useRouter();
  const { question, replan } = useReplan();
  const [confirming, setConfirming] = useConfirming();
  const [runId, setRunId] = useState<number | null>(null);
  const isStarted = useRef(false);
  const words = wordsOf(plan, sentence, takenAt, of);
  if (runId !== null) {
    return (
      <Banner tone="done" live title={`The restore was started, as run ${runId}.`} className="mt-6" action={<TextLink href={`/runs/${runId}`}>Open run</TextLink>}>
        It goes on whether or not its page is open.
      </Banner>
    );
  }
  return (
    <ConfirmDialog
      // Another plan is another question: nothing that was typed for the last one counts.
      key={plan.hash}
      open={confirming && !question.isAsking}
      onOpenChange={() => {
        // Once it is started the address is left for the run's; two changes of it at once would lose one.
        if (!isStarted.current) void setConfirming(null, { history: "replace" });
      }}
      title={words.title}
      description={words.description}
      consequences={words.consequences}
      safetyNet={words.safetyNet}
      reason="required"
      phrase={phraseOf(plan)}
      confirmLabel={words.label}
      pendingLabel="Starting…"
      tone={words.isHarmless ? "primary" : "danger"}
      note={
        <>
          Plan <code>{plan.hash.slice(0, 4)} {plan.hash.slice(4, 8)}</code>, computed {timeOfDay(plan.computedAt)}.
          <br />
          If anything changed since, nothing starts.
        </>
      }
      onConfirm={async ({ phrase, reason }) => {
        const result = await start({ planRunId, hash: plan.hash, phrase, reason });
        if (result.ok) {
          isStarted.current = true;
          setRunId(result.data.runId);
          // In the place of the confirmation: going back must not ask for it again.
          router.replace(`/runs/${result.data.runId}`);
        } else if (changedCodes.has(result.error.code)) {
          void setConfirming(null, { history: "replace" });
          replan();
        }
        return result;
      }}
    />
  );
}

/** What has to be typed: the name of the database that is replaced or made. */
function phraseOf({ decision }: ConfirmedPlan): string {
  return decision.targetName;
}

interface Words {
  title: string;
  description?: ReactNode;
  consequences: Consequence[];
  safetyNet?: ReactNode;
  label: string;
  isHarmless: boolean;
}

const clock = <Clock size={16} strokeWidth={1.75} aria-hidden />;

function wordsOf(plan: ConfirmedPlan, sentence: RowsSentence, takenAt: string, of: string | null): Words {
  const { decision } = plan;
  const { targetName } = decision;
  const backup = `the backup ${of === null ? "" : `of ${of} `}from ${fullTime(takenAt)}`;
  if (decision.replacesOid === null) {
    return {
      title: `Create the database ${targetName} from ${backup}`,
      description: decision.method === "beside" ? `In ${decision.container}, beside ${decision.databaseName}, which is not touched. Nothing is stopped.` : `${decision.container} has no database of that name, so nothing is replaced.`,
      consequences: [],
      label: `Create ${short(targetName)}`,
      isHarmless: true,
    };
  }
  const rows = sentence.lead ? (
    <>
      <b>{sentence.lead}</b> of {namesOf(plan.tablesTakenFrom)}. {sentence.dropped}
    </>
  ) : (
    sentence.rest
  );
  const connections = plan.closesSessions > 0 ? `${plural(plan.closesSessions, "connection")} ${plan.closesSessions === 1 ? "is" : "are"} closed.` : "Nobody is connected at this moment.";
  const stops = decision.stops.join(", ");
  if (decision.method === "in_place") {
    return {
      title: `Drop the live database ${targetName} and restore ${backup} in its place`,
      consequences: [
        { text: <><b>{targetName} is dropped first, and is down until the restore is over.</b> A restore that fails leaves nothing in its place.</> },
        { text: rows },
        ...(decision.safetyBackup ? [] : [{ text: "There is no safety backup: what is in it now is gone for good." }]),
        { text: `${stops ? `${stops} ${decision.stops.length === 1 ? "is" : "are"} stopped meanwhile. ` : ""}${connections}`, icon: clock },
      ],
      ...(decision.safetyBackup ? { safetyNet: <><b>Safety net:</b> {targetName} is backed up as it is now, and that backup is verified, before anything is dropped.</> } : {}),
      label: `Replace ${short(targetName)}`,
      isHarmless: false,
    };
  }
  const down = plan.downtimeAboutMs === null ? "for the moment of the swap" : `for about ${duration(plan.downtimeAboutMs)}`;
  return {
    title: `Replace the live database ${targetName} with ${backup}`,
    consequences: [{ text: rows }, { text: `${stops ? `${stops} ${decision.stops.length === 1 ? "is" : "are"} down ${down}. ` : ""}${connections}`, icon: clock }],
    safetyNet: (
      <>
        <b>Safety net:</b> the present database is kept beside it, under a name with <code>__before_</code>. Undo restore puts it back in one step{plan.undoUntil ? `, ${undoWords(decision)}` : ""}.
      </>
    ),
    label: `Replace ${short(targetName)}`,
    isHarmless: false,
  };
}

/** A long name would push the button off a phone; it stands in the title. */
function short(name: string): string {
  return name.length > 24 ? "it" : name;
}
