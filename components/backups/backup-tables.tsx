import { Cell, Column, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { ObjectName } from "@/components/ui/object-name";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { Section } from "@/components/ui/section";
import { Tick } from "@/components/ui/shapes";
import { TextLink } from "@/components/ui/text-link";
import type { BackupView } from "@/lib/backup/read";
import type { Manifest } from "@/lib/backup/schemas";
import { otherRelations, tablesPage, tablesPerPage, tableTotals } from "@/lib/backup/tables";
import { equalTables } from "@/lib/drill/tables";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { href } from "@/lib/url/query";

type TableFacts = Manifest["tables"][number];

interface BackupTablesProps {
  backupId: string;
  manifest: Manifest;
  /** The drill that proved it; null: it is not proven, and says nothing of what a restore brings. */
  provenBy: BackupView["provenBy"];
  params: { q: string | null; page: number };
}

/** What is in the backup, table by table, with exact counts; of a proven one also what its drill found. */
export function BackupTables({ backupId, manifest, provenBy, params }: BackupTablesProps) {
  const drilled = provenBy?.tables ? equalTables(manifest, provenBy.tables) : null;
  const shown = tablesPage(manifest, params);
  const totals = tableTotals(manifest);
  const path = `/backups/${backupId}`;
  const search = shown.total > tablesPerPage || params.q ? <SearchInput action={path} value={params.q} placeholder="Search tables" /> : null;
  return (
    <Section id="tables" title="Tables" note="exact counts from the dump's own snapshot" end={search}>
      {shown.rows.length === 0 ? <p className="text-table text-ink-2">{params.q ? `No table has \u201c${params.q}\u201d in its name.` : "There are no tables in it."}</p> : null}
      {shown.rows.length > 0 ? (
        <Table caption="Tables in the backup" rows="dense">
          <TableHead>
            <Column>Table</Column>
            <Column numeric>Rows in backup</Column>
            {drilled ? <Column numeric>Rows in drill</Column> : null}
            <Column numeric>Size before dump</Column>
            {drilled ? <Column numeric>Equal</Column> : null}
          </TableHead>
          <TableBody>
            {shown.rows.map((table) => (
              <TableRow key={`${table.schema}.${table.name}`} className={cn("max-sm:gap-y-1! max-sm:py-2.5!", drilled ? "max-sm:grid-cols-[3fr_3fr_3fr_1fr]!" : null)}>
                <Cell phone="full">
                  <ObjectName name={`${table.schema}.${table.name}`} />
                </Cell>
                <Cell numeric label="Rows in backup">
                  <Rows table={table} />
                </Cell>
                {drilled ? <Cell numeric label="Rows in drill"><DrillRows rows={drilled.rowsOf(table)} /></Cell> : null}
                <Cell numeric label="Size before dump" className="text-ink-2">
                  {bytes(table.sizeBytes)}
                </Cell>
                {drilled ? <Cell numeric label="Equal"><Equal isEqual={drilled.rowsOf(table) !== undefined} /></Cell> : null}
              </TableRow>
            ))}
          </TableBody>
          <TableFoot>
            <Cell>{plural(totals.tables, "table")}</Cell>
            <Cell numeric label="Rows in backup">{counted(totals.rows)}</Cell>
            {drilled ? <Cell numeric label="Rows in drill">{counted(drilled.rows)}</Cell> : null}
            <Cell numeric label="Size before dump">{bytes(totals.sizeBytes)}</Cell>
            {drilled ? <Cell className="max-sm:hidden!" /> : null}
          </TableFoot>
        </Table>
      ) : null}
      {drilled && provenBy ? (
        <p className="mt-3 text-caption text-ink-3">
          Equal: the rows in <TextLink href={`/drills/${provenBy.drillId}`}>the drill that proved it</TextLink> are those of the file, byte by byte.
        </p>
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

function counted(rows: number | null): string {
  return rows === null ? "not all counted" : count(rows);
}

function DrillRows({ rows }: { rows: number | null | undefined }) {
  if (rows === undefined) return <span className="text-ink-3" title="Nothing of it is in the file">{unknown}</span>;
  return rows === null ? <span title="Not counted within its time">{unknown}</span> : count(rows);
}

function Equal({ isEqual }: { isEqual: boolean }) {
  if (!isEqual) return <span className="text-ink-3" title="Not compared: nothing of it is in the file">{unknown}</span>;
  return (
    <>
      <Tick size={16} className="inline-block text-protected" />
      <span className="sr-only">equal</span>
    </>
  );
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
