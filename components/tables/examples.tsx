import { cn } from "@/components/ui/cn";
import { count } from "@/lib/format/counts";
import type { ComparedTable } from "@/lib/tables/schemas";

/** Rows as examples, backup and live side by side where both have one. */
export function Examples({ table }: { table: ComparedTable }) {
  const { examples, columns } = table;
  const width = table.key?.length ?? 0;
  if (examples.onlyBackup.length + examples.onlyLive.length + examples.changed.length === 0) return null;
  return (
    <div className="mt-3 grid gap-1.5">
      {examples.changed.length > 0 ? (
        <Group title="Changed" shown={examples.changed.length} total={table.changed}>
          <Changed table={table} keyWidth={width} />
        </Group>
      ) : null}
      {examples.onlyBackup.length > 0 ? (
        <Group title="Only in the backup" shown={examples.onlyBackup.length} total={table.onlyBackup}>
          <Rows caption="Rows only in the backup" columns={columns} rows={examples.onlyBackup} keyWidth={width} />
        </Group>
      ) : null}
      {examples.onlyLive.length > 0 ? (
        <Group title="Only in live" shown={examples.onlyLive.length} total={table.onlyLive}>
          <Rows caption="Rows only in live" columns={columns} rows={examples.onlyLive} keyWidth={width} />
        </Group>
      ) : null}
    </div>
  );
}

function Group({ title, shown, total, children }: { title: string; shown: number; total: number; children: React.ReactNode }) {
  return (
    <details>
      <summary className="w-fit rounded-[3px] py-1 text-table font-medium touch:min-h-11 touch:content-center">
        {title} <span className="font-normal text-ink-3">{shown < total ? `${count(shown)} of ${count(total)}` : count(total)}</span>
      </summary>
      <div role="region" aria-label={title} tabIndex={0} className="mt-1 max-h-96 overflow-auto rounded-panel border border-line">
        {children}
      </div>
    </details>
  );
}

const head = "border-b border-line bg-sunken px-2.5 py-1.5 text-left text-caption font-medium whitespace-nowrap text-ink-3";
const cell = "border-b border-line px-2.5 py-1.5 align-top font-mono text-[12px]/[18px] min-w-24 max-w-80 [overflow-wrap:anywhere]";

type Value = string | null;

function Rows({ caption, columns, rows, keyWidth }: { caption: string; columns: readonly string[]; rows: readonly (readonly Value[])[]; keyWidth: number }) {
  return (
    <table className="min-w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" className={head}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((value, at) => (
              <td key={columns[at]} className={cn(cell, at < keyWidth && "font-medium")}>
                <Shown value={value} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A line for every column that differs: what the backup has, what live has. */
function Changed({ table, keyWidth }: { table: ComparedTable; keyWidth: number }) {
  const { columns, examples } = table;
  return (
    <table className="min-w-full border-collapse">
      <caption className="sr-only">Rows that were changed, backup and live side by side</caption>
      <thead>
        <tr>
          <th scope="col" className={head}>{columns.slice(0, keyWidth).join(", ")}</th>
          <th scope="col" className={head}>Column</th>
          <th scope="col" className={head}>Backup</th>
          <th scope="col" className={head}>Live</th>
        </tr>
      </thead>
      <tbody>
        {examples.changed.flatMap((pair, index) => {
          const differing = columns.map((_, at) => at).filter((at) => pair.backup[at] !== pair.live[at]);
          // The difference may lie in a column that is not shown, or behind where a long value was cut.
          const shown = differing.length > 0 ? differing : [keyWidth];
          return shown.map((at, line) => (
            <tr key={`${index}.${at}`}>
              <th scope="row" className={cn(cell, "text-left font-medium")}>
                {line === 0 ? pair.backup.slice(0, keyWidth).join(", ") : null}
              </th>
              <td className={cell}>{differing.length > 0 ? columns[at] : "not shown"}</td>
              <td className={cell}>{differing.length > 0 ? <Shown value={pair.backup[at] ?? null} /> : "differs further on"}</td>
              <td className={cell}>{differing.length > 0 ? <Shown value={pair.live[at] ?? null} /> : "differs further on"}</td>
            </tr>
          ));
        })}
      </tbody>
    </table>
  );
}

function Shown({ value }: { value: Value }) {
  if (value === null) return <span className="font-sans text-ink-3">null</span>;
  return value === "" ? <span className="font-sans text-ink-3">empty</span> : value;
}
