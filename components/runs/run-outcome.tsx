import type { ReactNode } from "react";
import { Banner } from "@/components/ui/banner";
import { CodeBlock } from "@/components/ui/code-block";
import { TextLink } from "@/components/ui/text-link";
import { minuteTime } from "@/lib/format/times";
import { meaningForData } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";

/** How a run ended: what happened, what it means for the data, what to do; or what it produced. */
export function RunOutcome({ view }: { view: RunView }) {
  const { error, status, warnings } = view;
  const meaning = meaningForData(view);
  return (
    <div className="mt-5 grid gap-2.5 empty:hidden">
      {status === "failed" ? (
        <Banner tone="danger" live title={error?.message ?? "It stopped with an error that left no words."}>
          {meaning} {error?.hint ? <span className="mt-1 block">{error.hint}</span> : null}
        </Banner>
      ) : null}
      {error?.toolOutput ? <CodeBlock label="What the tool said" copy={error.toolOutput} wrap className="max-h-80">{error.toolOutput}</CodeBlock> : null}
      {status === "lost" ? (
        <Banner live title="The worker stopped reporting, so how this ended is not known.">
          {meaning}
        </Banner>
      ) : null}
      {status === "cancelled" ? (
        <Banner live title={error?.message ?? `Cancelled by ${view.cancelRequestedBy ?? "somebody"} before it started.`}>
          {meaning}
        </Banner>
      ) : null}
      {status === "succeeded" ? <Produced view={view} /> : null}
      {warnings.map((warning) => (
        <Banner key={warning} tone="warning" title={warning} />
      ))}
    </div>
  );
}

function Produced({ view }: { view: RunView }) {
  const words = producedWords(view);
  if (!words) return null;
  return (
    <Banner tone="done" live title={words.title} action={words.action}>
      {words.text}
    </Banner>
  );
}

function producedWords({ id, kind, backup, outcome, restore }: RunView): { title: string; text?: string; action?: ReactNode } | null {
  const open = backup && !backup.deleted ? <TextLink href={`/backups/${backup.id}`}>Open the backup</TextLink> : null;
  const name = backup ? `${backup.databaseName} from ${minuteTime(backup.takenAt)}` : "";
  switch (kind) {
    case "backup":
      return { title: `Produced the backup of ${name}.`, text: "It was read back and decoded to its last byte. It is not proven before a drill restored it.", action: open };
    case "verify_backup":
      return { title: `The backup of ${name} is intact and readable.`, action: open };
    case "delete_backup":
      return { title: `The backup of ${name} is deleted.`, text: "The audit log keeps that it existed.", action: <TextLink href="/backups">All backups</TextLink> };
    case "rescan_store":
      return { title: outcome ?? "The list is in line with the store.", action: <TextLink href="/backups">All backups</TextLink> };
    case "stage_tables":
      return { title: "The tables are staged and compared.", text: "Live tables were only read.", action: <TextLink href={`/restore/tables?run=${id}`}>Compare and choose</TextLink> };
    case "apply_tables":
    case "undo_tables":
      return { title: kind === "apply_tables" ? "The rows are in place." : "The rows from before are back.", action: <TextLink href={`/restore/tables?run=${id}`}>Rows before and after</TextLink> };
    case "drop_kept":
      return { title: "The kept database is removed.", text: restore ? `${restore.targetName} is as it was; the restore cannot be taken back any more.` : "" };
    case "resolve_staged":
      return restore?.state === "failed" ? { title: "What was staged is removed.", text: `${restore.targetName} was not touched.` } : null;
    default:
      return null;
  }
}
