import { Cell, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Section } from "@/components/ui/section";
import type { Difference } from "@/lib/backup/schemas";
import { count, plural } from "@/lib/format/counts";

const whatWords = {
  table_missing: "Table missing",
  table_extra: "Table too many",
  rows: "Rows",
  contents: "Contents",
  sequence: "Sequence",
  extension: "Extension",
  schema: "Schema",
  large_objects: "Large objects",
  owner: "Owner",
  grants: "Grants",
} as const satisfies Record<Difference["what"], string>;

/** What was restored and is not what was backed up, by name and count. */
export function DrillDifferences({ differences, total }: { differences: readonly Difference[]; total: number }) {
  if (total === 0) return null;
  return (
    <Section title="Differences" note={plural(total, "difference")} id="differences">
      <Table caption="What was restored and is not what was backed up" rows="dense">
        <TableHead>
          <Column>What</Column>
          <Column>Name</Column>
          <Column>Expected</Column>
          <Column>Got</Column>
        </TableHead>
        <TableBody>
          {differences.map(({ what, name, expected, got }, index) => (
            <TableRow key={index}>
              <Cell label="What">{whatWords[what]}</Cell>
              <Cell label="Name" className="font-mono text-[12.5px] [overflow-wrap:anywhere]">{name}</Cell>
              <Cell label="Expected" className="[overflow-wrap:anywhere]">{expected}</Cell>
              <Cell label="Got" className="font-medium text-exposed [overflow-wrap:anywhere]">{got}</Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {total > differences.length ? <p className="mt-2 text-caption text-ink-3">The first {count(differences.length)} of {count(total)}.</p> : null}
    </Section>
  );
}
