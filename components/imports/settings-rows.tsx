import { Cell, Column, HiddenColumn, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Badge, type Tone } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CodeBlock, CodeDim } from "@/components/ui/code-block";
import { Panel, PanelFoot, PanelHead } from "@/components/ui/panel";
import { DashedCircle, Tick, Triangle } from "@/components/ui/shapes";
import { plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import type { ImportRow, SettingsPreview } from "@/lib/imports/schemas";

const verdicts = {
  change: { word: "Changes", tone: "warning", icon: <Triangle size={14} /> },
  same: { word: "Is so", tone: "plain", icon: <Tick size={14} /> },
  impossible: { word: "Not taken over", tone: "neutral", icon: <DashedCircle size={14} /> },
} as const satisfies Record<ImportRow["verdict"], { word: string; tone: Tone; icon: React.ReactNode }>;

export interface SettingsRowsProps {
  preview: SettingsPreview;
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
  onApply: () => void;
  pending: boolean;
}

/** Every decision about an old file of settings, those that can be applied with a box. */
export function SettingsRows({ preview: { rows, problems }, chosen, onChoose, onApply, pending }: SettingsRowsProps) {
  const can = rows.filter(({ verdict }) => verdict === "change");
  return (
    <Panel>
      <PanelHead title="What becomes of it" end={can.length > 0 ? `${plural(can.length, "change")}, ${chosen.length} chosen` : null} />
      {rows.length === 0 ? (
        <p className="px-[18px] py-4 text-table text-ink-2">No setting was found in it.</p>
      ) : (
        <div className="px-[18px]">
          <Table caption="What becomes of each setting" rows="two">
            <TableHead>
              <HiddenColumn className="w-8">Take over</HiddenColumn>
              <Column className="w-[34%]">In the file</Column>
              <Column>In Holdfast</Column>
              <Column className="w-[132px]">Verdict</Column>
            </TableHead>
            <TableBody>
              {rows.map((row) => <Row key={row.id} row={row} isChosen={chosen.includes(row.id)} onChange={(isChosen) => onChoose(isChosen ? [...chosen, row.id] : chosen.filter((id) => id !== row.id))} />)}
            </TableBody>
          </Table>
        </div>
      )}
      {problems.length > 0 ? (
        <div className="border-t border-line px-[18px] py-4">
          <Banner tone="warning" title={`${plural(problems.length, "line")} not understood.`}>Only a shell could tell what is meant, and the file is not run. Set by hand what matters there. Values are not shown, because they may be secrets.</Banner>
          <CodeBlock label="Lines that were not understood" wrap className="mt-2 max-h-56">
            {problems.map(({ line, name }) => <span key={line} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-[2ch]"><CodeDim>line {line}</CodeDim><span>{name}</span></span>)}
          </CodeBlock>
        </div>
      ) : null}
      {can.length > 0 ? (
        <PanelFoot note="All chosen rows or none of them; before and after are in the audit log.">
          <Button variant="primary" pending={pending} aria-disabled={chosen.length === 0 || undefined} onClick={onApply}>{pending ? "Taking over…" : `Take over ${plural(chosen.length, "setting")}`}</Button>
        </PanelFoot>
      ) : null}
    </Panel>
  );
}

function Row({ row, isChosen, onChange }: { row: ImportRow; isChosen: boolean; onChange: (isChosen: boolean) => void }) {
  const verdict = verdicts[row.verdict];
  const names = row.variables.map(({ name }) => name).join(", ");
  return (
    <TableRow className="max-sm:grid-cols-[auto_1fr]! max-sm:gap-y-1.5!">
      <Cell className={row.verdict === "change" ? "py-3" : "py-3 max-sm:hidden!"}>
        {row.verdict === "change" ? <Checkbox checked={isChosen} onChange={(event) => onChange(event.target.checked)}><span className="sr-only">Take over {names}</span></Checkbox> : null}
      </Cell>
      <Cell className={row.verdict === "change" ? "py-3" : "py-3 max-sm:col-span-2!"}>
        {row.variables.map(({ name, value, line }) => (
          <div key={name} className="[overflow-wrap:anywhere]"><code>{name}</code> <code className="text-ink-2">{value === "" ? "(empty)" : value}</code>{line === null ? null : <span className="text-caption text-ink-3"> line {line}</span>}</div>
        ))}
      </Cell>
      <Cell phone="full" className="py-3 [overflow-wrap:anywhere]">
        <div className="font-medium">{row.becomes ?? unknown}</div>
        {row.verdict === "change" ? <div className="text-caption text-ink-3">now: {row.present ?? "nothing"}</div> : null}
        <div className="text-caption text-ink-2">{row.why}</div>
      </Cell>
      <Cell phone="full" className="py-3"><Badge tone={verdict.tone} icon={verdict.icon}>{verdict.word}</Badge></Cell>
    </TableRow>
  );
}
