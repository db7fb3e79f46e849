import { Cell, Column, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { CodeBlock } from "@/components/ui/code-block";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { Section } from "@/components/ui/section";
import type { Manifest } from "@/lib/backup/schemas";
import { otherRelations, tablesPage, tablesPerPage, tableTotals } from "@/lib/backup/tables";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { href } from "@/lib/url/query";

type TableFacts = Manifest["tables"][number];

/** What is in the backup, table by table, with exact counts. */
export function BackupTables({ backupId, manifest, params }: { backupId: string; manifest: Manifest; params: { q: string | null; page: number } }) {
  const shown = tablesPage(manifest, params);
  const totals = tableTotals(manifest);
  const path = `/backups/${backupId}`;
  const search = shown.total > tablesPerPage || params.q ? <SearchInput action={path} value={params.q} placeholder="Search tables" /> : null;
  return (
    <Section id="tables" title="Tables" note="exact counts from the dump's own snapshot" end={search}>
      {shown.rows.length === 0 ? <p className="text-table text-ink-2">{params.q ? `No table has \u201c${params.q}\u201d in its name.` : "There are no tables in it."}</p> : null}
      {shown.rows.length > 0 ? (
        <Table caption="Tables in the backup" rows="dense" cards={false}>
          <TableHead>
            <Column>Table</Column>
            <Column numeric>Rows in backup</Column>
            <Column numeric>Size before dump</Column>
          </TableHead>
          <TableBody>
            {shown.rows.map((table) => (
              <TableRow key={`${table.schema}.${table.name}`}>
                <Cell className="[overflow-wrap:anywhere]">
                  <code>
                    {table.schema}.{table.name}
                  </code>
                </Cell>
                <Cell numeric>
                  <Rows table={table} />
                </Cell>
                <Cell numeric className="text-ink-2">
                  {bytes(table.sizeBytes)}
                </Cell>
              </TableRow>
            ))}
          </TableBody>
          <TableFoot>
            <Cell>{plural(totals.tables, "table")}</Cell>
            <Cell numeric>{totals.rows === null ? "not all counted" : count(totals.rows)}</Cell>
            <Cell numeric>{bytes(totals.sizeBytes)}</Cell>
          </TableFoot>
        </Table>
      ) : null}
      {shown.pages > 1 ? <Pagination page={shown.page} pages={shown.pages} href={(page) => href(path, { q: params.q, page }, { page: 1 })} /> : null}
      <Others manifest={manifest} />
    </Section>
  );
}

function Rows({ table }: { table: TableFacts }) {
  if (table.excluded === "absent") return <span className="text-ink-3">left out</span>;
  if (table.kind === "foreign" || table.excluded === "data") return <span className="text-ink-3">definition only</span>;
  return table.rows === null ? <span title="Not counted within its time">{unknown}</span> : count(table.rows);
}

/** Views and sequences: in the backup, with no rows of their own to count. */
function Others({ manifest }: { manifest: Manifest }) {
  const others = otherRelations(manifest);
  const { sequences, largeObjects } = manifest;
  return (
    <div className="mt-4 grid gap-1.5 text-table text-ink-2">
      {others.map(({ kind, names }) => (
        <p key={kind} className="[overflow-wrap:anywhere]">
          {kind}: {names.slice(0, 12).map((name, index) => (
            <span key={name}>
              {index > 0 ? ", " : null}
              <code>{name}</code>
            </span>
          ))}
          {names.length > 12 ? ` and ${count(names.length - 12)} more` : null}
        </p>
      ))}
      {largeObjects > 0 ? <p>{plural(largeObjects, "large object")}, included.</p> : null}
      {sequences.length > 0 ? (
        <details>
          <summary className="w-fit rounded-[3px] py-1">{plural(sequences.length, "sequence")} with their values</summary>
          <CodeBlock label="Sequences" className="mt-1.5 max-h-72">
            {sequences.map(({ schema, name, value }) => `${schema}.${name}  ${value ?? unknown}`).join("\n")}
          </CodeBlock>
        </details>
      ) : null}
    </div>
  );
}
