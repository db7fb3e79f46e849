import { Cell, CellSub, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Banner } from "@/components/ui/banner";
import { Triangle } from "@/components/ui/shapes";
import type { FileInspection } from "@/lib/convert/schemas";
import { findingWords } from "@/lib/convert/words";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";

/** What is in a file, database by database. */
export function FileParts({ found }: { found: FileInspection }) {
  return (
    <>
      <p className="mb-2.5 text-table text-ink-2">
        {found.serverVersion ? `Dumped from PostgreSQL ${found.serverVersion}${found.dumpVersion ? ` by pg_dump ${found.dumpVersion}` : ""}. ` : "The file does not say which server it comes from. "}
        {bytes(found.sqlBytes)} of SQL, read to the last byte.
      </p>
      <Table caption="Databases in the file" rows="dense">
        <TableHead>
          <Column>Database</Column>
          <Column numeric>Tables</Column>
          <Column numeric>Rows</Column>
          <Column>Extensions</Column>
          <Column>Owners and grantees</Column>
        </TableHead>
        <TableBody>
          {found.parts.map((part) => (
            <TableRow key={part.databaseName ?? ""}>
              <Cell className="[overflow-wrap:anywhere]" phone="full">
                {part.databaseName ? <code>{part.databaseName}</code> : "not named"}
                {part.isWhole ? null : <CellSub className="text-exposed">no end mark: cut short</CellSub>}
              </Cell>
              <Cell numeric label="Tables">{count(part.tables)}</Cell>
              <Cell numeric label="Rows">{part.rows === null ? unknown : count(part.rows)}</Cell>
              <Cell label="Extensions" className="[overflow-wrap:anywhere]">{part.extensions.map(({ name }) => name).join(", ") || "none"}</Cell>
              <Cell label="Owners and grantees" className="[overflow-wrap:anywhere]">{part.roles.join(", ") || "none"}</Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </>
  );
}

/** What a person should see before anything of a file is loaded. */
export function Findings({ found }: { found: FileInspection }) {
  if (found.findingsTotal === 0) return <p className="text-table text-ink-2">Nothing in it that a dump of tables would not need. That is an indication, not a proof: whatever it holds, it gets no network and no rights.</p>;
  return (
    <>
      <Banner tone="warning" className="mb-3" title={`${plural(found.findingsTotal, "statement")} that a dump of tables does not need.`}>
        None of them reaches anything outside of the throwaway server. Ask where the file comes from if you did not expect them.
      </Banner>
      <ul className="divide-y divide-line border-y border-line">
        {found.findings.map((finding) => (
          <li key={`${finding.line}${finding.text}`} className="grid grid-cols-[16px_1fr] gap-3 py-2.5 text-table">
            <Triangle className="mt-0.5 text-at-risk" />
            <div className="min-w-0">
              <p>
                <b className="font-medium">{findingWords[finding.kind].title}</b> <span className="text-ink-3">line {count(finding.line)}</span>
              </p>
              <p className="text-ink-2">{findingWords[finding.kind].meaning}</p>
              <code className="mt-1 block [overflow-wrap:anywhere] text-ink-2">{finding.text}</code>
            </div>
          </li>
        ))}
      </ul>
      {found.findingsTotal > found.findings.length ? <p className="mt-2 text-caption text-ink-3">The first {found.findings.length} are listed.</p> : null}
    </>
  );
}
