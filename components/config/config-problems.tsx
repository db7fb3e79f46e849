import { Cell, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { unknown } from "@/lib/format/symbols";
import type { ConfigProblem } from "@/lib/config/schemas";

/** What is wrong with a file, by line and key. */
export function ConfigProblems({ problems }: { problems: readonly ConfigProblem[] }) {
  return (
    <Table caption="What is wrong with the file">
      <TableHead>
        <Column numeric className="w-14">Line</Column>
        <Column className="w-[34%] pl-6!">Key</Column>
        <Column>What is wrong</Column>
      </TableHead>
      <TableBody>
        {problems.map(({ line, path, message }) => (
          <TableRow className="max-sm:grid-cols-[auto_1fr]! max-sm:gap-y-1.5!" key={`${line ?? ""} ${path ?? ""} ${message}`}>
            <Cell numeric className="max-sm:text-left!"><span className="sm:hidden">line </span>{line ?? unknown}</Cell>
            <Cell className="pl-6! [overflow-wrap:anywhere] max-sm:pl-0!"><code>{path ?? unknown}</code></Cell>
            <Cell phone="full" className="[overflow-wrap:anywhere]">{message}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
