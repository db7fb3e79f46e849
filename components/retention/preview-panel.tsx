import { Check, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Panel, PanelBody, PanelHead } from "@/components/ui/panel";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { day, minuteTime, shortDay, timeOfDay } from "@/lib/format/times";
import { keptWords, removedWords, type RetentionPreview } from "@/lib/retention/preview-schemas";
import { ComingWeeks } from "./coming-weeks";
import { SmallBackups } from "./small-backups";
import { TimeAxis } from "./time-axis";

const firstLines = 8;

/** The sentence that counts: what goes, what stays. */
export function previewSentence({ go, stay }: Pick<RetentionPreview, "go" | "stay">): { lead: string; rest: string } {
  const stays = `${count(stay.count)} ${stay.count === 1 ? "stays" : "stay"}, ${bytes(stay.bytes)}.`;
  if (go.count === 0) return { lead: "Nothing goes.", rest: stays };
  return { lead: `${plural(go.count, "backup")} ${go.count === 1 ? "goes" : "go"}, ${bytes(go.bytes)}${go.foreign > 0 ? `, ${count(go.foreign)} of them not made by Holdfast` : ""}.`, rest: stays };
}

interface PreviewPanelProps {
  title: string;
  preview: RetentionPreview;
  /** Whether the rules go on holding, so that it says something of the coming weeks. */
  isLasting?: boolean;
  mayAccept: boolean;
  /** Somebody said that a small backup is right: the preview is out of date. */
  onAccepted: () => void;
  foot?: ReactNode;
}

/** What saving would do: the sentence, the axis, the ranges before and after, two lists with reasons, and the coming weeks. */
export function PreviewPanel({ title, preview, isLasting = false, mayAccept, onAccepted, foot }: PreviewPanelProps) {
  const { lead, rest } = previewSentence(preview);
  return (
    <Panel aria-live="polite">
      <PanelHead title={title} end={`computed ${timeOfDay(preview.computedAt)} UTC`} />
      <PanelBody>
        <p className="text-[15px]/6">
          <b className="font-semibold">{lead}</b> {rest} {preview.anchor === null && preview.stay.count > 0 ? "No good backup is there, so nothing is removed." : null}
        </p>
        <SmallBackups backups={preview.suspicious} mayAccept={mayAccept} onAccepted={onAccepted} />
        <TimeAxis marks={preview.marks} summary={`${lead} ${rest}`} />
        <FactList labelWidth={220} className="mt-4">
          <Range label="Any day can be restored" before={preview.before.everyDaySince} after={preview.after.everyDaySince} />
          <Range label="Any week can be restored" before={preview.before.everyWeekSince} after={preview.after.everyWeekSince} />
          <Range label="Oldest backup" before={preview.before.oldest} after={preview.after.oldest} isOldest />
        </FactList>
      </PanelBody>
      <div className="grid grid-cols-2 border-t border-line max-sm:grid-cols-1">
        <section className="min-w-0 border-r border-line px-[18px] py-3.5 max-sm:border-r-0 max-sm:border-b" aria-label="What goes">
          <h3 className="flex items-center gap-[7px] text-table font-semibold">
            <Trash2 size={15} strokeWidth={1.75} aria-hidden className={preview.go.count > 0 ? "text-exposed" : "text-ink-3"} />
            {count(preview.go.count)} {preview.go.count === 1 ? "goes" : "go"}
          </h3>
          <Lines
            lines={preview.go.listed.map(({ id, takenAt, sizeBytes, reason }) => ({ key: id, cells: [minuteTime(takenAt), bytes(sizeBytes), removedWords[reason]] }))}
            total={preview.go.count}
          />
        </section>
        <section className="min-w-0 px-[18px] py-3.5" aria-label="What stays">
          <h3 className="flex items-center gap-[7px] text-table font-semibold">
            <Check size={15} strokeWidth={1.75} aria-hidden className="text-ink-3" />
            {count(preview.stay.count)} {preview.stay.count === 1 ? "stays" : "stay"}
          </h3>
          <Lines lines={preview.stay.groups.map(({ from, to, count: many, reason }) => ({ key: to, cells: [from === to ? minuteTime(from) : `${shortDay(from)} to ${shortDay(to)}`, "", many === 1 ? keptWords[reason] : `${count(many)}, ${keptWords[reason]}`] }))} total={preview.stay.groups.length} />
        </section>
      </div>
      {isLasting ? <ComingWeeks coming={preview.coming} notComing={preview.notComing} /> : null}
      {foot}
    </Panel>
  );
}

function Range({ label, before, after, isOldest = false }: { label: string; before: string | null; after: string | null; isOldest?: boolean }) {
  const words = (at: string | null) => (at === null ? "none" : isOldest ? day(at) : `back to ${day(at)}`);
  return (
    <Fact label={label}>
      {words(after)}
      <span className="text-ink-2">, {before === after ? "unchanged" : `today ${words(before)}`}</span>
    </Fact>
  );
}

function Lines({ lines, total }: { lines: readonly { key: string; cells: readonly string[] }[]; total: number }) {
  if (lines.length === 0) return <p className="mt-1 text-table text-ink-3">none</p>;
  const row = ({ key, cells }: (typeof lines)[number]) => (
    <li key={key} className="flex items-baseline gap-3 border-b border-line py-[5px] text-table last:border-b-0">
      <span className="whitespace-nowrap">{cells[0]}</span>
      {cells[1] ? <span className="ml-auto whitespace-nowrap text-ink-2">{cells[1]}</span> : null}
      <span className={cells[1] ? "text-right text-caption text-ink-3" : "ml-auto text-right text-ink-2"}>{cells[2]}</span>
    </li>
  );
  const more = lines.slice(firstLines);
  return (
    <>
      <ul className="mt-1">{lines.slice(0, firstLines).map(row)}</ul>
      {more.length > 0 ? (
        <details className="group mt-2">
          <summary className="cursor-pointer text-table text-accent group-open:hidden">and {count(total - firstLines)} more</summary>
          <ul>{more.map(row)}</ul>
          {total > lines.length ? <p className="mt-1 text-caption text-ink-3">and {count(total - lines.length)} older ones</p> : null}
        </details>
      ) : null}
    </>
  );
}
