import { AuditOutcomeLabel } from "@/components/status/audit-outcome";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { CodeBlock, CodeDim } from "@/components/ui/code-block";
import { Fact, FactList } from "@/components/ui/fact-list";
import { Panel, PanelBody, PanelFoot, PanelHead } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { auditOutcomes } from "@/lib/audit/schemas";
import { count, plural } from "@/lib/format/counts";
import { fullTime } from "@/lib/format/times";
import type { HistoryPreview } from "@/lib/imports/schemas";

/** What a log tells, before it becomes entries of the audit log. */
export function HistoryPanel({ preview, pending, onWrite }: { preview: HistoryPreview; pending: boolean; onWrite: () => void }) {
  const { runs, known, succeeded, failed, unfinished, cancelled, from, to, lines, newest, notUnderstood, notUnderstoodTotal } = preview;
  const fresh = runs - known;
  const ends = [[succeeded, "ended as complete"], [failed, "failed"], [unfinished, "without an end"], [cancelled, "cancelled"]] as const;
  return (
    <Panel>
      <PanelHead title="What is in it" end={`${plural(lines, "line")} read`} />
      <PanelBody className="grid gap-4">
        <FactList labelWidth={140}>
          <Fact label="Runs">{count(runs)}: {ends.filter(([many]) => many > 0).map(([many, words]) => `${count(many)} ${words}`).join(", ")}</Fact>
          <Fact label="From, to">{from ? `${fullTime(from)} to ${fullTime(to)}` : "The log says no time."}</Fact>
          <Fact label="In the log already">{known === 0 ? "none" : known === runs ? "all of them" : `${count(known)}; they are left as they are`}</Fact>
          <Fact label="Not understood">{notUnderstoodTotal === 0 ? "nothing" : plural(notUnderstoodTotal, "line")}</Fact>
        </FactList>
        {newest.length > 0 ? (
          <div>
            <h3 className="mb-1 text-[13px]/[18px] font-medium">{fresh > newest.length ? `The last ${newest.length} of ${count(fresh)} entries` : "The entries"}</h3>
            <ul>
              {newest.map(({ sentence, outcome, lines: where }) => (
                <li key={`${sentence} ${where}`} className="flex flex-wrap items-baseline gap-x-4 border-b border-line py-[7px] text-table last:border-b-0">
                  <span className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">{sentence}<span className="text-caption text-ink-3"> lines {where}</span></span>
                  <AuditOutcomeLabel outcome={auditOutcomes.find((one) => one === outcome) ?? "lost"} />
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        {notUnderstood.length > 0 ? (
          <div>
            <Banner title="Lines that say nothing Holdfast knows.">No run is made from them.{notUnderstoodTotal > notUnderstood.length ? ` The first ${notUnderstood.length}:` : ""}</Banner>
            <CodeBlock label="Lines that were not understood" wrap className="mt-2 max-h-56">
              {notUnderstood.map(({ line, text }) => <span key={line} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-[2ch]"><CodeDim>line {line}</CodeDim><span>{text}</span></span>)}
            </CodeBlock>
          </div>
        ) : null}
      </PanelBody>
      {fresh > 0 ? (
        <PanelFoot note="At the end of the audit log, each with the time it happened and the time it was imported. They cannot be taken out again.">
          <Button variant="primary" pending={pending} onClick={onWrite}>{pending ? "Writing…" : `Import ${plural(fresh, "run")}`}</Button>
        </PanelFoot>
      ) : (
        <PanelFoot note="All of it is in the audit log."><TextLink href="/audit?action=history.imported">See the entries</TextLink></PanelFoot>
      )}
    </Panel>
  );
}
