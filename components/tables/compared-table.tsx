import type { ReactNode } from "react";
import { Examples } from "@/components/tables/examples";
import { Field } from "@/components/ui/field";
import { ObjectName } from "@/components/ui/object-name";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Tick } from "@/components/ui/shapes";
import { count } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { dependenciesOf } from "@/lib/tables/dependencies";
import { type ComparedTable, type Comparison, tableName, type TableChoice } from "@/lib/tables/schemas";
import { choicesFor, choiceWords, differenceSentence } from "@/lib/tables/words";

export interface ComparedTableCardProps {
  table: ComparedTable;
  foreignKeys: Comparison["foreignKeys"];
  choice: TableChoice;
  onChoose: (choice: TableChoice) => void;
  /** At the right of the foot: exports. */
  end: ReactNode;
}

/** One table: what backup and live say of it, rows side by side, and what is to be done. */
export function ComparedTableCard({ table, foreignKeys, choice, onChoose, end }: ComparedTableCardProps) {
  const isEqual = table.live === "table" && table.onlyBackup + table.onlyLive + table.changed === 0;
  return (
    <Panel>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3 border-b border-line px-[18px] py-3.5">
        <div className="min-w-0 flex-1 basis-64">
          <h2>
            <ObjectName name={tableName(table)} />
          </h2>
          <p className="mt-0.5 flex items-center gap-1.5 text-table text-ink-2">
            {isEqual ? <Tick size={14} className="shrink-0 text-protected" /> : null}
            {differenceSentence(table)}
          </p>
        </div>
        <Field label="What to do" className="w-[230px] max-sm:w-full">
          <Select value={choice} onChange={(event) => onChoose(choicesFor(table).find((one) => one === event.target.value) ?? "none")}>
            {choicesFor(table).map((one) => (
              <option key={one} value={one}>
                {choiceWords[one]}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <PanelBody>
        <dl className="grid grid-cols-5 gap-x-4 gap-y-3 text-table max-sm:grid-cols-2">
          <Figure label="Rows in live" value={table.liveRows} />
          <Figure label="Rows in backup" value={table.backupRows} />
          <Figure label="Only in backup" value={table.onlyBackup} strong />
          <Figure label="Only in live" value={table.onlyLive} strong />
          <Figure label="Changed" value={table.key === null ? null : table.changed} strong />
        </dl>
        <Notes table={table} foreignKeys={foreignKeys} />
        <Examples table={table} />
      </PanelBody>
      <div className="flex flex-wrap items-center gap-2 border-t border-line bg-sunken px-[18px] py-2.5 text-table text-ink-3">{end}</div>
    </Panel>
  );
}

function Figure({ label, value, strong = false }: { label: string; value: number | null; strong?: boolean }) {
  return (
    <div>
      <dt className="text-caption text-ink-3">{label}</dt>
      <dd className={strong && value ? "font-semibold" : "text-ink-2"}>{value === null ? unknown : count(value)}</dd>
    </div>
  );
}

function Notes({ table, foreignKeys }: { table: ComparedTable; foreignKeys: Comparison["foreignKeys"] }) {
  const { refersTo, referredBy } = dependenciesOf(table, foreignKeys);
  const notes = [
    ...(table.live === "table" && table.key === null ? ["There is no primary key to compare by, so whole rows were counted: a changed row is one only in live and one only in the backup."] : []),
    ...(table.key ? [`Compared by ${table.key.join(", ")}.`] : []),
    ...(refersTo.length > 0 ? [`Refers to ${refersTo.map(tableName).join(", ")}.`] : []),
    ...(referredBy.length > 0 ? [`${referredBy.map(tableName).join(", ")} ${referredBy.length === 1 ? "refers" : "refer"} to it.`] : []),
    ...(table.columnsGone.length > 0 ? [`Only in the backup: the column ${table.columnsGone.join(", ")}.`] : []),
    ...(table.columnsNew.length > 0 ? [`Newer than the backup: the column ${table.columnsNew.join(", ")}.`] : []),
    ...(table.triggers.length > 0 ? [`Triggers that will not fire for restored rows: ${table.triggers.join(", ")}.`] : []),
  ];
  return notes.length > 0 ? <p className="mt-3 text-caption text-ink-3 [overflow-wrap:anywhere]">{notes.join(" ")}</p> : null;
}
